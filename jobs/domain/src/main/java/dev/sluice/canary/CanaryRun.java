package dev.sluice.canary;

import static java.util.Objects.requireNonNull;

import dev.sluice.canary.evidence.Halves;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.Stateful;
import dev.sluice.statistics.Interval;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One rollout of a canary, told bucket by bucket what both arms did. Where the pods of the baseline are known it has an A/A twin:
 * the same tests between two halves of them, which are of one version, so that it fails in at most alpha of the runs. What comes out
 * depends on the config and the buckets alone. A failure latches: it is of the bucket at whose end the evidence was enough, and nothing undoes it.
 */
public final class CanaryRun implements Stateful {
    /** Beyond ten years a time to a decision is none. */
    private static final double LONGEST_SECONDS = 10 * 365.0 * 86_400;

    private static final int LONGEST_NOTE = 1000;
    /** Of what is saved: a number that no other form has, which changes with the form. */
    private static final int FORMAT = 0x51C3_0001;

    private final CanaryConfig config;
    private final Judge judge;
    private final Instant start;
    private final Map<String, MetricEvidence<?>> metrics = new LinkedHashMap<>();
    private final Map<String, SegmentEvidence> segments = new LinkedHashMap<>();
    private final List<Instant> changes = new ArrayList<>();
    private Instant stageStart;
    private @Nullable Instant lastBucket;
    private @Nullable CanaryVerdict ended;
    private final @Nullable CanaryRun twin;
    private final Halves halves = new Halves();
    private String historyNote = "";

    /**
     * Starts a run and its first stage; that is the first change of traffic.
     *
     * @param config how it is judged
     * @param start when the canary began to have traffic
     */
    public CanaryRun(CanaryConfig config, Instant start) {
        this(config, start, true);
    }

    private CanaryRun(CanaryConfig config, Instant start, boolean hasTwin) {
        this.twin = hasTwin ? new CanaryRun(config, start, false) : null;
        this.config = requireNonNull(config, "config");
        this.start = requireNonNull(start, "start");
        this.stageStart = start;
        this.judge = new Judge(config);
        changes.add(start);
        for (MetricConfig metric : config.metrics()) {
            metrics.put(metric.name(), MetricEvidence.of(config, metric));
            segments.put(metric.name(), new SegmentEvidence(config, metric));
        }
    }

    /**
     * Learns how two arms of one version differ by themselves. It must be known before the first bucket.
     *
     * @param metric its name
     * @param history buckets in the order of time, which follow each other
     */
    public void calibrate(String metric, List<? extends MetricBucket> history) {
        calibrate(metric, history, null);
    }

    /**
     * Learns how two arms of one version differ by themselves, from buckets of which some may be missing.
     *
     * @param metric its name
     * @param history buckets in the order of time
     * @param span from the begin of the first to the end of the last; null where they follow each other
     */
    public void calibrate(String metric, List<? extends MetricBucket> history, @Nullable Duration span) {
        requireNotBegun();
        evidence(metric).calibrate(history, span);
        requireNonNull(segments.get(metric)).learn(evidence(metric).floor());
        if (twin != null) {
            twin.calibrate(metric, history, span);
        }
    }

    /**
     * Notes what must be known of the history, such as why there is none.
     *
     * @param note in words, of at most 1,000 characters
     */
    public void noteHistory(String note) {
        requireNotBegun();
        historyNote = note.substring(0, Math.min(note.length(), LONGEST_NOTE));
    }

    private void requireNotBegun() {
        if (lastBucket != null) {
            throw new IllegalStateException("the run has begun: its thresholds are frozen");
        }
    }

    /** Returns the segments of a metric that are looked at. */
    public Set<String> segments(String metric) {
        return requireNonNull(segments.get(metric)).names();
    }

    /** Notes that the share of the traffic, or the pods, changed: what overlaps the time to settle says nothing. */
    public void changeTraffic(Instant at) {
        changes.add(at);
        if (twin != null) {
            twin.changeTraffic(at);
        }
    }

    /** Starts the next stage: proof for a pass must be of this stage alone, that of a failure goes on. */
    public void startStage(Instant at) {
        if (ended != null) {
            return;
        }
        changeTraffic(at);
        stageStart = at;
        metrics.values().forEach(MetricEvidence::startStage);
        if (twin != null) {
            twin.startAgain(at);
        }
    }

    /** The change of traffic is told to a twin by itself. */
    private void startAgain(Instant at) {
        if (ended == null) {
            stageStart = at;
            metrics.values().forEach(MetricEvidence::startStage);
        }
    }

    /**
     * Starts those stages that begin before a time.
     *
     * @param stages when each further stage begins, in order
     * @param begun how many of them have begun
     * @param before the time
     * @return how many have begun then
     */
    public int startStages(List<Instant> stages, int begun, Instant before) {
        int number = begun;
        while (number < stages.size() && stages.get(number).isBefore(before)) {
            startStage(stages.get(number));
            number++;
        }
        return number;
    }

