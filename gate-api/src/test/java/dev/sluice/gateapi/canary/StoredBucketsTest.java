package dev.sluice.gateapi.canary;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoredBucketsTest {
    private static final long SEED = 20261129;
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final int BUCKETS = 200;

    private final Random random = new Random(SEED);
    private final CanaryRunDocument document = document();
    private final CanaryConfig config = requireNonNull(
            CanaryConfigs.load().read(document.config(), List.of()).config());
    private final CanaryRun run = new CanaryRun(config, START);
    private final List<String> rows = new ArrayList<>();

    StoredBucketsTest() throws IOException {
        List<GaugeBucket> history = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            history.add(gauge(1));
        }
        run.calibrate("cpu", history);
        rows.add(row(CanaryBucket.calibrated("default", "r1", START.minusSeconds(10), run.saved())));
        for (int t = 0; t < BUCKETS; t++) {
            Map<String, Measured> measured = Map.of("cpu", new Measured(gauge(1.5), Pods.UNKNOWN));
            run.addMeasured(START.plusSeconds(10L * t), measured);
            rows.add(row(CanaryBucket.of("default", "r1", START.plusSeconds(10L * t), measured)));
        }
    }

    /** What was learned before the run is in its evidence, bit by bit, and is no bucket of its own. */
    @Test
    void aReplayBeginsWithWhatTheHistoryHasTaught() {
        StoredBuckets stored = StoredBuckets.of(rows);
        List<Instant> told = new ArrayList<>();
        CanaryRun replayed = stored.replay(document, config, Instant.MAX, (begin, of) -> told.add(begin));

        assertThat(replayed.saved()).as("seed %d", SEED).isEqualTo(run.saved());
        assertThat(replayed.verdict(end()).state().label()).isEqualTo("Failed");
        assertThat(told).hasSize(BUCKETS).startsWith(START);
        assertThat(stored.judged()).hasSize(BUCKETS);
    }

    @Test
    void byAnotherConfigNothingHasBeenLearned() {
        CanaryRun replayed =
                StoredBuckets.of(rows).withoutHistory().replay(document, config, Instant.MAX, (begin, of) -> {});
        assertThat(replayed.verdict(end()).state().label()).isEqualTo("Inconclusive");
    }

    @Test
    void whatCannotBeReadIsSaid() {
        rows.set(0, row(CanaryBucket.calibrated("default", "r1", START.minusSeconds(10), new byte[] {1, 2})));
        StoredBuckets stored = StoredBuckets.of(rows);
        assertThatThrownBy(() -> stored.replay(document, config, Instant.MAX, (begin, of) -> {}))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("another release");
    }

    private static Instant end() {
        return START.plusSeconds(10L * BUCKETS);
    }

    private GaugeBucket gauge(double times) {
        return new GaugeBucket(
                100 * Math.exp(0.05 * random.nextGaussian()), 100 * times * Math.exp(0.05 * random.nextGaussian()));
    }

    private static String row(CanaryBucket bucket) {
        return new String(Json.bytes(bucket), StandardCharsets.UTF_8);
    }

    private static CanaryRunDocument document() throws IOException {
        JsonNode config = Json.mapper().readTree("{\"metrics\": [{\"name\": \"cpu\", \"kind\": \"gauge\"}]}");
        return new CanaryRunDocument("checkout", "production", null, null, config, "sha256:0", START, List.of(), null);
    }
}
