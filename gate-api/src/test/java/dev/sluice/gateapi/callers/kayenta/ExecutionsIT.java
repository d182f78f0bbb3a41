package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.TopicCreation;
import dev.sluice.gateapi.callers.kayenta.Execution.State;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.gateapi.views.ViewReader;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long judgements are kept, against a real log. */
class ExecutionsIT {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Duration AHEAD = Duration.ofDays(8);

    @TempDir
    static Path directory;

    @Test
    void whatEndedMoreThanAWeekAgoIsForgotten_withItsValues() throws Exception {
        ExecutorService answers = Executors.newFixedThreadPool(2);
        try (KafkaBroker broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")))) {
            TopicCreation.create(broker.bootstrapServers(), 2, (short) 1);
            var registry = new SimpleMeterRegistry();
            var views = new Views(CLOCK);
            try (var control = new LogAppender(
                            broker.bootstrapServers(),
                            Topic.CONTROL.topicName(),
                            LogAppender.Limits.DEFAULT,
                            answers,
                            registry);
                    var reader = new LogReader(broker.bootstrapServers());
                    var follower = new ViewReader(broker.bootstrapServers(), views, CLOCK, () -> {}, registry);
                    var executions = new Executions(
                            new ControlLog(views, reader, control, answers, CLOCK),
                            views,
                            new Judges(CanaryConfigs.load()),
                            Clock.offset(CLOCK, AHEAD))) {
                follower.start();
                var log = new ControlLog(views, reader, control, answers, CLOCK);
                Instant now = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
                write(log, "old", execution(now.minusSeconds(60), now));
                write(log, "lost", execution(now.minusSeconds(60), null));
                write(log, "newer", execution(now, now.plus(Duration.ofDays(2))));

                executions.sweep();

                assertThat(executions.of("acme"))
                        .extracting(Executions.Identified::id)
                        .containsExactly("newer");
                assertThat(views.controls(Control.KAYENTA_VALUES))
                        .extracting(held -> held.row().id())
                        .containsExactly("newer");
            }
        } finally {
            answers.shutdownNow();
        }
    }

    private static void write(ControlLog log, String id, Execution execution) throws Exception {
        for (Thing thing : new Thing[] {
            new Thing("acme", Control.KAYENTA_EXECUTION, id), new Thing("acme", Control.KAYENTA_VALUES, id)
        }) {
            Content content = Content.of(
                    thing.kind().equals(Control.KAYENTA_VALUES) ? json("{'pairs': '[]'}") : execution.document());
            assertThat(log.change(thing, "somebody", present -> Optional.of(content))
                            .get(30, TimeUnit.SECONDS))
                    .isTrue();
        }
    }

    private static Execution execution(Instant start, @Nullable Instant end) {
        return new Execution(
                "app",
                "parent",
                null,
                json("{}"),
                json("{}"),
                new Execution.Named("main", "sluice", "sluice"),
                end == null ? State.RUNNING : State.TERMINAL,
                start,
                end,
                end == null ? null : "because",
                null,
                Duration.ZERO,
                1,
                false);
    }
}
