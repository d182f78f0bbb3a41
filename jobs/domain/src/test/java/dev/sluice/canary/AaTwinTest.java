package dev.sluice.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.RatioBucket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AaTwinTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final long SEED = 20261129;

    /** Three pods, of which one has so many times the errors of the others. */
    private static CanaryRun run(long seed, int pods, double worst) {
        var traffic = new SimulatedTraffic(seed, 10);
        var run = new CanaryRun(CanaryConfig.of(List.of(MetricConfig.Ratio.of("errors"))), START);
        for (int t = 0; t < 120; t++) {
            var byPod = new TreeMap<String, MetricBucket>();
            double events = 0;
            double exposure = 0;
            for (int pod = 0; pod < pods; pod++) {
                RatioBucket of = traffic.errors(300, pod == 1 ? 0.01 * worst : 0.01, 50, 0.01);
                events += of.baselineEvents();
                exposure += of.baselineExposure();
                byPod.put("pod-" + pod, new RatioBucket(of.baselineEvents(), of.baselineExposure(), 0, 0));
            }
            RatioBucket canary = traffic.errors(300, 0.01, 50, 0.01);
            var whole = new RatioBucket(events, exposure, canary.canaryEvents(), canary.canaryExposure());
            run.addMeasured(START.plusSeconds(10L * t), Map.of("errors", new Measured(whole, new Pods(byPod, 1))));
        }
        return run;
    }

    @Test
    void podsThatDifferAreTold() {
        CanaryRun run = run(SEED, 3, 3);

        assertThat(run.twin()).contains(CanaryState.FAILED);
        assertThat(run.verdict(START.plusSeconds(1200)).notes())
                .anySatisfy(note -> assertThat(note)
                        .startsWith("A/A twin: between two halves of the baseline's pods the same tests fail, too"));
    }

    /** At most alpha of the twins fail where pods are alike: of 200 no more than 6 (99.9 %). */
    @Test
    void podsThatAreAlikeSeldomAre() {
        int failed = 0;
        for (long seed = SEED; seed < SEED + 200; seed++) {
            failed += run(seed, 4, 1).twin().filter(CanaryState.FAILED::equals).isPresent() ? 1 : 0;
        }
        assertThat(failed).as("seeds from %d", SEED).isLessThanOrEqualTo(6);
    }

    @Test
    void onePodHasNoTwin() {
        CanaryRun run = run(SEED, 1, 1);

        assertThat(run.twin()).isEmpty();
        assertThat(run.verdict(START.plusSeconds(1200)).notes()).noneMatch(note -> note.startsWith("A/A twin"));
    }
}
