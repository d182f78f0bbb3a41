package dev.sluice.wire;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The topics of Sluice with their settings; each has one writer. The number of partitions is chosen once, when a topic
 * is created, and never changed.
 */
public enum Topic {
    /** Verified bytes as they came, for replay. */
    RAW("sluice.raw.v1", Cleanup.WEEK, true),
    /** Normalised delivery events. */
    EVENTS("sluice.events.v1", Cleanup.NEVER, true),
    /** Points of metrics of canary runs, as received. */
    SAMPLES("sluice.samples.v1", Cleanup.DAY, true),
    /** Deployments and changes with their judgement. */
    FACTS("sluice.facts.v1", Cleanup.COMPACT, false),
    /** One row with all rolling windows for each (tenant, service, environment). */
    DORA("sluice.dora.v1", Cleanup.COMPACT, false),
    /** Metrics of whole weeks, months and quarters. */
    PERIODS("sluice.periods.v1", Cleanup.COMPACT, false),
    /** What runs where. */
    CURRENT("sluice.current.v1", Cleanup.COMPACT, false),
    /** Each bucket of a canary run as it was judged. */
    BUCKETS("sluice.buckets.v1", Cleanup.MONTH, false),
    /** How the evidence of each canary run came about. */
    EVIDENCE("sluice.evidence.v1", Cleanup.MONTH, false),
    /** How each canary run stands, with reasons. */
    VERDICTS("sluice.verdicts.v1", Cleanup.COMPACT, false),
    /** The latest order to roll back of each (tenant, service, environment), and how it stands: see {@link RollbackRow}. */
    ROLLBACKS("sluice.rollbacks.v1", Cleanup.COMPACT, false),
    /** What came of sending orders, and what was answered: see {@link DeliveryAttempt}. */
    ATTEMPTS("sluice.attempts.v1", Cleanup.MONTH, false),
    /** What people have set up by the API: see {@link Control}. */
    CONTROL("sluice.control.v1", Cleanup.COMPACT, false),
    /** The audit log of decisions. */
    DECISIONS("sluice.decisions.v1", Cleanup.AUDIT, true),
    /** Deliveries that became no event: what, why, and where the bytes are. */
    DEAD_LETTERS("sluice.dead-letters.v1", Cleanup.MONTH, false),
    /** How far each job has come. */
    PROGRESS("sluice.progress.v1", Cleanup.COMPACT, false);

    private final String topicName;
    private final Cleanup cleanup;
    private final boolean logAppendTime;

    Topic(String topicName, Cleanup cleanup, boolean logAppendTime) {
        this.topicName = topicName;
        this.cleanup = cleanup;
        this.logAppendTime = logAppendTime;
    }

    /** Returns the name in Kafka. */
    public String topicName() {
        return topicName;
    }

    /** Returns whether Kafka keeps only the newest record of each key. */
    public boolean isCompacted() {
        return cleanup == Cleanup.COMPACT;
    }

    /** Returns the topic's settings as Kafka spells them. */
    public Map<String, String> settings() {
        var settings = new TreeMap<>(cleanup.settings());
        if (logAppendTime) {
            settings.put("message.timestamp.type", "LogAppendTime");
        }
        return settings;
    }

    private enum Cleanup {
        NEVER,
        DAY,
        WEEK,
        MONTH,
        AUDIT,
        COMPACT;

        Map<String, String> settings() {
            return switch (this) {
                case NEVER -> Map.of("cleanup.policy", "delete", "retention.ms", "-1");
                case DAY -> deletedAfter(Duration.ofDays(1));
                case WEEK -> deletedAfter(Duration.ofDays(7));
                case MONTH -> deletedAfter(Duration.ofDays(30));
                case AUDIT -> deletedAfter(Duration.ofDays(400));
                case COMPACT ->
                    Map.of(
                            "cleanup.policy", "compact",
                            "segment.ms", millis(Duration.ofMinutes(10)),
                            "segment.bytes", Integer.toString(64 << 20),
                            "max.compaction.lag.ms", millis(Duration.ofHours(1)),
                            "delete.retention.ms", millis(Duration.ofDays(7)));
            };
        }

        private static Map<String, String> deletedAfter(Duration retention) {
            return Map.of("cleanup.policy", "delete", "retention.ms", millis(retention));
        }

        private static String millis(Duration duration) {
            return Long.toString(duration.toMillis());
        }
    }
}
