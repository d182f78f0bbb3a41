package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.Budget;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * That the service does not burn the error budget of an objective too fast. The burn rate is the share of bad events over the share
 * that the objective allows: at 1 the budget is gone when the objective's period is over, at 2 in half of it.
 *
 * <p>Source: <a href="https://sre.google/workbook/alerting-on-slos/">The Site Reliability Workbook, chapter 5</a>.
 *
 * @param slo name of the objective
 * @param objective the share of good events that is promised, above 0 and below 1
 * @param window over which the events were counted
 * @param mostBurn the highest burn rate that is accepted; not negative
 * @param minimumTotal events below which the counts say nothing
 * @param maxAge age of the counts beyond which they say nothing of now
 * @param sources names of the credentials that are believed; empty for all
 * @param whenMissing the answer where there are no counts, too few or too old ones: DENY, PENDING or, if the policy says so, ALLOW
 */
public record BudgetRequirement(
        String slo,
        double objective,
        Duration window,
        double mostBurn,
        long minimumTotal,
        Duration maxAge,
        Set<String> sources,
        Outcome whenMissing)
        implements Requirement {
    private static final double PERCENT = 100;

    public BudgetRequirement {
        sources = Set.copyOf(sources);
        if (slo.isBlank()) {
            throw new IllegalArgumentException("slo must not be empty");
        }
        if (!(objective > 0 && objective < 1)) {
            throw new IllegalArgumentException("objective must be above 0 and below 1: " + objective);
        }
        if (!(mostBurn >= 0 && Double.isFinite(mostBurn))) {
            throw new IllegalArgumentException("mostBurn must not be negative: " + mostBurn);
        }
        if (minimumTotal < 1) {
            throw new IllegalArgumentException("minimumTotal must be positive: " + minimumTotal);
        }
        Requirement.requirePositive("window", window);
        Requirement.requirePositive("maxAge", maxAge);
        Requirement.requireNoError(whenMissing);
    }

    @Override
    public String kind() {
        return "error_budget";
    }

    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        String what = slo + " over " + Sentences.duration(window);
        Optional<Budget> newest = input.evidence().budgets().stream()
                .filter(budget -> budget.environment().equals(input.environment())
                        && budget.slo().equals(slo)
                        && budget.window().equals(window)
                        && (sources.isEmpty() || sources.contains(budget.source())))
                .max(Comparator.comparing(Budget::at));
        if (newest.isEmpty()) {
            return Finding.missing(whenMissing, "there are no counts of " + what);
        }
        Budget budget = newest.get();
        var read = new ConditionResult.Reading[] {
            reading("budget.good", budget.good()),
            reading("budget.total", budget.total()),
            reading("budget.at", budget.at())
        };
        if (budget.good() < 0 || budget.good() > budget.total()) {
            return Finding.impossible(
                    ReasonCode.NOT_A_NUMBER,
                    "of " + budget.total() + " events of " + what + " " + budget.good() + " are said to be good",
                    read);
        }
        Duration age = Requirement.age(budget.at(), now);
        if (age.compareTo(maxAge) > 0) {
            return Finding.tooOld(whenMissing, "the count of " + what, age, maxAge, read);
        }
        if (budget.total() < minimumTotal) {
            return Finding.missing(
                    whenMissing,
                    "there were " + budget.total() + " events of " + what + ", at least " + minimumTotal
                            + " are needed",
                    read);
        }
        double burn = (budget.total() - budget.good()) / (budget.total() * (1 - objective));
        String said = String.format(
                Locale.ROOT,
                "%s burns its error budget %.3g times as fast as %s %% allows: %d of %d events were bad",
                what,
                burn,
                Sentences.plain(objective * PERCENT),
                budget.total() - budget.good(),
                budget.total());
        return burn <= mostBurn
                ? Finding.met(said, read)
                : Finding.unmet(said + "; at most " + Sentences.plain(mostBurn) + " times is accepted", read);
    }
}
