package dev.sluice.sources.metrics.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is asked for a run that began at three seconds past noon, in buckets of ten seconds. */
final class RunRequests {
    static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private RunRequests() {}

    /** Returns the selection of a config of these metrics, the versions being 1 and 2, and of these other members. */
    static CanarySelection selection(String others, String metrics) {
        String config = "{\"selectors\": {\"baseline\": \"{version='1'}\", \"canary\": \"{version='2'}\"}, " + others
                + "\"metrics\": [" + metrics + "]}";
        CanaryConfigs.Result read =
                CanaryConfigs.load().read(Json.read(config.getBytes(UTF_8), JsonNode.class), List.of());
        if (read.selection() == null) {
            throw new AssertionError(read.violations() + " of " + config);
        }
        return requireNonNull(read.selection());
    }

    /** Returns the selection of a ratio. */
    static CanarySelection ratio(String events, String exposure) {
        return selection("\"pod_label\": \"pod_name\", ", """
                {"name": "errors", "kind": "ratio", "series": {"events": "%s", "exposure": "%s"}}""".formatted(events, exposure));
    }

    /** Returns a request for the time from one second after noon to another. */
    static SeriesRequest request(CanarySelection selection, double from, double to) {
        return request(selection, 10_000, from, to);
    }

    static SeriesRequest request(CanarySelection selection, long bucketMillis, double from, double to) {
        return new SeriesRequest(
                selection, Duration.ofMillis(bucketMillis), NOON.plusSeconds(3), after(from), after(to));
    }

    static Instant after(double seconds) {
        return NOON.plusMillis(Math.round(seconds * 1000));
    }
}
