package dev.sluice.canary;

import static java.util.Objects.requireNonNull;

import dev.sluice.canary.MetricConfig.Scale;
import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.DifferenceSeries;
import dev.sluice.canary.evidence.DifferenceSummary;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.GaugeHistory;
import dev.sluice.canary.evidence.PodSpread;
import dev.sluice.canary.evidence.Side;
import dev.sluice.canary.evidence.TimeToDecision;
import dev.sluice.canary.evidence.TrafficSplit;
import dev.sluice.statistics.Interval;
import dev.sluice.statistics.LogSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** The evidence of a {@link MetricConfig.Gauge}: advisory until a history has shown how the arms differ by themselves. */
final class GaugeEvidence extends MetricEvidence<GaugeBucket> {
    private final MetricConfig.Gauge metric;
    private final DifferenceSeries all = new DifferenceSeries();
    private DifferenceSeries stage = new DifferenceSeries();
    private @Nullable GaugeHistory history;
    private int historyBuckets;
    private boolean isUneven;
    private double baselineSum;
    private double canarySum;
    private long leftOut;
    private long oneArmAtZero;
    private long late;
    private final PodSpread podSpread = new PodSpread(false);

    GaugeEvidence(CanaryConfig run, MetricConfig.Gauge metric) {
        super(run, GaugeBucket.class);
        this.metric = metric;
    }

    /** One side of a test: where the alternatives lie, and beyond which mean difference. */
    private record Bound(Side side, double mean) {}

    private List<Bound> bounds(Allowance allowance, boolean failing) {
        var more = new Bound(failing ? Side.MORE : Side.LESS, mean(allowance, 1));
        var less = new Bound(failing ? Side.LESS : Side.MORE, mean(allowance, -1));
        return switch (metric.direction()) {
            case INCREASE -> List.of(more);
            case DECREASE -> List.of(less);
            case EITHER -> List.of(more, less);
        };
    }

    private double mean(Allowance allowance, int sign) {
        return metric.scale() == Scale.LOG
                ? StrictMath.log1p(sign * allowance.relative())
                : sign * allowance.absolute();
    }

    @Override
    void learn(List<GaugeBucket> buckets, Duration span) {
        double[] differences = buckets.stream()
                .map(this::difference)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        historyBuckets = differences.length;
        double bias = Math.abs(DoubleStream.of(differences).average().orElse(0));
        isUneven = bias > Math.abs(mean(metric.tolerance(), metric.direction() == Direction.DECREASE ? -1 : 1));
        history = isUneven ? null : GaugeHistory.of(differences).orElse(null);
    }

    /** Returns whether a difference that is tolerated could be found at all between pods that differ as these do. */
    private boolean isResolved() {
        Double floor = metric.scale() == Scale.LOG ? podSpread.floor() : null;
        return floor == null || floor <= metric.tolerance().relative();
    }

    @Override
    boolean isComparable(GaugeBucket bucket) {
        if (difference(bucket).isPresent()) {
            return true;
        }
        leftOut++;
        boolean oneArmAlone = requireNonNull(bucket.baseline()) > 0 || requireNonNull(bucket.canary()) > 0;
        oneArmAtZero += oneArmAlone ? 1 : 0;
        return false;
    }

    @Override
    void addRequests(GaugeBucket bucket, TrafficSplit to) {
        // a level has no requests
    }

    @Override
    void addPods(SortedMap<String, GaugeBucket> pods, int ofCanary) {
        pods.forEach((pod, of) -> {
            if (of.baseline() != null) {
                podSpread.add(pod, of.baseline(), 1);
            }
        });
        podSpread.canaryHas(ofCanary);
    }

    @Override
    void warmUp(GaugeBucket bucket, boolean isLast) {
        // a gauge has no guard and no threshold to learn
    }

    @Override
    void count(GaugeBucket bucket) {
        double difference = difference(bucket).orElseThrow();
        all.add(difference);
        stage.add(difference);
        baselineSum += requireNonNull(bucket.baseline());
        canarySum += requireNonNull(bucket.canary());
    }

    /** The order of differences matters to what is known of their dependence: a late one is dropped. */
    @Override
    void countLate(GaugeBucket bucket, boolean ofStage) {
        late++;
    }

    private OptionalDouble difference(GaugeBucket bucket) {
        double baseline = requireNonNull(bucket.baseline());
        double canary = requireNonNull(bucket.canary());
        if (metric.scale() == Scale.LINEAR) {
            double difference = canary - baseline;
            return Double.isFinite(difference) ? OptionalDouble.of(difference) : OptionalDouble.empty();
        }
        return baseline > 0 && canary > 0
                ? OptionalDouble.of(StrictMath.log(canary) - StrictMath.log(baseline))
                : OptionalDouble.empty();
    }

    @Override
    void restartPass() {
        stage = new DifferenceSeries();
        oneArmAtZero = 0;
    }

    @Override
    void restartExposure() {
        // a gauge needs no exposure
    }

    @Override
    void saveEvidence(DataOutput out) throws IOException {
        all.save(out);
        stage.save(out);
        out.writeBoolean(history != null);
        if (history != null) {
            out.writeDouble(history.independence());
            out.writeDouble(history.variance());
        }
        out.writeInt(historyBuckets);
        out.writeBoolean(isUneven);
        out.writeDouble(baselineSum);
        out.writeDouble(canarySum);
        out.writeLong(leftOut);
        out.writeLong(oneArmAtZero);
        out.writeLong(late);
        podSpread.save(out);
    }