    /**
     * Adds a bucket of time.
     *
     * @param begin when it began; after all those before
     * @param buckets what both arms did, by metric; one that is not there has no data
     */
    public void add(Instant begin, Map<String, ? extends MetricBucket> buckets) {
        Map<String, Measured> measured = new LinkedHashMap<>();
        buckets.forEach((name, bucket) -> measured.put(name, new Measured(bucket, Pods.UNKNOWN)));
        addMeasured(begin, measured);
    }

    /**
     * Adds a bucket of time of which the pods may be known.
     *
     * @param begin when it began; after all those before
     * @param measured what both arms and their pods did, by metric; one that is not there has no data
     */
    public void addMeasured(Instant begin, Map<String, Measured> measured) {
        if (lastBucket != null && !begin.isAfter(lastBucket)) {
            throw new IllegalArgumentException("bucket " + begin + " is not after " + lastBucket);
        }
        measured.forEach((name, of) -> evidence(name).requireKind(of.bucket()));
        lastBucket = begin;
        if (ended != null) {
            return;
        }
        Instant end = begin.plus(config.bucket());
        boolean settling = isSettling(begin);
        measured.forEach((name, of) -> {
            evidence(name).add(end, of, settling);
            requireNonNull(segments.get(name)).add(end, of.segments(), settling);
        });
        if (twin != null) {
            Map<String, MetricBucket> ofTwin = new LinkedHashMap<>();
            measured.forEach((name, of) -> halves.of(of.pods()).ifPresent(bucket -> ofTwin.put(name, bucket)));
            if (!ofTwin.isEmpty()) {
                twin.add(begin, ofTwin);
            }
        }
        endIfDecided(end);
    }

    /**
     * Adds a bucket of which nothing was there when it was its turn. It may make the run fail; it does not show that data are
     * fresh, and counts for a pass only in its own stage.
     *
     * @param begin when it began; before the last bucket that was added, and none of those
     * @param buckets what both arms did, by metric
     */
    public void addLate(Instant begin, Map<String, ? extends MetricBucket> buckets) {
        Instant last = lastBucket;
        if (last == null || !begin.isBefore(last)) {
            throw new IllegalArgumentException("bucket " + begin + " is not before " + last);
        }
        buckets.forEach((name, bucket) -> evidence(name).requireKind(bucket));
        if (ended != null || begin.isBefore(start) || isSettling(begin)) {
            return;
        }
        boolean ofStage = !begin.isBefore(stageStart);
        buckets.forEach((name, bucket) -> evidence(name).addLate(bucket, ofStage));
        endIfDecided(last.plus(config.bucket()));
    }

    private void endIfDecided(Instant at) {
        if (judge.isEnd(metrics.values().stream().map(MetricEvidence::evidence).toList())) {
            ended = noted(judge.end(readings(null), at));
        }
    }

    /** Returns how the A/A twin stands; nothing where the pods are not known. */
    public Optional<CanaryState> twin() {
        return twin == null || twin.lastBucket == null
                ? Optional.empty()
                : Optional.of(twin.ended == null ? CanaryState.RUNNING : twin.ended.state());
    }

    private CanaryVerdict noted(CanaryVerdict unnoted) {
        CanaryVerdict verdict = withSegments(historyNote.isEmpty() ? unnoted : unnoted.withNote(historyNote));
        return twin != null && twin.ended != null && twin.ended.state() == CanaryState.FAILED
                ? verdict.withNote("A/A twin: between two halves of the baseline's pods the same tests fail, too (at "
                        + twin.ended.at() + "): what they find here may be of pods, and not of versions")
                : verdict;
    }

    /** Adds what is found by segment, and says of which the canary is worse. */
    private CanaryVerdict withSegments(CanaryVerdict verdict) {
        List<MetricVerdict> found = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (MetricVerdict metric : verdict.metrics()) {
            String name = metric.reading().metric().name();
            Optional<SegmentFindings> findings =
                    requireNonNull(segments.get(name)).findings();
            findings.map(of -> of.note(name)).filter(note -> !note.isEmpty()).ifPresent(notes::add);
            found.add(findings.map(metric::with).orElse(metric));
        }
        CanaryVerdict noted = verdict.withMetrics(found);
        for (String note : notes) {
            noted = noted.withNote(note);
        }
        return noted;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(FORMAT);
        out.writeInt(changes.size());
        for (Instant change : changes) {
            Times.save(out, change);
        }
        Times.save(out, stageStart);
        Times.save(out, lastBucket);
        Times.save(out, ended == null ? null : ended.at());
        for (MetricEvidence<?> evidence : metrics.values()) {
            evidence.save(out);
        }
        for (SegmentEvidence evidence : segments.values()) {
            evidence.save(out);
        }
        halves.save(out);
        out.writeUTF(historyNote);
        if (twin != null) {
            twin.save(out);
        }
    }

