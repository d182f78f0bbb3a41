package dev.sluice.sources.metrics.selection;

import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.Measure.Part.Role;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Series;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.CanarySelection.Feed;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.SegmentLabels;
import dev.sluice.wire.SeriesSelector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The points of the metrics of a run, or of a config that learns between runs, among series of a source of metrics. */
public final class SelectedPoints {
    private static final String LE = "le";
    private static final String BUCKET = "_bucket";
    private static final String ALL = "+Inf";
    private static final int MOST_OF_A_LABEL = 4096;
    private static final int MOST_DOUBTS = 5;
    private static final SegmentLabels NO_SEGMENTS = new SegmentLabels(Map.of());

    private final String tenant;
    private final String run;
    private final String who;
    private final SampleBatch.@Nullable Learner learner;
    private final SegmentLabels segments;
    private final CanarySelection selection;
    private final Set<Arm> arms;
    private final int stages;
    private final Instant earliest;
    private final Instant latest;
    private final int mostNumbers;
    private final Map<String, List<SampleBatch.Point>> byMetric = new LinkedHashMap<>();
    private final Map<String, SortedSet<String>> doubts = new LinkedHashMap<>();
    private int numbers;
    private int unusable;

    /**
     * Begins for a run.
     *
     * @param tenant whose run it is
     * @param run the run's id
     * @param document what is set of it
     * @param selection which series belong to it
     * @param latest points of later are passed over, as those of before the run are
     * @param mostNumbers so many numbers may be selected: of a histogram each bound is two
     */
    public SelectedPoints(
            String tenant,
            String run,
            CanaryRunDocument document,
            CanarySelection selection,
            Instant latest,
            int mostNumbers) {
        this.tenant = tenant;
        this.run = run;
        this.who = "run " + run;
        this.learner = null;
        this.segments = SegmentLabels.of(document.config());
        this.selection = selection;
        this.arms = Set.of(Arm.values());
        this.stages = document.stages().size();
        this.earliest = document.startedAt();
        this.latest = latest;
        this.mostNumbers = mostNumbers;
    }

    private SelectedPoints(
            SampleBatch.Learner learner, CanarySelection selection, Instant earliest, Instant latest, int mostNumbers) {
        this.tenant = learner.tenant();
        this.run = learner.asRun();
        this.who = "config " + learner.name();
        this.learner = learner;
        this.segments = NO_SEGMENTS;
        this.selection = selection;
        this.arms = Set.of(Arm.BASELINE);
        this.stages = 0;
        this.earliest = earliest;
        this.latest = latest;
        this.mostNumbers = mostNumbers;
    }

    /**
     * Begins for a config that learns: points of the baseline are taken since it was saved.
     *
     * @param config who learns
     * @param selection which series it takes
     * @param saved when the config was saved: points of before are passed over
     * @param latest those of later are passed over, too
     * @param mostNumbers as of a run
     */
    public static SelectedPoints learned(
            SampleBatch.Learner config, CanarySelection selection, Instant saved, Instant latest, int mostNumbers) {
        return new SelectedPoints(config, selection, saved, latest, mostNumbers);
    }

    /**
     * Takes what the run selects of a series.
     *
     * @throws TooManyNumbersException if that is more than may be selected
     */
    public void add(MetricSeries series) {
        if (series.labels().values().stream().anyMatch(value -> value.length() > MOST_OF_A_LABEL)) {
            return; // nobody selects it, and to look would take long
        }
        Optional<Arm> arm = selection.arm(series.labels());
        if (arm.isEmpty() || !arms.contains(arm.get())) {
            return;
        }
        Optional<ClassicBucket> bucket = ClassicBucket.of(series);
        for (Feed feed : selection.feeds()) {
            switch (feed.role()) {
                case EVENTS -> addAll(feed, arm.get(), series, point -> count(Role.EVENTS, point));
                case EXPOSURE -> addAll(feed, arm.get(), series, point -> count(Role.EXPOSURE, point));
                case VALUE -> addAll(feed, arm.get(), series, SelectedPoints::level);
                case HISTOGRAM -> {
                    addAll(feed, arm.get(), series, SelectedPoints::distribution);
                    bucket.ifPresent(of -> addAll(feed, arm.get(), of.family(), point -> upTo(of.bound(), point)));
                }
            }
        }
    }

    /** What a point says; empty if it is not for this feed, or says nothing. */
    private interface Reading {
        Optional<Measure> of(MetricPoint point);
    }

    private void addAll(Feed feed, Arm arm, MetricSeries series, Reading reading) {
        if (!feed.selector().matches(series.labels())) {
            return;
        }
        Series name = series(feed.metric(), series.labels());
        for (MetricPoint point : series.points()) {
            Instant at = point.at().truncatedTo(ChronoUnit.MILLIS);
            if (at.isBefore(earliest) || at.isAfter(latest)) {
                continue;
            }
            try {
                reading.of(point)
                        .map(measure ->
                                new SamplePoint(feed.metric(), arm, name, at, start(point, at, measure), measure))
                        .ifPresent(this::add);
            } catch (IllegalArgumentException e) {
                unusable++;
                doubt(feed.metric(), series.name() + " cannot be what it is made of: " + e.getMessage());
            }
        }
    }

