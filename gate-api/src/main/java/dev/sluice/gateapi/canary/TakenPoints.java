package dev.sluice.gateapi.canary;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.sources.metrics.selection.TooManyNumbersException;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.SampleBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is taken of a push, which is not more than so many numbers. A run that selects more than there is room for cannot go on without
 * them, and the push is refused; a config that learns can, and is told that it does.
 */
final class TakenPoints {
    private static final List<String> NO_ROOM =
            List.of("a push had more of its series than can be taken at once; send smaller batches");

    private final List<MetricSeries> series;
    private final int mostNumbers;
    private final List<SampleBatch> batches = new ArrayList<>();
    private int numbers;
    private int unusable;
    private int leftOut;

    /**
     * Begins with nothing.
     *
     * @param series what was pushed
     * @param mostNumbers so many numbers may be taken
     */
    TakenPoints(List<MetricSeries> series, int mostNumbers) {
        this.series = series;
        this.mostNumbers = mostNumbers;
    }

    /** Returns how many numbers there is still room for. */
    int room() {
        return mostNumbers - numbers;
    }

    /**
     * Takes what a run selects.
     *
     * @throws ApiException 413 if there is no room for it
     */
    void takeOfRun(SelectedPoints points) {
        try {
            take(points);
        } catch (TooManyNumbersException e) {
            throw new ApiException(ErrorType.TOO_LARGE, e.getMessage() + "; send smaller batches", e);
        }
    }

    /**
     * Takes what a config learns, or says that it is not all here.
     *
     * @param latest points of later are passed over
     */
    void takeWhereThereIsRoom(LearningConfigs.Learning config, Instant latest) {
        try {
            take(SelectedPoints.learned(config.learner(), config.selection(), config.saved(), latest, room()));
        } catch (TooManyNumbersException e) {
            leftOut++;
            config.selection().feeds().stream()
                    .map(CanarySelection.Feed::metric)
                    .distinct()
                    .map(metric -> SampleBatch.learned(config.learner(), metric, List.of(), NO_ROOM))
                    .forEach(batches::add);
        }
    }

    private void take(SelectedPoints points) {
        series.forEach(points::add);
        batches.addAll(points.batches());
        unusable += points.unusable();
        numbers += points.numbers();
    }

    /** Returns the points, by run or config and metric. */
    List<SampleBatch> batches() {
        return Collections.unmodifiableList(batches);
    }

    /** Returns how many points there are. */
    int points() {
        return batches.stream().mapToInt(batch -> batch.points().size()).sum();
    }

    /** Returns how many points were selected, and cannot be what their metric is made of. */
    int unusable() {
        return unusable;
    }

    /** Returns how many configs learn nothing of the push. */
    int leftOut() {
        return leftOut;
    }
}
