package dev.sluice.canary;

import dev.sluice.statistics.EValues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The rules that make a verdict of what the metrics say.
 *
 * <p><b>Failed.</b> Ratios and latencies: E, the weighted mean of their evidence, reaches 1/alpha; it is valid however they
 * depend on each other. Calibrated gauges: one of them, times its weight, reaches 1/alpha. Where there are both kinds, the
 * first has 0.8 of alpha and the second 0.2. A metric is a culprit if the least weighted mean over all sets that contain it
 * reaches 1/alpha (closed testing): with probability 1 - alpha all culprits are truly beyond their tolerance.
 *
 * <p><b>Successful.</b> At one bucket's end each required metric's evidence that it is within its margin is at least 1/beta:
 * current evidence, not the greatest so far, or a canary that was healthy once would pass for ever. All must pass, so no
 * correction for their number is needed.
 *
 * <p>Without data nothing is decided; what cannot be measured never passes.
 */
final class Judge {
    private final CanaryConfig config;

    Judge(CanaryConfig config) {
        this.config = config;
    }

    /** Returns whether the run ends here: it has failed, or cannot be measured. */
    boolean isEnd(List<LogEvidence> evidence) {
        return evidence.stream().anyMatch(LogEvidence::endsTheRun) || new FailureEvidence(config, evidence).isEnough();
    }

    /** Returns the verdict of a run that ends here. */
    CanaryVerdict end(List<MetricReading> readings, Instant at) {
        List<String> broken = readings.stream()
                .filter(reading -> reading.evidence().endsTheRun())
                .map(reading -> reading.metric().name())
                .toList();
        FailureEvidence evidence = failureEvidence(readings);
        return broken.isEmpty()
                ? verdict(CanaryState.FAILED, readings, evidence, at, reasons(readings, evidence))
                : verdict(
                        CanaryState.ERROR,
                        readings,
                        evidence,
                        at,
                        List.of("the evidence of " + String.join(", ", broken)
                                + " is not a number: the run cannot go on"));
    }

    private FailureEvidence failureEvidence(List<MetricReading> readings) {
        return new FailureEvidence(
                config, readings.stream().map(MetricReading::evidence).toList());
    }

    /** Returns how a run stands that has not failed. */
    CanaryVerdict standing(List<MetricReading> readings, Instant start, Instant stageStart, Instant at) {
        FailureEvidence evidence = failureEvidence(readings);
        List<MetricReading> required =
                readings.stream().filter(MetricReading::isRequired).toList();
        if (required.isEmpty()) {
            return verdict(
                    CanaryState.INCONCLUSIVE,
                    readings,
                    evidence,
                    at,
                    List.of("no required metric: none of the metrics can prove that the canary is good enough"));
        }
        Set<String> stale = readings.stream()
                .filter(reading -> isStale(reading, start, at))
                .map(reading -> reading.metric().name())
                .collect(Collectors.toSet());
        List<String> silent = required.stream()
                .filter(reading -> stale.contains(reading.metric().name()))
                .map(reading -> reading.metric().name() + ": no data of both arms for "
                        + Words.duration(Duration.between(lastData(reading, start), at)) + ", "
                        + Words.duration(config.dataTimeout()) + " are allowed")
                .toList();
        if (!silent.isEmpty()) {
            return verdict(CanaryState.INCONCLUSIVE, readings, evidence, at, silent, stale);
        }
        List<String> open = new ArrayList<>();
        Duration stage = Duration.between(stageStart, at);
        if (stage.compareTo(config.minStage()) < 0) {
            open.add("the stage has lasted " + Words.duration(stage) + ", at least " + Words.duration(config.minStage())
                    + " are needed");
        }
        for (MetricReading reading : required) {
            missing(reading).ifPresent(open::add);
        }
        if (open.isEmpty()) {
            List<String> proofs = required.stream()
                    .map(reading -> reading.metric().name() + ": " + reading.finding() + "; " + proofOfPass(reading))
                    .toList();
            return verdict(CanaryState.SUCCESSFUL, readings, evidence, at, proofs);
        }
        boolean nothingYet = readings.stream().allMatch(reading -> reading.countedBuckets() == 0);
        return verdict(nothingYet ? CanaryState.PENDING : CanaryState.RUNNING, readings, evidence, at, open);
    }

    private String proofOfPass(MetricReading reading) {
        return "proof that it is within the margin: e = "
                + Words.eValue(reading.evidence().pass()) + ", needed " + Words.eValue(neededToPass());
    }

