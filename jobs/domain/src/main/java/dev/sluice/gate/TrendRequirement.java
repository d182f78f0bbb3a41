package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.dora.DoraRow;
import java.time.Instant;

/**
 * That a metric compares with its own past: its value over a short window with a factor of its value over a longer one, which ends
 * now as well.
 *
 * @param metric which metric
 * @param windowDays length of the short window in days, today included
 * @param pastDays length of the long window in days, today included
 * @param operator how the short window must compare with the past
 * @param times the factor: above 0
 * @param plus what is added to the past beside, in the metric's unit: a past of nothing would accept nothing
 * @param minimumN observations in each window below which the metric is not trusted
 * @param whenMissing the answer where either has no value or too few observations: DENY, PENDING or, if the policy says so, ALLOW
 */
public record TrendRequirement(
        GateMetric metric,
        int windowDays,
        int pastDays,
        Operator operator,
        double times,
        double plus,
        int minimumN,
        Outcome whenMissing)
        implements Requirement {
    public TrendRequirement {
        Requirement.requireNoError(whenMissing);
        if (windowDays < 1 || pastDays <= windowDays) {
            throw new IllegalArgumentException(
                    "the past must be longer than the window: " + pastDays + " d, " + windowDays + " d");
        }
        if (!(times > 0 && Double.isFinite(times)) || !Double.isFinite(plus)) {
            throw new IllegalArgumentException("times must be above 0: " + times);
        }
        if (minimumN < 1) {
            throw new IllegalArgumentException("minimumN must be positive: " + minimumN);
        }
    }

    @Override
    public String kind() {
        return "trend";
    }

    @Override
    public boolean isOfEvidence() {
        return false;
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        DoraRow row = input.row();
        if (row == null) {
            return Finding.missing(whenMissing, "nothing is known of the service's metrics");
        }
        Measurement recent = GateMetric.measure(metric, windowDays, row);
        Measurement past = GateMetric.measure(metric, pastDays, row);
        var read = new ConditionResult.Reading[] {
            reading(name(windowDays), recent.value()), reading(name(pastDays), past.value())
        };
        Double value = recent.value();
        Double before = past.value();
        if (value == null || before == null) {
            return Finding.missing(whenMissing, words(value == null ? windowDays : pastDays) + " has no value", read);
        }
        if (!Double.isFinite(value) || !Double.isFinite(before)) {
            return Finding.impossible(
                    ReasonCode.NOT_A_NUMBER,
                    words(Double.isFinite(value) ? pastDays : windowDays) + " is not a number",
                    read);
        }
        int fewest = Math.min(recent.n(), past.n());
        if (fewest < minimumN) {
            return Finding.missing(
                    whenMissing,
                    words(recent.n() < minimumN ? windowDays : pastDays) + " has only " + fewest + " "
                            + metric.observations(fewest) + " behind it; at least " + minimumN + " are needed",
                    read);
        }
        double limit = times * before + plus;
        String said = words(windowDays) + " is " + Sentences.amount(metric, value) + ", over " + pastDays + " d "
                + Sentences.amount(metric, before);
        return operator.holds(value, limit)
                ? Finding.met(said, read)
                : Finding.unmet(
                        said + "; " + operator.words() + " " + Sentences.amount(metric, limit) + " is required", read);
    }

    private String words(int days) {
        return metric.words() + " over " + days + " d";
    }

    private String name(int days) {
        return "metrics." + days + "d." + metric.wireName();
    }
}