    /**
     * Goes on where a run of the same config and start was saved.
     *
     * @throws IOException if another release has saved it, which it may have done otherwise
     */
    @Override
    public void load(DataInput in) throws IOException {
        if (in.readInt() != FORMAT) {
            throw new IOException("saved by another release");
        }
        changes.clear();
        int ofChanges = in.readInt();
        for (int i = 0; i < ofChanges; i++) {
            changes.add(requireNonNull(Times.load(in)));
        }
        stageStart = requireNonNull(Times.load(in));
        lastBucket = Times.load(in);
        Instant endedAt = Times.load(in);
        for (MetricEvidence<?> evidence : metrics.values()) {
            evidence.load(in);
        }
        for (SegmentEvidence evidence : segments.values()) {
            evidence.load(in);
        }
        halves.load(in);
        historyNote = in.readUTF();
        if (twin != null) {
            twin.load(in);
        }
        // once a run has ended its evidence does not change, so the verdict is made of it again
        ended = endedAt == null ? null : noted(judge.end(readings(null), endedAt));
    }

    private MetricEvidence<?> evidence(String metric) {
        MetricEvidence<?> evidence = metrics.get(metric);
        if (evidence == null) {
            throw new IllegalArgumentException("no metric of the config is named " + metric);
        }
        return evidence;
    }

    private boolean isSettling(Instant begin) {
        Instant end = begin.plus(config.bucket());
        Duration settle = config.settle();
        return changes.stream().anyMatch(change -> begin.isBefore(change.plus(settle)) && end.isAfter(change));
    }

    /** Returns until when buckets overlap the time to settle after a change of before; null where they do no more. */
    private @Nullable Instant settlingUntil(Instant now) {
        return changes.stream()
                .filter(change -> !change.isAfter(now))
                .map(change -> change.plus(config.settle()))
                .filter(settled -> settled.isAfter(now))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private List<MetricReading> readings(@Nullable Instant settlingUntil) {
        return metrics.values().stream()
                .map(evidence -> evidence.read(settlingUntil))
                .toList();
    }

    /** Returns whether the verdict can no longer change. */
    public boolean isLatched() {
        return ended != null;
    }

    /**
     * Returns how the run stands.
     *
     * @param now the time until which the data are complete
     */
    public CanaryVerdict verdict(Instant now) {
        if (ended != null) {
            return ended;
        }
        CanaryVerdict standing = noted(judge.standing(readings(settlingUntil(now)), start, stageStart, now));
        CanaryVerdict timed = standing.state() == CanaryState.RUNNING ? withTimes(standing) : standing;
        return now.isBefore(start.plus(config.horizon())) ? timed : concluded(timed);
    }

    /**
     * Returns the verdict at the end of the time, or of the data: what is not proven by then is inconclusive.
     *
     * @param now the time until which the data are complete
     */
    public CanaryVerdict conclude(Instant now) {
        return concluded(verdict(now));
    }

    private static CanaryVerdict concluded(CanaryVerdict last) {
        if (last.state() != CanaryState.RUNNING && last.state() != CanaryState.PENDING) {
            return last;
        }
        var reasons = new ArrayList<>(last.reasons());
        for (MetricVerdict metric : last.metrics()) {
            if (metric.reading().isUndecidable()) {
                reasons.add(metric.reading().metric().name()
                        + ": undecidable with these margins: the interval lies between" + " tolerance and margin");
            }
        }
        if (last.toPass() != null) {
            reasons.add("a pass would take about " + Words.duration(last.toPass()) + " more of the same traffic");
        }
        return last.as(CanaryState.INCONCLUSIVE, reasons);
    }

    /** Adds how long either verdict still takes: a pass the longest of the required metrics, a failure the shortest. */
    private CanaryVerdict withTimes(CanaryVerdict standing) {
        double toPass = 0;
        double least = 0;
        double most = 0;
        double toFail = Double.POSITIVE_INFINITY;
        for (MetricVerdict metric : standing.metrics()) {
            MetricReading reading = metric.reading();
            MetricEvidence<?> evidence = evidence(reading.metric().name());
            if (reading.isRequired() && reading.hindrance() != null) {
                toPass = Double.POSITIVE_INFINITY;
                least = Double.POSITIVE_INFINITY;
                most = Double.POSITIVE_INFINITY;
            } else if (reading.isRequired()) {
                double toExposure = judge.secondsToExposure(reading);
                Interval range = evidence.secondsToPassRange(judge.neededToPass(), reading.interval());
                toPass = Math.max(toPass, Math.max(toExposure, evidence.secondsToPass(judge.neededToPass())));
                least = Math.max(least, Math.max(toExposure, range.lower()));
                most = Math.max(most, Math.max(toExposure, range.upper()));
            }
            if (reading.evidence().canFail()) {
                toFail = Math.min(toFail, evidence.secondsToFail(judge.neededToFail(reading, standing.metrics())));
            }
        }
        Duration soonest = duration(least);
        return standing.withTimes(
                duration(toPass),
                duration(toFail),
                soonest == null ? null : new CanaryVerdict.TimeRange(soonest, duration(most)));
    }

    private static @Nullable Duration duration(double seconds) {
        return seconds < LONGEST_SECONDS ? Duration.ofMillis(Math.round(1000 * seconds)) : null;
    }
}