    /** Says what a required metric lacks for a pass; nothing where it has all. */
    private Optional<String> missing(MetricReading reading) {
        String name = reading.metric().name();
        if (reading.hindrance() != null) {
            return Optional.of(name + ": " + reading.hindrance());
        }
        if (reading.countedBuckets() < config.minBuckets()) {
            String waiting = reading.waiting() == null ? "" : reading.waiting() + "; ";
            return Optional.of(name + ": " + waiting + reading.countedBuckets() + " buckets were counted, at least "
                    + config.minBuckets() + " are needed");
        }
        if (reading.leastExposure() < config.minExposure()) {
            return Optional.of(name + ": " + Words.number(reading.leastExposure()) + " requests in an arm, at least "
                    + config.minExposure() + " are needed");
        }
        if (reading.evidence().pass() < neededToPass()) {
            return Optional.of(name + ": " + reading.finding() + "; not proven to be within the margin: e = "
                    + Words.eValue(reading.evidence().pass()) + ", needed " + Words.eValue(neededToPass()));
        }
        return Optional.empty();
    }

    /** Returns how long counted buckets and requests still take until there are enough for a pass. */
    double secondsToExposure(MetricReading reading) {
        double bucketSeconds = config.bucket().toMillis() / 1000.0;
        double ofBuckets = Math.max(0, config.minBuckets() - reading.countedBuckets()) * bucketSeconds;
        double missing = Math.max(0, config.minExposure() - reading.leastExposure());
        double perSecond = reading.leastExposure() / (reading.countedBuckets() * bucketSeconds);
        return Math.max(ofBuckets, missing == 0 ? 0 : missing / perSecond);
    }

    private boolean isStale(MetricReading reading, Instant start, Instant at) {
        return lastData(reading, start).plus(config.dataTimeout()).isBefore(at);
    }

    private static Instant lastData(MetricReading reading, Instant start) {
        Instant last = reading.lastData();
        return last == null ? start : last;
    }

    double neededToPass() {
        return -StrictMath.log(config.beta());
    }

    /** Returns ln of the evidence at which a metric alone makes the run fail. */
    double neededToFail(MetricReading reading, List<MetricVerdict> all) {
        return failureEvidence(all.stream().map(MetricVerdict::reading).toList())
                .neededAlone(reading.evidence());
    }

    private CanaryVerdict verdict(
            CanaryState state,
            List<MetricReading> readings,
            FailureEvidence evidence,
            Instant at,
            List<String> reasons) {
        return verdict(state, readings, evidence, at, reasons, Set.of());
    }

    private CanaryVerdict verdict(
            CanaryState state,
            List<MetricReading> readings,
            FailureEvidence evidence,
            Instant at,
            List<String> reasons,
            Set<String> stale) {
        List<MetricVerdict> metrics = readings.stream()
                .map(reading -> metricVerdict(
                        reading, evidence, stale.contains(reading.metric().name())))
                .toList();
        return new CanaryVerdict(
                state,
                at,
                evidence.logE(),
                evidence.needed(),
                neededToPass(),
                reasons,
                notes(),
                metrics,
                null,
                null,
                null);
    }

    private List<String> notes() {
        TrafficPlan.Unit unit = config.traffic().randomizedBy();
        if (unit == null) {
            return List.of("not randomised: by the config nothing assigns requests to the arms at random,"
                    + " so the arms may differ by whom they serve");
        }
        return unit == TrafficPlan.Unit.REQUEST
                ? List.of()
                : List.of("randomised by " + unit.name().toLowerCase(Locale.ROOT) + ": requests of one "
                        + unit.name().toLowerCase(Locale.ROOT)
                        + " are alike, which the evidence allows for only as far as it has been seen");
    }

    private MetricVerdict metricVerdict(MetricReading reading, FailureEvidence evidence, boolean isStale) {
        if (reading.evidence().isBroken()) {
            return new MetricVerdict(CanaryState.ERROR, reading, "the evidence is not a number");
        }
        var reason = new StringBuilder(reading.finding());
        CanaryState state = CanaryState.INCONCLUSIVE;
        if (evidence.isCulprit(reading.evidence())) {
            state = CanaryState.FAILED;
            reason.append("; ").append(evidence.proof(reading.evidence()));
        } else if (reading.evidence().canFail() && !isStale && missing(reading).isEmpty()) {
            state = CanaryState.SUCCESSFUL;
            reason.append("; ").append(proofOfPass(reading));
        } else if (reading.hindrance() != null) {
            reason.append("; ").append(reading.hindrance());
        } else {
            reason.append("; for a failure e = ")
                    .append(Words.eValue(reading.evidence().fail()))
                    .append(", for a pass e = ")
                    .append(Words.eValue(reading.evidence().pass()))
                    .append(", needed ")
                    .append(Words.eValue(neededToPass()));
        }
        if (isStale) {
            reason.append("; no data of both arms for longer than ").append(Words.duration(config.dataTimeout()));
        }
        if (reading.metric().standing().isAdvisory()) {
            reason.append("; advisory by configuration");
        }
        reading.notes().forEach(note -> reason.append("; ").append(note));
        return new MetricVerdict(state, reading, reason.toString());
    }

