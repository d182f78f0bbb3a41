package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.sources.metrics.selection.TooManyNumbersException;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.SampleBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
     * Returns the points of running canaries, but of those whose series are pulled, and those of which configs learn; the same series
     * may be of several.
     *
     * @param tenant whose series they are
     * @param series what was pushed
     * @param now the moment of the request
     * @throws ApiException 413 if more is selected than can be taken at once
     */
    Selected select(String tenant, List<MetricSeries> series, Instant now) {
        Instant ahead = now.plus(Bodies.AHEAD);
        var taken = new Taken(series);
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
            taken.take(new SelectedPoints(
                    run.tenant(),
                    run.id(),
                    document,
                    chosen.get().selection(),
                    end.isBefore(ahead) ? end : ahead,
                    taken.room()));
        }
        for (LearningConfigs.Learning config : learning.of(tenant)) {
            taken.take(SelectedPoints.learned(config.record(), config.selection(), ahead, taken.room()));
        }
        return new Selected(List.copyOf(taken.batches), taken.unusable);
    }

    /** What was taken of a push. */
    private static final class Taken {
        private final List<MetricSeries> series;
        private final List<SampleBatch> batches = new ArrayList<>();
        private int unusable;
        private int numbers;

        Taken(List<MetricSeries> series) {
            this.series = series;
        }

        int room() {
            return MOST_NUMBERS - numbers;
        }

        void take(SelectedPoints points) {
            try {
                series.forEach(points::add);
            } catch (TooManyNumbersException e) {
                throw new ApiException(ErrorType.TOO_LARGE, e.getMessage() + "; send smaller batches", e);
            }
            batches.addAll(points.batches());
            unusable += points.unusable();
            numbers += points.numbers();
        }
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
