package dev.sluice.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.TrafficPlan.Stage;
import dev.sluice.canary.TrafficPlan.Unit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said of the traffic, and what comes of it. The simulated canary has 5 % of the requests. */
class TrafficPlanTest {
    private static final long SEED = 20261129;
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final int BUCKETS = 120;

    @Test
    void aCanaryWithThePlannedShareMayPass() {
        CanaryVerdict verdict = run(Unit.REQUEST, 0.05, 1, 0);
        assertThat(verdict.state()).isEqualTo(CanaryState.SUCCESSFUL);
        assertThat(verdict.notes()).isEmpty();
    }

    @Test
    void aCanaryWithAnotherShareDoesNotPass() {
        CanaryVerdict verdict = run(Unit.REQUEST, 0.1, 1, 0);
        assertThat(verdict.state()).isEqualTo(CanaryState.INCONCLUSIVE);
        assertThat(verdict.reasons())
                .anySatisfy(
                        reason -> assertThat(reason)
                                .startsWith(
                                        "errors: sample-ratio mismatch: the canary has 5 % of the requests where 10 % are planned"));
        assertThat(verdict.metrics())
                .allSatisfy(metric -> assertThat(metric.state()).isEqualTo(CanaryState.INCONCLUSIVE));
    }

    @Test
    void aCanaryWithAnotherShareFails() {
        assertThat(run(Unit.REQUEST, 0.1, 4, 0).state()).isEqualTo(CanaryState.FAILED);
    }

    /** Requests of a user come together, so their number says little; and without a plan there is nothing to compare. */
    @Test
    void theShareIsTestedOnlyWhereItCanBe() {
        assertThat(run(Unit.USER, 0.1, 1, 0).state()).isEqualTo(CanaryState.SUCCESSFUL);
        assertThat(run(Unit.REQUEST, null, 1, 0).state()).isEqualTo(CanaryState.SUCCESSFUL);
        assertThat(run(null, 0.1, 1, 0).state()).isEqualTo(CanaryState.SUCCESSFUL);
    }

    @Test
    void eachStageHasItsShare() {
        // the first stage has another share than planned, the second has not
        assertThat(run(Unit.REQUEST, 0.1, 1, 40).state()).isEqualTo(CanaryState.SUCCESSFUL);
    }

    @Test
    void theVerdictSaysWhatRandomises() {
        assertThat(run(null, null, 1, 0).notes())
                .singleElement()
                .asString()
                .startsWith("not randomised: by the config nothing assigns requests");
        assertThat(run(Unit.SESSION, null, 1, 0).notes())
                .singleElement()
                .asString()
                .startsWith("randomised by session: requests of one session are alike");
    }

    @Test
    void stagesEndBeforeTheHorizon() {
        assertThat(config(Unit.REQUEST, 0.05).plannedBuckets()).isEqualTo(60 + 120);
        assertThatThrownBy(() -> config(Unit.REQUEST, 0.05, Duration.ofHours(24)))
                .hasMessage("the stages last 24.3 h together, and the horizon is 24 h");
    }

    private static CanaryConfig config(@Nullable Unit unit, @Nullable Double share) {
        return config(unit, share, Duration.ofSeconds(10 * BUCKETS / 2));
    }

    private static CanaryConfig config(@Nullable Unit unit, @Nullable Double share, Duration firstStage) {
        CanaryConfig defaults =
                CanaryConfig.of(List.of(MetricConfig.Ratio.of("errors"), MetricConfig.Latency.of("duration")));
        return new CanaryConfig(
                defaults.metrics(),
                defaults.alpha(),
                defaults.beta(),
                defaults.bucket(),
                defaults.warmUpBuckets(),
                defaults.settle(),
                defaults.minExposure(),
                defaults.minBuckets(),
                defaults.minStage(),
                defaults.horizon(),
                defaults.dataTimeout(),
                new TrafficPlan(unit, List.of(new Stage(firstStage, share), new Stage(Duration.ofMinutes(20), 0.05))));
    }

    /**
     * Runs a canary, which is saved and loaded on its way.
     *
     * @param times how many times as many errors as the baseline it has
     * @param stageAt the bucket with which the second stage begins; 0 for none
     */
    private static CanaryVerdict run(@Nullable Unit unit, @Nullable Double share, double times, int stageAt) {
        CanaryConfig config = config(unit, share);
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(config, START);
        for (int t = 0; t < BUCKETS; t++) {
            Instant begin = START.plusSeconds(10L * t);
            if (stageAt > 0 && t == stageAt) {
                run.startStage(begin);
            }
            run.add(
                    begin,
                    Map.of("errors", traffic.errors(0.01, 0.01 * times), "duration", traffic.durations(1900, 100, 1)));
            if (t % 50 == 20) {
                run = reloaded(config, run);
            }
        }
        return run.conclude(START.plusSeconds(10L * BUCKETS));
    }

    private static CanaryRun reloaded(CanaryConfig config, CanaryRun run) {
        try {
            var bytes = new ByteArrayOutputStream();
            run.save(new DataOutputStream(bytes));
            var loaded = new CanaryRun(config, START);
            loaded.load(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
            return loaded;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