    private List<String> reasons(List<MetricReading> readings, FailureEvidence evidence) {
        var reasons = new ArrayList<String>();
        readings.stream()
                .filter(reading -> evidence.isCulprit(reading.evidence()))
                .sorted(Comparator.comparingDouble(
                                (MetricReading reading) -> reading.evidence().fail())
                        .reversed())
                .forEach(culprit -> reasons.add(culprit.metric().name() + ": " + culprit.finding() + "; "
                        + evidence.proof(culprit.evidence())));
        if (reasons.isEmpty()) {
            MetricReading largest = readings.stream()
                    .filter(reading ->
                            reading.evidence().canFail() && !reading.evidence().isModelled())
                    .max(Comparator.comparingDouble(reading ->
                            StrictMath.log(reading.metric().standing().weight())
                                    + reading.evidence().fail()))
                    .orElseThrow();
            reasons.add("all metrics together: e = " + Words.eValue(evidence.logE()) + ", needed "
                    + Words.eValue(evidence.needed()));
            reasons.add("largest contributor (not individually significant): "
                    + largest.metric().name() + ": " + largest.finding());
        }
        reasons.add("such an alarm is false in at most " + Words.percent(config.alpha())
                + " of the runs of canaries that are within what is tolerated, however often one looks");
        return reasons;
    }

    /** The evidence of all metrics for a failure. */
    private static final class FailureEvidence {
        private final List<LogEvidence> exact;
        private final List<LogEvidence> gauges;
        private final double logE;
        private final double needed;
        private final double neededByGauge;
        private final double weightOfGauges;
        private double @Nullable [] adjusted;

        FailureEvidence(CanaryConfig config, List<LogEvidence> readings) {
            List<LogEvidence> counting =
                    readings.stream().filter(LogEvidence::canFail).toList();
            exact = counting.stream().filter(reading -> !reading.isModelled()).toList();
            gauges = counting.stream().filter(reading -> reading.isModelled()).toList();
            needed = -StrictMath.log(config.alphaOfExact(!gauges.isEmpty()));
            neededByGauge = -StrictMath.log(config.alphaOfGauges(!exact.isEmpty()));
            weightOfGauges = weights(gauges).sum();
            logE = exact.isEmpty() ? 0 : EValues.mean(logs(), weights(exact).toArray());
        }

        private double[] logs() {
            return exact.stream().mapToDouble(LogEvidence::fail).toArray();
        }

        /** Most runs are asked for it once, when they have failed. */
        private double adjusted(int place) {
            if (adjusted == null) {
                adjusted = EValues.adjusted(logs(), weights(exact).toArray());
            }
            return adjusted[place];
        }

        private static DoubleStream weights(List<LogEvidence> readings) {
            return readings.stream()
                    .mapToDouble(reading -> reading.metric().standing().weight());
        }

        /** Returns ln of the evidence of ratios and latencies, or of gauges where there are only those. */
        double logE() {
            return exact.isEmpty()
                    ? gauges.stream().mapToDouble(this::ofGauge).max().orElse(0)
                    : logE;
        }

        double needed() {
            return exact.isEmpty() && !gauges.isEmpty() ? neededByGauge : needed;
        }

        boolean isEnough() {
            return (!exact.isEmpty() && logE >= needed)
                    || gauges.stream().anyMatch(reading -> ofGauge(reading) >= neededByGauge);
        }

        private double ofGauge(LogEvidence reading) {
            return StrictMath.log(reading.metric().standing().weight() / weightOfGauges) + reading.fail();
        }

        double neededAlone(LogEvidence reading) {
            boolean isExact = exact.contains(reading);
            double all = isExact ? weights(exact).sum() : weightOfGauges;
            double share = reading.metric().standing().weight() / all;
            return (isExact ? needed : neededByGauge) - StrictMath.log(share);
        }

        boolean isCulprit(LogEvidence reading) {
            int place = exact.indexOf(reading);
            return place >= 0
                    ? adjusted(place) >= needed
                    : gauges.contains(reading) && ofGauge(reading) >= neededByGauge;
        }

        String proof(LogEvidence reading) {
            int place = exact.indexOf(reading);
            double log = place >= 0 ? adjusted(place) : ofGauge(reading);
            return "proof that it is beyond what is tolerated: e = " + Words.eValue(log) + ", needed "
                    + Words.eValue(place >= 0 ? needed : neededByGauge);
        }
    }
}
