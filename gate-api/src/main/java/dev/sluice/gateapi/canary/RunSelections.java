package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which series the running canaries of a tenant select, and its configs that learn between runs. */
final class RunSelections {
    private static final int MOST_KEPT = 10_000;

    /** For so long after its end points of a run are taken that are of before: senders are a little behind. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** So many numbers may be selected of a push: of each point one, of a histogram two of each bound. */
    private static final int MOST_NUMBERS = 1_000_000;

    private final CanaryRuns runs;
    private final LearningConfigs learning;
    private final CanaryConfigs configs;
    private final Map<String, Optional<Chosen>> byConfig = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Chosen>> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /** Which series are selected, and for how long. */
    private record Chosen(CanarySelection selection, Duration horizon) {}

    RunSelections(CanaryRuns runs, LearningConfigs learning, CanaryConfigs configs) {
        this.runs = runs;
        this.learning = learning;
        this.configs = configs;
    }

    /**
     * Returns the points of running canaries, but of those whose series are pulled, and those of which configs learn; the same series
     * may be of several. Runs come first: a config is left out where its series do not fit beside theirs, and is told so.
     *
     * @param tenant whose series they are
     * @param series what was pushed
     * @param now the moment of the request
     * @throws dev.sluice.gateapi.http.ApiException 413 if runs select more than can be taken at once
     */
    TakenPoints select(String tenant, List<MetricSeries> series, Instant now) {
        Instant ahead = now.plus(Bodies.AHEAD);
        var taken = new TakenPoints(series, MOST_NUMBERS);
        for (Run run : runs.of(tenant).toList()) {
            CanaryRunDocument document = run.document();
            Optional<Chosen> chosen = chosen(document.configDigest(), document.config());
            if (chosen.isEmpty()) {
                continue;
            }
            Instant horizon = document.startedAt().plus(chosen.get().horizon());
            Instant ended = document.endedAt();
            Instant end = ended == null || ended.isAfter(horizon) ? horizon : ended;
            if (now.isAfter(end.plus(PATIENCE))) {
                continue;
            }
            taken.takeOfRun(new SelectedPoints(
                    run.tenant(),
                    run.id(),
                    document,
                    chosen.get().selection(),
                    end.isBefore(ahead) ? end : ahead,
                    taken.room()));
        }
        for (LearningConfigs.Learning config : learning.of(tenant)) {
            taken.takeWhereThereIsRoom(config, ahead);
        }
        return taken;
    }

    private synchronized Optional<Chosen> chosen(String digest, JsonNode config) {
        return byConfig.computeIfAbsent(digest, unknown -> {
            CanaryConfigs.Result read = configs.read(config, List.of());
            CanarySelection selection = read.selection();
            return read.config() == null || selection == null || selection.pull() != null
                    ? Optional.empty()
                    : Optional.of(new Chosen(selection, read.config().horizon()));
        });
    }
}
