package dev.sluice.canaryjob;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.intake.BucketClock;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is set of a run, read.
 *
 * @param document the record of it
 * @param config what it is judged by
 * @param selection which series belong to it; null where none do
 * @param buckets its buckets
 */
record Setup(
        CanaryRunDocument document,
        CanaryConfig config,
        @Nullable CanarySelection selection,
        BucketClock buckets) {
    /** Returns the number of the first bucket that is not of the run any more. */
    long end() {
        Instant horizon = document.startedAt().plus(config.horizon());
        Instant ended = document.endedAt();
        return buckets.numberOf(ended == null || ended.isAfter(horizon) ? horizon : ended) + 1;
    }

    /** Returns when the run is forgotten, ms since the epoch. */
    long forgottenAt(Duration kept) {
        return buckets.completeAt(end()).plus(kept).toEpochMilli();
    }

    /** Returns when the stage after so many changes of stages began. */
    Instant stageStart(int stages) {
        return stages == 0 ? document.startedAt() : document.stages().get(stages - 1);
    }

    /** Returns a metric of the config. */
    MetricConfig metric(String name) {
        return config.metrics().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the metrics whose events must have been heard of before a pass. */
    List<String> metricsOfEvents() {
        return selection == null
                ? List.of()
                : selection.feeds().stream()
                        .filter(feed -> feed.role() == CanarySelection.Role.EVENTS && !feed.mayBeAbsent())
                        .map(CanarySelection.Feed::metric)
                        .distinct()
                        .toList();
    }

    /** Returns whether what was before the run is asked for, or was learned. */
    boolean hasHistory() {
        return document.learns()
                || (selection != null
                        && selection.pull() != null
                        && !selection.pull().history().isZero());
    }

    /** Returns whether the config has a metric. */
    boolean has(String name) {
        return config.metrics().stream().anyMatch(metric -> metric.name().equals(name));
    }
}
