package dev.sluice.gate;

import static java.util.Objects.requireNonNull;

import dev.sluice.gate.ConditionResult.Reading;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reasons in words and numbers. */
final class Sentences {
    private static final int FEWEST_DECIMALS = 2;
    private static final int MOST_DECIMALS = 12;
    private static final int MOST_READINGS = 4;
    private static final int MOST_CHARACTERS = 200;
    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");

    private Sentences() {}

    /** E.g. {@code deployment success rate over 30 d is 0.62 of 21 attempts; at least 0.80 is required}. */
    static String comparison(GateMetric metric, ThresholdRule rule, double value, int n) {
        String shown;
        String required;
        switch (metric.unit()) {
            case RATIO, PER_DAY -> {
                int decimals = decimals(value, rule.threshold());
                String unit = metric.unit() == GateMetric.Unit.PER_DAY ? " per day" : "";
                shown = number(value, decimals) + unit;
                required = number(rule.threshold(), decimals) + unit;
            }
            case COUNT -> {
                shown = plain(value);
                required = plain(rule.threshold());
            }
            case SECONDS -> {
                shown = seconds(value);
                required = seconds(rule.threshold());
                if (shown.equals(required) && value != rule.threshold()) {
                    shown = plain(value) + " s";
                    required = plain(rule.threshold()) + " s";
                }
            }
            default -> throw new AssertionError(metric.unit());
        }
        String of = metric.unit() == GateMetric.Unit.COUNT ? "" : " of " + n + " " + metric.observations(n);
        return subject(metric, rule) + " is " + shown + of + "; "
                + rule.operator().words() + " " + required + " is required";
    }

    /** E.g. {@code deployment success rate over 30 d has only 1 attempt behind it; at least 5 are needed}. */
    static String tooFew(GateMetric metric, ThresholdRule rule, int n) {
        return subject(metric, rule) + " has " + (n == 0 ? "no" : "only " + n) + " " + metric.observations(n)
                + " behind it; at least " + rule.minimumN() + (rule.minimumN() == 1 ? " is" : " are") + " needed";
    }

    /** E.g. {@code deployment success rate over 30 d}. */
    static String subject(GateMetric metric, ThresholdRule rule) {
        String bound = rule.bound() == Bound.VALUE ? "" : rule.bound().wireName() + " bound of ";
        return bound + metric.words() + " over " + rule.windowDays() + " d";
    }

    /** E.g. {@code rule a of policy p is exempted until 2026-03-08T12:00:00Z (OPS-1): the metric has no value}. */
    static String exempted(RuleResult result) {
        Exemption exemption = requireNonNull(result.exemption());
        return "rule " + result.rule() + " of policy " + result.policy() + " is exempted until " + exemption.expires()
                + " (" + exemption.ticket() + "): " + result.reason();
    }

    /** What the policy says about a lack of data, for the end of a sentence. */
    static String consequence(Outcome outcome) {
        return switch (outcome) {
            case ALLOW -> "the policy says to allow in this case";
            case PENDING -> "the policy says to wait in this case";
            case DENY -> "the policy says to deny in this case";
            case ERROR -> throw new AssertionError("no policy asks for an error");
        };
    }

    /** E.g. {@code current.version != artifact.version does not hold; current.version is 1.2, artifact.version is 1.2}. */
    static String broken(ConditionRule rule, List<Reading> read) {
        String what = rule.message() == null ? shortened(rule.expression()) + " does not hold" : rule.message();
        String seen = read.stream()
                .limit(MOST_READINGS)
                .map(reading -> reading.name() + " is " + (reading.value() == null ? "not known" : reading.value()))
                .collect(Collectors.joining(", "));
        return seen.isEmpty() ? what : what + "; " + seen;
    }

    /** On one line, and no longer than a sentence can bear. */
    static String shortened(String expression) {
        String line = WHITE_SPACE.matcher(expression.strip()).replaceAll(" ");
        return line.length() <= MOST_CHARACTERS ? line : line.substring(0, MOST_CHARACTERS) + "…";
    }

    /** The two largest units, e.g. {@code 2 d 3 h}; exact below a minute. */
    static String seconds(double seconds) {
        if (Math.abs(seconds) < 60) {
            return plain(seconds) + " s";
        }
        return duration(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    /** The two largest units, e.g. {@code 2 d 3 h}. */
    static String duration(Duration duration) {
        if (duration.isNegative()) {
            return "-" + duration(duration.negated());
        }
        if (duration.toDays() > 0) {
            return duration.toDays() + " d" + rest(duration.toHoursPart(), " h");
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + " h" + rest(duration.toMinutesPart(), " min");
        }
        if (duration.toMinutes() > 0) {
            return duration.toMinutes() + " min" + rest(duration.toSecondsPart(), " s");
        }
        return plain(duration.toMillis() / 1000.0) + " s";
    }

    private static String rest(int count, String unit) {
        return count == 0 ? "" : " " + count + unit;
    }

    /** As few decimals as keep two different numbers different on paper. */
    private static int decimals(double value, double threshold) {
        int decimals = FEWEST_DECIMALS;
        while (decimals < MOST_DECIMALS
                && value != threshold
                && number(value, decimals).equals(number(threshold, decimals))) {
            decimals++;
        }
        return decimals;
    }

    private static String number(double value, int decimals) {
        return BigDecimal.valueOf(value)
                .setScale(decimals, RoundingMode.HALF_UP)
                .toPlainString();
    }

    /** A value of a metric with its unit, e.g. {@code 2 d 3 h}. */
    static String amount(GateMetric metric, double value) {
        return switch (metric.unit()) {
            case SECONDS -> seconds(value);
            case PER_DAY -> rounded(value) + " per day";
            case RATIO, COUNT -> rounded(value);
        };
    }

    /** To four digits: more say nothing to people, and fewer would show different numbers as the same. */
    private static String rounded(double value) {
        return BigDecimal.valueOf(value)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }

    static String plain(double value) {
        BigDecimal decimal = BigDecimal.valueOf(value).stripTrailingZeros();
        return decimal.scale() < 0
                ? decimal.setScale(0, RoundingMode.UNNECESSARY).toPlainString()
                : decimal.toPlainString();
    }
}
