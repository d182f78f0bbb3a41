package dev.sluice.canary;

import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.Cut;
import dev.sluice.canary.evidence.Cut.Method;
import dev.sluice.canary.evidence.Cut.Rounding;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.LatencyRatio;
import dev.sluice.canary.evidence.OnsetMixture;
import dev.sluice.canary.evidence.PlainMixture;
import dev.sluice.canary.evidence.PodGuard;
import dev.sluice.canary.evidence.TrafficSplit;
import dev.sluice.statistics.Interval;
import dev.sluice.statistics.LogSums;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of a {@link MetricConfig.Latency}. Its thresholds are chosen from the history, else when the warm-up ends, and
 * stay: for a failure the mean over the quantiles counts, for a pass each one.
 */
final class LatencyEvidence extends MetricEvidence<HistogramBucket> {
    private static final String NOTHING_IN_COMMON = "the histograms of the arms have no bound in common";

    private final MetricConfig.Latency metric;
    private final List<HistogramBucket> warmUp = new ArrayList<>();
    private final List<CutEvidence> fail = new ArrayList<>();
    private final List<CutEvidence> pass = new ArrayList<>();
    private final LatencyRatio ratio = new LatencyRatio();
    private final PodGuard podGuard = new PodGuard();
    private @Nullable String hindrance;
    private boolean calibrated;
    private boolean hasCuts;
    private double floor = 1;
    private double requestsOfBaseline;
    private double requestsOfCanary;
    private double exposure;
    private long uncut;

    LatencyEvidence(CanaryConfig run, MetricConfig.Latency metric) {
        super(run, HistogramBucket.class);
        this.metric = metric;
    }

    @Override
    void learn(List<HistogramBucket> history, Duration span) {
        if (!RatioEvidence.isEnough(history.size(), span, run().bucket())) {
            return;
        }
        HistogramBucket together = HistogramBucket.sum(history);
        chooseCuts(together, Map.of());
        var floors = new HashMap<Cut, Double>();
        var known = new boolean[1];
        forEach(evidence -> {
            history.forEach(evidence::warmUp);
            floors.merge(evidence.cut(), evidence.floorForLater(), Math::max);
            known[0] |= evidence.knowsVariation();
        });
        floor = floors.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
        // with guards that have seen nothing yet: what they see in the run must move them
        chooseCuts(together, floors);
        hasCuts = true;
        calibrated = known[0];
    }

    @Override
    double floor() {
        return floor;
    }

    @Override
    void startWithFloor(double phi) {
        floor = phi;
    }

    @Override
    boolean isComparable(HistogramBucket bucket) {
        boolean applies = true;
        for (List<CutEvidence> ofVerdict : List.of(fail, pass)) {
            for (CutEvidence evidence : ofVerdict) {
                applies &= evidence.cut().applies(bucket);
            }
        }
        if (!applies) {
            uncut++;
        }
        return applies;
    }

    @Override
    void addRequests(HistogramBucket bucket, TrafficSplit to) {
        to.add((double) bucket.baseline().total(), (double) bucket.canary().total());
    }

    @Override
    void addPods(SortedMap<String, HistogramBucket> pods, int ofCanary) {
        boolean changed = podGuard.change(pods);
        forEach(evidence -> evidence.addPods(podGuard, pods, changed));
    }

    @Override
    void warmUp(HistogramBucket bucket, boolean isLast) {
        if (hasCuts) {
            forEach(evidence -> evidence.warmUp(bucket));
            return;
        }
        warmUp.add(bucket);
        if (isLast) {
            chooseCuts(HistogramBucket.sum(warmUp), Map.of());
            forEach(evidence -> warmUp.forEach(evidence::warmUp));
            warmUp.clear();
        }
    }

    private void forEach(Consumer<CutEvidence> what) {
        fail.forEach(what);
        pass.forEach(what);
    }

    /** Chooses the thresholds from requests that do not count. */
    private void chooseCuts(HistogramBucket before, Map<Cut, Double> floors) {
        fail.clear();
        pass.clear();
        hindrance = before.isOfValues() || before.bounds().length > 0 ? null : NOTHING_IN_COMMON;
        if (hindrance != null) {
            return;
        }
        double tolerance = metric.tolerance().relative();
        double margin = metric.margin().relative();
        for (double quantile : metric.failQuantiles()) {
            Cut cut = Cut.of(quantile, tolerance, Rounding.UP, tolerance, margin, before);
            if (fail.stream().noneMatch(other -> isSamePlace(other.cut(), cut))) {
                fail.add(failure(cut, floors.getOrDefault(cut, floor), share(cut, before)));
            }
        }
        for (double quantile : metric.passQuantiles()) {
            Cut cut = Cut.of(quantile, margin, Rounding.DOWN, tolerance, margin, before);
            if (pass.stream().noneMatch(other -> isSamePlace(other.cut(), cut))) {
                pass.add(pass(cut, floors.getOrDefault(cut, floor), share(cut, before)));
            }
        }
    }

