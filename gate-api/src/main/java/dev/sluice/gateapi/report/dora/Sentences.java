package dev.sluice.gateapi.report.dora;

import dev.sluice.dora.ShiftFact;
import dev.sluice.gateapi.report.dora.Metric.Change;
import dev.sluice.shift.Direction;
import dev.sluice.store.DoraScope;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Says in words what a metric did. Only what was found to be a shift is called a real change, and only of the service of
 * which it was found.
 */
final class Sentences {
    private final DoraScope scope;
    private final Days before;

    /**
     * Creates the sentences of a report.
     *
     * @param scope of what it is
     * @param before the days that it compares with
     */
    Sentences(DoraScope scope, Days before) {
        this.scope = scope;
        this.before = before;
    }

    /** Returns how a value differs from the one before, as far as it would be written. */
    static Change change(Metric metric, Value now, Value earlier) {
        if (now.value() == null || earlier.value() == null) {
            return Change.UNKNOWN;
        }
        if (amount(metric, now).equals(amount(metric, earlier))) {
            return Change.SAME;
        }
        return now.value() > earlier.value() ? Change.ROSE : Change.FELL;
    }

    /**
     * Returns one or several sentences.
     *
     * @param metric the metric
     * @param now what it amounts to in the days
     * @param earlier what it amounted to in the days before
     * @param shifts all shifts of it that were found in either, the withdrawn ones too
     */
    String of(Metric metric, Value now, Value earlier, List<ShiftFact> shifts) {
        Change change = change(metric, now, earlier);
        var text = new StringBuilder(difference(metric, change, now, earlier));
        if (change != Change.UNKNOWN && (now.insufficient() || earlier.insufficient())) {
            text.append(" (n = ")
                    .append(now.n())
                    .append(", before ")
                    .append(earlier.n())
                    .append(": too few to tell much)");
        }
        if (scope.kind() == DoraScope.Kind.SERVICE) {
            text.append(evidence(metric, change, shifts));
        } else if (change == Change.ROSE || change == Change.FELL) {
            text.append(intervals(metric, now, earlier)).append('.');
        } else {
            text.append('.');
        }
        return text.toString();
    }

    /** Returns a shift as a sentence. */
    static String of(ShiftFact shift) {
        Metric metric = Metric.named(shift.metric()).orElseThrow();
        String course = (shift.direction() == Direction.IMPROVEMENT ? "improved" : "deteriorated") + " since "
                + Amounts.day(shift.began()) + ", from " + amount(metric, shift.beforeValue()) + " to "
                + amount(metric, shift.afterValue());
        String what = metric.title() + " of " + shift.service() + " in " + shift.environment();
        Instant withdrawn = shift.withdrawnAt();
        return withdrawn == null
                ? what + " has " + course + " (found on " + Amounts.day(shift.detected()) + ")."
                : what + " was reported to have " + course + "; withdrawn on " + Amounts.day(withdrawn)
                        + ", because after a correction the values no longer show it.";
    }

    private String difference(Metric metric, Change change, Value now, Value earlier) {
        String title = metric.title();
        if (now.value() == null) {
            String was = earlier.value() == null
                    ? ""
                    : "; it was " + amount(metric, earlier) + " in the " + before.length() + " days before";
            return title + ": no data, because " + now.reason() + was;
        }
        return switch (change) {
            case ROSE -> title + " rose from " + amount(metric, earlier) + " to " + amount(metric, now);
            case FELL -> title + " fell from " + amount(metric, earlier) + " to " + amount(metric, now);
            case SAME -> title + " stayed at " + amount(metric, now);
            case UNKNOWN ->
                title + " is " + amount(metric, now) + (now.insufficient() ? fewOf(now) : "")
                        + "; there is nothing to compare it with in the " + before.length() + " days before";
        };
    }

    private static String fewOf(Value now) {
        return " (n = " + now.n() + ": too few to tell much)";
    }

    private String evidence(Metric metric, Change change, List<ShiftFact> shifts) {
        Optional<ShiftFact> latest =
                shifts.stream().filter(shift -> !shift.withdrawn()).max(Comparator.comparing(ShiftFact::began));
        var text = new StringBuilder();
        if (latest.isPresent() && explains(metric, change, latest.get())) {
            text.append("; this is a real change since ")
                    .append(Amounts.day(latest.get().began()))
                    .append('.');
        } else if (latest.isPresent()) {
            text.append(". A real change was found: ").append(of(latest.get()));
        } else if (change != Change.ROSE && change != Change.FELL) {
            text.append('.');
        } else if (metric.isWatched()) {
            text.append("; no real change was found: it may be chance.");
        } else {
            text.append("; whether that is more than chance is not examined for this metric.");
        }
        shifts.stream()
                .filter(ShiftFact::withdrawn)
                .forEach(shift -> text.append(" A change that was reported on ")
                        .append(Amounts.day(shift.reportedAt()))
                        .append(" is withdrawn: after a correction the values no longer show it."));
        return text.toString();
    }

    /** Tells whether a shift is what the difference comes from: the same way, and begun in the days that are compared. */
    private boolean explains(Metric metric, Change change, ShiftFact shift) {
        return (change == Change.ROSE || change == Change.FELL)
                && metric.directionOf(change) == shift.direction()
                && !shift.began().atOffset(ZoneOffset.UTC).toLocalDate().isBefore(before.from());
    }

    private static String intervals(Metric metric, Value now, Value earlier) {
        String ofNow = Amounts.interval(metric.unit(), now.lower(), now.upper());
        String ofBefore = Amounts.interval(metric.unit(), earlier.lower(), earlier.upper());
        if (ofNow.isEmpty() || ofBefore.isEmpty()) {
            return "; there is no interval of both that would tell whether this is more than chance";
        }
        return "; the 95 % intervals are " + ofBefore + " before and " + ofNow
                + " now. Real changes are looked for in services only";
    }

    private static String amount(Metric metric, Value value) {
        Double known = value.value();
        if (known == null) {
            throw new IllegalArgumentException("no value of " + metric);
        }
        return Amounts.of(metric.unit(), known);
    }

    /** Writes the value of a shift, which counts deployments a week. */
    private static String amount(Metric metric, double ofShift) {
        return switch (metric) {
            case DEPLOYMENT_FREQUENCY -> Amounts.weekly(ofShift);
            case MEAN_TIME_TO_DEPLOY -> "a median of " + Amounts.duration(ofShift);
            default -> Amounts.of(metric.unit(), ofShift);
        };
    }
}
