package dev.sluice.gateapi.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.TopicCreation;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.gateapi.views.ViewReader;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlLogIT {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final ExecutorService ANSWERS = Executors.newFixedThreadPool(2);
    private static final Views VIEWS = new Views(CLOCK);

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static LogAppender control;
    private static LogReader reader;
    private static ViewReader follower;
    private static ControlLog log;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        TopicCreation.create(broker.bootstrapServers(), 2, (short) 1);
        var registry = new SimpleMeterRegistry();
        control = new LogAppender(
                broker.bootstrapServers(), Topic.CONTROL.topicName(), LogAppender.Limits.DEFAULT, ANSWERS, registry);
        reader = new LogReader(broker.bootstrapServers());
        follower = new ViewReader(broker.bootstrapServers(), VIEWS, CLOCK, () -> {}, registry);
        follower.start();
        log = new ControlLog(
                VIEWS,
                reader,
                control,
                control,
                (tenant, kind, id, until) -> CompletableFuture.completedFuture(true),
                ANSWERS,
                CLOCK);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {follower, reader, control, broker}) {
            one.close();
        }
        ANSWERS.shutdownNow();
    }

    private static Optional<Content> nothing(Optional<Control> present) {
        return Optional.empty();
    }

    private static Optional<Content> refused(Optional<Control> present) {
        throw new ApiException(ErrorType.NOT_FOUND, "there is no such thing");
    }

    private static Optional<Content> written(Optional<Control> present) {
        return Optional.of(Content.of(JsonNodeFactory.instance.objectNode()));
    }

    /** Asks for another change in the moment in which the first is answered. */
    private static void changeTwice(Thing thing, Function<Optional<Control>, Optional<Content>> change)
            throws Exception {
        var second = new CompletableFuture<Void>();
        var unused = log.change(thing, "ci", change).whenComplete((changed, failure) -> {
            try {
                var unusedToo = log.change(thing, "ci", ControlLogIT::nothing).thenRun(() -> second.complete(null));
            } catch (ApiException e) {
                second.completeExceptionally(e);
            }
        });
        second.get(20, TimeUnit.SECONDS);
    }

    @Test
    void whatWasRefusedMayBeChangedAgainAtOnce() throws Exception {
        var thing = new Thing("default", Control.CANARY, "refused");

        changeTwice(thing, ControlLogIT::refused);

        assertThat(log.find(thing)).isEmpty();
    }

    @Test
    void whatWasChangedMayBeChangedAgainAtOnce() throws Exception {
        var thing = new Thing("default", Control.CANARY, "changed");

        changeTwice(thing, ControlLogIT::written);

        assertThat(log.find(thing)).isPresent();
    }
}