    private CutEvidence failure(Cut cut, double floor, double shareAtStart) {
        var mixture = new OnsetMixture(run().plannedBuckets());
        return CutEvidence.ofFailure(cut, metric.shareTolerance(), mixture, floor, shareAtStart);
    }

    private CutEvidence pass(Cut cut, double floor, double shareAtStart) {
        return CutEvidence.ofPass(cut, metric.shareMargin(), new PlainMixture(), floor, shareAtStart);
    }

    private static double share(Cut cut, HistogramBucket of) {
        return cut.counts(of).toRatio().baselineEvents() / of.baseline().total();
    }

    /** Two quantiles may fall on one bound. */
    private static boolean isSamePlace(Cut one, Cut other) {
        return one.baseline() == other.baseline() && one.canary() == other.canary();
    }

    @Override
    void count(HistogramBucket bucket) {
        forEach(evidence -> evidence.count(bucket));
        addUp(bucket, true);
    }

    @Override
    void countLate(HistogramBucket bucket, boolean ofStage) {
        fail.forEach(evidence -> evidence.countLate(bucket, ofStage));
        if (ofStage) {
            pass.forEach(evidence -> evidence.countLate(bucket, true));
        }
        addUp(bucket, ofStage);
    }

    private void addUp(HistogramBucket bucket, boolean ofStage) {
        double ofBaseline = bucket.baseline().total();
        double ofCanary = bucket.canary().total();
        ratio.add(bucket);
        requestsOfBaseline += ofBaseline;
        requestsOfCanary += ofCanary;
        if (ofStage) {
            exposure += Math.min(ofBaseline, ofCanary);
        }
    }

    @Override
    void restartPass() {
        forEach(CutEvidence::startStage);
        pass.forEach(evidence -> evidence.restart(new PlainMixture()));
    }

    @Override
    void restartExposure() {
        exposure = 0;
    }

    private @Nullable String hindrance() {
        if (hindrance != null) {
            return hindrance;
        }
        String mismatch = mismatch();
        if (mismatch != null) {
            return mismatch;
        }
        return pass.stream()
                .filter(CutEvidence::isEmpty)
                .findFirst()
                .map(evidence ->
                        "the margin of the share says nothing: no canary could be so far from the baseline's at "
                                + Words.number(evidence.cut().baseline()))
                .orElse(null);
    }

    @Override
    void saveEvidence(DataOutput out) throws IOException {
        out.writeInt(warmUp.size());
        for (HistogramBucket bucket : warmUp) {
            bucket.baseline().save(out);
            bucket.canary().save(out);
        }
        for (List<CutEvidence> ofVerdict : List.of(fail, pass)) {
            out.writeInt(ofVerdict.size());
            for (CutEvidence evidence : ofVerdict) {
                evidence.cut().save(out);
                out.writeDouble(evidence.shareAtStart());
                evidence.save(out);
            }
        }
        ratio.save(out);
        out.writeBoolean(hindrance != null);
        out.writeBoolean(calibrated);
        out.writeBoolean(hasCuts);
        out.writeDouble(floor);
        podGuard.save(out);
        out.writeDouble(requestsOfBaseline);
        out.writeDouble(requestsOfCanary);
        out.writeDouble(exposure);
        out.writeLong(uncut);
    }

    @Override
    void loadEvidence(DataInput in) throws IOException {
        warmUp.clear();
        int ofWarmUp = in.readInt();
        for (int i = 0; i < ofWarmUp; i++) {
            warmUp.add(new HistogramBucket(Histogram.load(in), Histogram.load(in)));
        }
        load(in, fail, true);
        load(in, pass, false);
        ratio.load(in);
        hindrance = in.readBoolean() ? NOTHING_IN_COMMON : null;
        calibrated = in.readBoolean();
        hasCuts = in.readBoolean();
        floor = in.readDouble();
        podGuard.load(in);
        requestsOfBaseline = in.readDouble();
        requestsOfCanary = in.readDouble();
        exposure = in.readDouble();
        uncut = in.readLong();
    }