    /**
     * Returns since when a counter counts. A start at the time of the point itself says that it is not known: what is counted
     * then was there before.
     */
    private static @Nullable Instant start(MetricPoint point, Instant at, Measure measure) {
        Instant start = point.start();
        if (start == null || !measure.isContainedInLater()) {
            return null;
        }
        Instant toMillis = start.truncatedTo(ChronoUnit.MILLIS);
        return toMillis.isBefore(at) ? toMillis : null;
    }

    private void add(SamplePoint point) {
        numbers += 1;
        if (point.measure() instanceof Measure.Distribution of) {
            numbers += 2 * of.bounds().size();
        }
        if (numbers > mostNumbers) {
            throw new TooManyNumbersException(who);
        }
        byMetric.computeIfAbsent(point.metric(), name -> new ArrayList<>()).add(SampleBatch.Point.of(point));
    }

    private void doubt(String metric, String text) {
        SortedSet<String> ofMetric = doubts.computeIfAbsent(metric, name -> new TreeSet<>());
        if (ofMetric.size() < MOST_DOUBTS) {
            ofMetric.add(text);
        }
    }

    /** Returns what tells the series from others, without the one who sent it. */
    private Series series(String metric, SortedMap<String, String> labels) {
        SortedMap<String, String> own = new TreeMap<>(labels);
        if (selection.replicaLabel() != null) {
            own.remove(selection.replicaLabel());
        }
        return new Series(
                SeriesText.shortened(SeriesText.of(own)),
                SeriesText.shortened(selection.pod(labels)),
                SeriesText.shortened(selection.target(labels)),
                SeriesText.shortened(selection.replica(labels)),
                segments.segment(metric, labels));
    }

    private static Optional<Measure> count(Role role, MetricPoint point) {
        return point instanceof MetricPoint.Value value && !Double.isNaN(value.value())
                ? Optional.of(Measure.Part.of(role, value.value(), isCumulative(value.temporality())))
                : Optional.empty();
    }

    private static Optional<Measure> upTo(double bound, MetricPoint point) {
        return point instanceof MetricPoint.Value value && !Double.isNaN(value.value())
                ? Optional.of(new Measure.Part(Role.UP_TO, bound, value.value(), isCumulative(value.temporality())))
                : Optional.empty();
    }

    private static Optional<Measure> level(MetricPoint point) {
        if (!(point instanceof MetricPoint.Value value) || Double.isNaN(value.value())) {
            return Optional.empty();
        }
        if (value.temporality() == Temporality.DELTA || value.temporality() == Temporality.CUMULATIVE) {
            throw new IllegalArgumentException("a counter is no level");
        }
        return Optional.of(new Measure.Level(value.value()));
    }

    private static Optional<Measure> distribution(MetricPoint point) {
        if (point instanceof MetricPoint.Buckets buckets) {
            List<Long> upTo = buckets.upTo().stream().map(SelectedPoints::whole).toList();
            return Optional.of(new Measure.Distribution(
                    buckets.bounds(), upTo, whole(buckets.total()), isCumulative(buckets.temporality())));
        }
        if (point instanceof MetricPoint.Exponential exponential) {
            return Optional.of(ExponentialBounds.distribution(exponential, isCumulative(exponential.temporality())));
        }
        return Optional.empty();
    }

    static long whole(double count) {
        if (count != Math.rint(count)) {
            throw new IllegalArgumentException("requests must be whole numbers");
        }
        return Math.round(count);
    }

    private static boolean isCumulative(Temporality temporality) {
        if (temporality == Temporality.GAUGE) {
            throw new IllegalArgumentException("a level is no counter");
        }
        return temporality != Temporality.DELTA;
    }

    /** Returns the points that were selected, a batch for each metric that has some, or of which some cannot be used. */
    public List<SampleBatch> batches() {
        Set<String> metrics = new LinkedHashSet<>(byMetric.keySet());
        metrics.addAll(doubts.keySet());
        return metrics.stream()
                .map(metric -> batch(
                        metric,
                        byMetric.getOrDefault(metric, List.of()),
                        List.copyOf(doubts.getOrDefault(metric, Collections.emptySortedSet()))))
                .toList();
    }

    private SampleBatch batch(String metric, List<SampleBatch.Point> points, List<String> ofMetric) {
        return learner == null
                ? new SampleBatch(tenant, run, metric, stages, points, ofMetric)
                : SampleBatch.learned(learner, metric, points, ofMetric);
    }

    /** Returns how many numbers were selected. */
    public int numbers() {
        return numbers;
    }

    /** Returns how many points were selected, and cannot be what the metric is made of. */
    public int unusable() {
        return unusable;
    }

    /**
     * A counter of a classic histogram.
     *
     * @param bound how large the requests are at most that it counts
     * @param family the series as one of the histogram, without the bound
     */
    private record ClassicBucket(double bound, MetricSeries family) {
        static Optional<ClassicBucket> of(MetricSeries series) {
            String le = series.labels().get(LE);
            if (le == null || !series.name().endsWith(BUCKET)) {
                return Optional.empty();
            }
            try {
                double bound = le.equals(ALL) ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
                SortedMap<String, String> labels = new TreeMap<>(series.labels());
                labels.remove(LE);
                labels.put(
                        SeriesSelector.NAME,
                        series.name().substring(0, series.name().length() - BUCKET.length()));
                return Optional.of(new ClassicBucket(bound, new MetricSeries(labels, series.points())));
            } catch (IllegalArgumentException e) {
                return Optional.empty(); // no bound, or no name: not of a histogram
            }
        }
    }
}