    @Override
    void loadEvidence(DataInput in) throws IOException {
        all.load(in);
        stage.load(in);
        history = in.readBoolean() ? new GaugeHistory(in.readDouble(), in.readDouble()) : null;
        historyBuckets = in.readInt();
        isUneven = in.readBoolean();
        baselineSum = in.readDouble();
        canarySum = in.readDouble();
        leftOut = in.readLong();
        oneArmAtZero = in.readLong();
        late = in.readLong();
        podSpread.load(in);
    }

    @Override
    LogEvidence evidence() {
        DifferenceSummary now = all.summary(history);
        DifferenceSummary ofStage = stage.summary(history);
        double[] failing = bounds(metric.tolerance(), true).stream()
                .mapToDouble(bound -> now.logE(bound.side(), bound.mean()))
                .toArray();
        double passing = bounds(metric.margin(), false).stream()
                .mapToDouble(bound -> ofStage.logE(bound.side(), bound.mean()))
                .min()
                .orElseThrow();
        return new LogEvidence(metric, history != null && isResolved(), LogSums.mean(failing), passing);
    }

    @Override
    MetricReading read(@Nullable Instant settlingUntil) {
        DifferenceSummary now = all.summary(history);
        Interval interval = scaled(now.interval(run().alpha()));
        return new MetricReading(
                evidence(),
                oneArmAtZero == 0
                        ? null
                        : "in " + oneArmAtZero
                                + " buckets one arm alone was at 0 or below, where it has no logarithm; scale:"
                                + " linear compares differences",
                waiting(settlingUntil),
                all.count() == 0 ? null : scaled(now.mean()),
                interval,
                new ArmCounts(all.count(), null),
                new ArmCounts(all.count(), null),
                stage.count(),
                Double.POSITIVE_INFINITY,
                lastData(),
                metric.scale() == Scale.LOG ? podSpread.floor() : null,
                all.count() == 0 ? nothingFound(settlingUntil) : finding(now, interval),
                notes(now));
    }

    private double scaled(double difference) {
        return metric.scale() == Scale.LOG ? StrictMath.exp(difference) : difference;
    }

    private Interval scaled(Interval differences) {
        return new Interval(scaled(differences.lower()), scaled(differences.upper()));
    }

    private String finding(DifferenceSummary now, Interval interval) {
        String means = "mean " + Words.number(canarySum / all.count()) + " against "
                + Words.number(baselineSum / all.count()) + " in the baseline: ";
        String amount = Words.number(scaled(now.mean())) + (metric.scale() == Scale.LOG ? " times as much " : " more ");
        return means + amount + Words.interval(interval.lower(), interval.upper()) + ", tolerated "
                + allowed(metric.tolerance()) + ", margin " + allowed(metric.margin());
    }

    private String allowed(Allowance allowance) {
        String more = Words.number(scaled(mean(allowance, 1)));
        String less = Words.number(scaled(mean(allowance, -1)));
        return switch (metric.direction()) {
            case INCREASE -> more;
            case DECREASE -> less;
            case EITHER -> less + " to " + more;
        };
    }

    private List<String> notes(DifferenceSummary now) {
        var notes = new ArrayList<String>();
        if (isUneven) {
            notes.add("advisory: in its history pods of one version differ by more than is tolerated");
        } else if (history != null && !isResolved()) {
            notes.add(
                    "advisory: the baseline's pods differ by more than a canary of so few pods could be told from them");
        } else if (history == null && historyBuckets >= GaugeHistory.LEAST_DIFFERENCES) {
            notes.add("advisory: in its history the arms never differed, which says nothing of how they do");
        } else if (history == null) {
            notes.add("advisory: a gauge without history (" + GaugeHistory.LEAST_DIFFERENCES
                    + " buckets of both arms with one version) decides nothing, since a slow swing looks like a shift");
        }
        if (now.n() > 0 && !now.isDecisive()) {
            notes.add(
                    now.effective() == 0 && now.n() > 2
                            ? "the differences do not look stationary"
                            : "too few independent values: " + now.n() + " are worth " + Words.number(now.effective()));
        }
        if (metric.scale() == Scale.LOG) {
            Notes.addFloor(notes, podSpread.floor(), metric.tolerance().relative());
        }
        Notes.addLeftOut(notes, leftOut, "a value of 0 or less has no logarithm (scale: linear compares differences)");
        Notes.addLeftOut(notes, late, "late");
        return notes;
    }

    @Override
    double secondsToFail(double needed) {
        DifferenceSummary now = all.summary(history);
        double least = Double.POSITIVE_INFINITY;
        List<Bound> bounds = bounds(metric.tolerance(), true);
        for (Bound bound : bounds) {
            double alone = needed + StrictMath.log(bounds.size());
            least = Math.min(least, TimeToDecision.bucketsOfGauge(now, bound.side(), bound.mean(), alone));
        }
        return least * bucketSeconds();
    }

    @Override
    double secondsToPass(double needed) {
        DifferenceSummary now = stage.summary(history);
        double greatest = 0;
        for (Bound bound : bounds(metric.margin(), false)) {
            greatest = Math.max(greatest, TimeToDecision.bucketsOfGauge(now, bound.side(), bound.mean(), needed));
        }
        return greatest * bucketSeconds();
    }
}
