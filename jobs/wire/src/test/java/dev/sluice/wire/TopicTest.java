package dev.sluice.wire;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopicTest {
    private static final long DAY = 86_400_000L;

    @ParameterizedTest
    @CsvSource({
        "RAW, sluice.raw.v1, delete, 7, true",
        "EVENTS, sluice.events.v1, delete, -1, true",
        "FACTS, sluice.facts.v1, compact, , false",
        "DORA, sluice.dora.v1, compact, , false",
        "PERIODS, sluice.periods.v1, compact, , false",
        "CURRENT, sluice.current.v1, compact, , false",
        "CONTROL, sluice.control.v1, compact, , false",
        "DECISIONS, sluice.decisions.v1, delete, 400, true",
        "DEAD_LETTERS, sluice.dead-letters.v1, delete, 30, false",
        "PROGRESS, sluice.progress.v1, compact, , false",
    })
    void isKeptAsTheDesignSays(
            Topic topic, String name, String policy, @Nullable Long retentionDays, boolean logAppendTime) {
        Map<String, String> settings = topic.settings();

        assertThat(topic.topicName()).isEqualTo(name);
        assertThat(settings).containsEntry("cleanup.policy", policy);
        assertThat(topic.isCompacted()).isEqualTo(policy.equals("compact"));
        if (retentionDays == null) {
            assertThat(settings).doesNotContainKey("retention.ms");
        } else {
            long millis = retentionDays < 0 ? -1 : retentionDays * DAY;
            assertThat(settings).containsEntry("retention.ms", Long.toString(millis));
        }
        if (logAppendTime) {
            assertThat(settings).containsEntry("message.timestamp.type", "LogAppendTime");
        } else {
            assertThat(settings).doesNotContainKey("message.timestamp.type");
        }
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void compactionIsPromptAndTombstonesLast(Topic topic) {
        if (topic.isCompacted()) {
            assertThat(topic.settings())
                    .containsOnly(
                            entry("cleanup.policy", "compact"),
                            entry("segment.ms", "600000"),
                            entry("segment.bytes", "67108864"),
                            entry("max.compaction.lag.ms", "3600000"),
                            entry("delete.retention.ms", "604800000"));
        } else {
            assertThat(topic.settings()).doesNotContainKeys("segment.ms", "max.compaction.lag.ms");
        }
    }

    @Test
    void namesAreDifferentAndCarryTheirVersion() {
        assertThat(Topic.values())
                .extracting(Topic::topicName)
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("sluice\\.[a-z-]+\\.v1"));
    }
}
