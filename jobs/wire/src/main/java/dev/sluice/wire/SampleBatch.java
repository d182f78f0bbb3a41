package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.Measure.Part.Role;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Series;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Points of one metric of one canary run, or of a config that learns between runs, as they were received: a record of
 * {@link Topic#SAMPLES}.
 *
 * @param tenant whose run it is
 * @param run the run's id; of points that a config learns from {@link Learner#asRun}
 * @param metric the metric's name in the config
 * @param stages how many further stages were known when they came: nothing is judged before these are known to who judges
 * @param points what the series said
 * @param doubts why what the series said is not all here; absent where it is
 * @param learned of points that a config learns from, {@link CanaryConfigs#learned} of it when they were taken; absent of a run
 */
public record SampleBatch(
        String tenant,
        String run,
        String metric,
        int stages,
        List<Point> points,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> doubts,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String learned) {
    private static final String OF_CONFIG = "config:";

    public SampleBatch {
        requireNonNull(tenant, "tenant");
        requireNonNull(run, "run");
        requireNonNull(metric, "metric");
        points = List.copyOf(points);
        doubts = doubts == null || doubts.isEmpty() ? null : List.copyOf(doubts);
    }

    /** Creates a batch of all that the series said. */
    public SampleBatch(String tenant, String run, String metric, int stages, List<Point> points) {
        this(tenant, run, metric, stages, points, null);
    }

    /** Creates a batch of what series said of a run. */
    public SampleBatch(
            String tenant, String run, String metric, int stages, List<Point> points, @Nullable List<String> doubts) {
        this(tenant, run, metric, stages, points, doubts, null);
    }

    /**
     * Returns what series said for a config that learns between runs.
     *
     * @param config who learns
     * @param metric as of a run
     * @param points as of a run
     * @param doubts as of a run
     */
    public static SampleBatch learned(Learner config, String metric, List<Point> points, List<String> doubts) {
        return new SampleBatch(config.tenant(), config.asRun(), metric, 0, points, doubts, config.learned());
    }

    /**
     * A config that learns between runs.
     *
     * @param tenant whose config it is
     * @param name its name
     * @param learned {@link CanaryConfigs#learned} of it
     */
    public record Learner(String tenant, String name, String learned) {
        /** Returns what its batches have instead of the id of a run: no run has such an id. */
        public String asRun() {
            return OF_CONFIG + name;
        }
    }

    /** Returns the name of the config that learns from the points; nothing where they are of a run. */
    public Optional<String> learnedBy() {
        return run.startsWith(OF_CONFIG) ? Optional.of(run.substring(OF_CONFIG.length())) : Optional.empty();
    }

    /** Returns the batch with other points. */
    public SampleBatch withPoints(List<Point> others) {
        return new SampleBatch(tenant, run, metric, stages, others, doubts, learned);
    }

    /** Returns the batch without its points, which cannot be told. */
    public SampleBatch inDoubt(String why) {
        return new SampleBatch(tenant, run, metric, stages, List.of(), List.of(why), learned);
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(tenant, run, metric);
    }

    /**
     * A point. Of what is measured there is a {@code value}; or {@code values}; or {@code count} with {@code exposure}; or
     * {@code bounds} and {@code up_to} with {@code count}; or {@code part} with {@code count}.
     *
     * @param arm {@code baseline} or {@code canary}
     * @param series what tells the series from others of the arm; absent for the only one
     * @param pod which pod the series is of; absent where that is not known
     * @param target which target of the pod says it; absent where a pod is one
     * @param replica which of several senders of the series sent it; absent for the only one
     * @param segment which segment of the metric it is of; absent where there are none
     * @param at when; of counts the end of what they count
     * @param start of counts that grow since the series began, when that was; absent where it is not known
     * @param value a level
     * @param values requests, each by itself
     * @param count events; of a distribution all requests
     * @param exposure against what events are counted
     * @param bounds finite upper bounds, ascending
     * @param upTo how many requests are at most each bound
     * @param part what the count is of where it is a part of a measure: {@code events}, {@code exposure}, or {@code le=} and a
     *     bound
     * @param cumulative whether counts grow since the series began
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Point(
            String arm,
            @Nullable String series,
            @Nullable String pod,
            @Nullable String target,
            @Nullable String replica,
            @Nullable String segment,
            Instant at,
            @Nullable Instant start,
            @Nullable Double value,
            @Nullable List<Double> values,
            @Nullable Double count,
            @Nullable Double exposure,
            @Nullable List<Double> bounds,
            @Nullable List<Long> upTo,
            @Nullable String part,
            @Nullable Boolean cumulative) {
        private static final String UP_TO = "le=";

        public Point {
            requireNonNull(arm, "arm");
            requireNonNull(at, "at");
        }

        /** A point of a whole measure, of which neither pod, sender nor start is known, and no segment. */
        public Point(
                String arm,
                @Nullable String series,
                Instant at,
                @Nullable Double value,
                @Nullable List<Double> values,
                @Nullable Double count,
                @Nullable Double exposure,
                @Nullable List<Double> bounds,
                @Nullable List<Long> upTo,
                @Nullable Boolean cumulative) {
            this(
                    arm,
                    series,
                    null,
                    null,
                    null,
                    null,
                    at,
                    null,
                    value,
                    values,
                    count,
                    exposure,
                    bounds,
                    upTo,
                    null,
                    cumulative);
        }

        /** Returns the point as one of a segment. */
        public Point ofSegment(String name) {
            return new Point(
                    arm,
                    series,
                    pod,
                    target,
                    replica,
                    name.isEmpty() ? null : name,
                    at,
                    start,
                    value,
                    values,
                    count,
                    exposure,
                    bounds,
                    upTo,
                    part,
                    cumulative);
        }

        /**
         * Returns the point as the domain knows it.
         *
         * @throws IllegalArgumentException if it says nothing, or what cannot be
         */
        public SamplePoint toDomain(String metric) {
            return new SamplePoint(
                    metric,
                    Arm.valueOf(arm.toUpperCase(Locale.ROOT)),
                    new Series(orEmpty(series), orEmpty(pod), orEmpty(target), orEmpty(replica), orEmpty(segment)),
                    at,
                    start,
                    measure());
        }

        private static String orEmpty(@Nullable String text) {
            return text == null ? "" : text;
        }

        /** Returns a point of the domain as a record has it. */
        public static Point of(SamplePoint point) {
            Measure measure = point.measure();
            if (measure instanceof Measure.Level level) {
                return of(point, level.value(), null, null, null, null, null, null, null);
            }
            if (measure instanceof Measure.Requests requests) {
                return of(point, null, requests.values(), null, null, null, null, null, null);
            }
            if (measure instanceof Measure.Counts counts) {
                return of(point, null, null, counts.events(), counts.exposure(), null, null, null, counts.cumulative());
            }
            if (measure instanceof Measure.Distribution of) {
                return of(point, null, null, (double) of.total(), null, of.bounds(), of.upTo(), null, of.cumulative());
            }
            if (measure instanceof Measure.Part part) {
                return of(point, null, null, part.count(), null, null, null, part.name(), part.cumulative());
            }
            throw new AssertionError(measure);
        }

        private static Point of(
                SamplePoint point,
                @Nullable Double value,
                @Nullable List<Double> values,
                @Nullable Double count,
                @Nullable Double exposure,
                @Nullable List<Double> bounds,
                @Nullable List<Long> upTo,
                @Nullable String part,
                @Nullable Boolean cumulative) {
            Series series = point.series();
            return new Point(
                    point.arm().name().toLowerCase(Locale.ROOT),
                    series.labels(),
                    series.pod().isEmpty() ? null : series.pod(),
                    series.target().isEmpty() ? null : series.target(),
                    series.replica().isEmpty() ? null : series.replica(),
                    series.segment().isEmpty() ? null : series.segment(),
                    point.at(),
                    point.start(),
                    value,
                    values,
                    count,
                    exposure,
                    bounds,
                    upTo,
                    part,
                    cumulative);
        }

        private Measure measure() {
            boolean grows = Boolean.TRUE.equals(cumulative);
            if (value != null) {
                return new Measure.Level(value);
            }
            if (values != null) {
                return new Measure.Requests(values);
            }
            if (count != null && part != null) {
                return part.startsWith(UP_TO)
                        ? new Measure.Part(Role.UP_TO, bound(part.substring(UP_TO.length())), count, grows)
                        : Measure.Part.of(Role.valueOf(part.toUpperCase(Locale.ROOT)), count, grows);
            }
            if (count != null && bounds != null && upTo != null) {
                if (count != Math.rint(count)) {
                    throw new IllegalArgumentException("count must be a whole number, is " + count);
                }
                return new Measure.Distribution(bounds, upTo, count.longValue(), grows);
            }
            if (count != null && exposure != null) {
                return new Measure.Counts(count, exposure, grows);
            }
            throw new IllegalArgumentException(
                    "a point has a value, or values, or count and exposure, or count, bounds and up_to, or count and part");
        }

        private static double bound(String text) {
            return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
        }
    }

    /** Returns the points as the domain knows them. */
    public List<SamplePoint> toDomain() {
        List<SamplePoint> all = new ArrayList<>();
        for (Point point : points) {
            all.add(point.toDomain(metric));
        }
        return all;
    }
}
