package dev.sluice.gateapi.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.audit.RecentRecords.Kept;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.kafka.LogReader;
import dev.sluice.gateapi.kafka.ReadBack;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nothing listens where Kafka would be: what is read of the log writes nothing. */
class LiveAuditTest {
    private static final String NOWHERE = "127.0.0.1:1";
    private static final Clock CLOCK = Clock.systemUTC();

    private final RecentRecords recent = new RecentRecords(CLOCK);
    private final List<Long> followed = new ArrayList<>();

    private static AuditLine line(long offset, String decision, @Nullable String resolved) {
        byte[] record = "{\"kind\":\"decision\",\"id\":\"d\",\"decision\":\"%s\"}"
                .formatted(decision)
                .getBytes(StandardCharsets.UTF_8);
        return AuditLine.next("acme", 0, offset, record, AuditChain.START, resolved);
    }

    @Test
    void ofTwoReplicasFinalsOfOneDecisionTheLaterOneDoesNotCount_alsoWhenItIsReadAgain() {
        var views = new Views(CLOCK);
        var registry = new SimpleMeterRegistry();
        try (var reader = new LogReader(NOWHERE);
                LogAppender control = appender(Topic.CONTROL, registry);
                LogAppender decisions = appender(Topic.DECISIONS, registry)) {
            var log = new ControlLog(
                    views,
                    reader,
                    control,
                    decisions,
                    (tenant, kind, id, until) -> CompletableFuture.completedFuture(true),
                    Runnable::run,
                    CLOCK);
            var readBack = new ReadBack();
            var live = new LiveAudit(
                    new Claims(),
                    new FirstFinals(readBack, CLOCK),
                    recent,
                    readBack,
                    (tenant, offset, record) -> followed.add(offset),
                    views,
                    log,
                    new HeadSigner(SigningKeys.none()),
                    CLOCK);

            for (int round = 0; round < 2; round++) {
                live.take(line(1, "pending", null));
                live.take(line(2, "allow", "d"));
                live.take(line(3, "deny", "d"));
            }
        }

        assertThat(recent.newest("acme")).extracting(Kept::offset).containsExactly(3L, 2L, 1L);
        assertThat(recent.newest("acme")).extracting(Kept::counts).containsExactly(false, true, true);
        assertThat(followed).containsExactly(1L, 2L, 1L, 2L);
    }

    private static LogAppender appender(Topic topic, SimpleMeterRegistry registry) {
        return new LogAppender(NOWHERE, topic.topicName(), LogAppender.Limits.DEFAULT, Runnable::run, registry);
    }
}
