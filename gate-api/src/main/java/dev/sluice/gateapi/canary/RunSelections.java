package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.SampleBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which series the running canaries of a tenant select. */
final class RunSelections {
    private static final int MOST_KEPT = 10_000;

    private final CanaryRuns runs;
    private final CanaryConfigs configs;
    private final Map<String, Optional<CanarySelection>> byConfig = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<CanarySelection>> eldest) {
            return size() > MOST_KEPT;
        }
    };

    RunSelections(CanaryRuns runs, CanaryConfigs configs) {
        this.runs = runs;
        this.configs = configs;
    }

    /**
     * What was selected.
     *
     * @param batches the points, by run and metric
     * @param unusable how many were selected and cannot be what their metric is made of
     */
    record Selected(List<SampleBatch> batches, int unusable) {
        int points() {
            return batches.stream().mapToInt(batch -> batch.points().size()).sum();
        }
    }

    /**
     * Returns the points of running canaries, but of those whose series are pulled; the same series may be of several.
     *
     * @param tenant whose series they are
     * @param series what was pushed
     * @param now the moment of the request
     */
    Selected select(String tenant, List<MetricSeries> series, Instant now) {
        List<SampleBatch> batches = new ArrayList<>();
        int unusable = 0;
        for (Run run : runs.of(tenant).filter(run -> !run.document().isEnded()).toList()) {
            Optional<CanarySelection> selection =
                    selection(run.document().configDigest(), run.document().config());
            if (selection.isPresent()) {
                var points = new SelectedPoints(
                        run.tenant(), run.id(), run.document(), selection.get(), now.plus(Bodies.AHEAD));
                series.forEach(points::add);
                batches.addAll(points.batches());
                unusable += points.unusable();
            }
        }
        return new Selected(List.copyOf(batches), unusable);
    }

    private synchronized Optional<CanarySelection> selection(String digest, JsonNode config) {
        return byConfig.computeIfAbsent(
                digest,
                unknown -> Optional.ofNullable(configs.read(config, List.of()).selection())
                        .filter(selection -> selection.pull() == null));
    }
}