    private void load(DataInput in, List<CutEvidence> ofVerdict, boolean isFailure) throws IOException {
        ofVerdict.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            Cut cut = Cut.load(in);
            double shareAtStart = in.readDouble();
            CutEvidence evidence = isFailure ? failure(cut, 1, shareAtStart) : pass(cut, 1, shareAtStart);
            evidence.load(in);
            ofVerdict.add(evidence);
        }
    }

    @Override
    LogEvidence evidence() {
        double failing = fail.isEmpty()
                ? 0
                : LogSums.mean(fail.stream().mapToDouble(CutEvidence::logE).toArray());
        double passing = pass.stream().mapToDouble(CutEvidence::logE).min().orElse(Double.NEGATIVE_INFINITY);
        return new LogEvidence(metric, true, failing, passing);
    }

    @Override
    MetricReading read(@Nullable Instant settlingUntil) {
        LogEvidence evidence = evidence();
        CutEvidence focus = focus(evidence.fail());
        Interval interval = new Interval(0, Double.POSITIVE_INFINITY);
        Double estimate = null;
        Double slowBaseline = null;
        Double slowCanary = null;
        if (focus != null && requestsOfCanary > 0) {
            interval = ratio.interval(focus.cut().quantile(), run().alpha());
            estimate = ratio.estimate(focus.cut().quantile());
            slowBaseline = focus.all().baseline().events();
            slowCanary = focus.all().canary().events();
        }
        return new MetricReading(
                evidence,
                hindrance(),
                waiting(settlingUntil),
                estimate,
                interval,
                new ArmCounts(requestsOfBaseline, slowBaseline),
                new ArmCounts(requestsOfCanary, slowCanary),
                countedBuckets(),
                exposure,
                lastData(),
                null,
                focus == null || requestsOfCanary == 0
                        ? nothingFound(settlingUntil)
                        : finding(focus, estimate, interval),
                notes());
    }

    /** The quantile that speaks loudest for a failure where anything does, else the one that a pass waits for. */
    private @Nullable CutEvidence focus(double failing) {
        return failing > 0
                ? fail.stream()
                        .max(Comparator.comparingDouble(CutEvidence::logE))
                        .orElse(null)
                : pass.stream()
                        .min(Comparator.comparingDouble(CutEvidence::logE))
                        .orElse(null);
    }

    private String finding(CutEvidence focus, @Nullable Double estimate, Interval interval) {
        Cut cut = focus.cut();
        String beyond = cut.method() == Method.FASTER_SHARE ? " up to " : " above ";
        String slow = Words.percent(focus.all().canaryRate()) + beyond + Words.number(cut.canary()) + " against "
                + Words.percent(focus.all().baselineRate()) + beyond + Words.number(cut.baseline())
                + " in the baseline";
        String lately = evidence().fail() > 0
                ? "; in the last " + focus.recent().size() + " counted buckets "
                        + Words.percent(focus.recent().totals().canaryRate()) + " against "
                        + Words.percent(focus.recent().totals().baselineRate())
                : "";
        String times = estimate == null
                ? ""
                : "; " + focus.name() + " " + Words.number(estimate) + " times as much "
                        + Words.interval(interval.lower(), interval.upper());
        return focus.name() + ": " + slow + lately + times + tested(cut);
    }

    /** Returns what of a quantile is tolerated: of the latency, or of a share of the requests where that is what is tested. */
    private String tested(Cut cut) {
        if (cut.method() == Method.EXCEEDANCE) {
            return ", tolerated " + Words.number(1 + metric.tolerance().relative()) + ", margin "
                    + Words.number(1 + metric.margin().relative());
        }
        boolean isSlower = cut.method() == Method.SLOWER_SHARE;
        return "; tested is the share of requests " + (isSlower ? "slower than" : "up to") + " le "
                + Words.number(cut.baseline()) + ", tolerated " + ofBaseline(metric.shareTolerance(), isSlower)
                + ", margin " + ofBaseline(metric.shareMargin(), isSlower);
    }

    private static String ofBaseline(Allowance allowance, boolean isSlower) {
        String times =
                Words.number(isSlower ? 1 + allowance.relative() : 1 - allowance.relative()) + " times the baseline's";
        return allowance.absolute() == 0
                ? times
                : times + (isSlower ? " + " : " - ") + Words.percent(allowance.absolute());
    }

    private List<String> notes() {
        var notes = new ArrayList<String>();
        var shares = new TreeSet<Double>();
        for (CutEvidence evidence : fail) {
            if (evidence.cut().method() != Method.EXCEEDANCE) {
                shares.add(evidence.cut().baseline());
            }
        }
        for (CutEvidence evidence : pass) {
            if (evidence.cut().method() != Method.EXCEEDANCE) {
                shares.add(evidence.cut().baseline());
            }
        }
        if (!shares.isEmpty()) {
            notes.add("no bound of the histogram is near "
                    + Words.number(1 + metric.tolerance().relative()) + " times "
                    + String.join(", ", shares.stream().map(Words::number).toList())
                    + ": there the shares of requests above are compared, tolerated "
                    + Words.number(1 + metric.shareTolerance().relative()) + " times, margin "
                    + Words.number(1 + metric.shareMargin().relative()));
        }
        double phi = 1;
        for (CutEvidence evidence : fail) {
            phi = Math.max(phi, evidence.phi());
        }
        Notes.addVariation(notes, phi, calibrated);
        Notes.addLeftOut(notes, uncut, "the histogram of an arm lacks a bound that was chosen before");
        return notes;
    }

    @Override
    double secondsToFail(double needed) {
        double least = Double.POSITIVE_INFINITY;
        for (CutEvidence evidence : fail) {
            double alone = needed + StrictMath.log(2.0 * fail.size());
            least = Math.min(least, evidence.seconds(alone, bucketSeconds()));
        }
        return least;
    }

    @Override
    double secondsToPass(double needed) {
        double greatest = pass.isEmpty() ? Double.POSITIVE_INFINITY : 0;
        for (CutEvidence evidence : pass) {
            greatest = Math.max(greatest, evidence.seconds(needed, bucketSeconds()));
        }
        return greatest;
    }
}
