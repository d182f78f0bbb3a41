package dev.sluice.gate;

import static dev.sluice.gate.Requirement.Finding.reading;

import dev.sluice.gate.Evidence.Budget;
import dev.sluice.objective.EventCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * That the service does not burn the error budget of an objective too fast, see {@link EventCounts}.
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

    /** Each source that is believed has its say, and the worst counts: nobody makes the counts of another look good. */
    @Override
    public Finding judge(EvaluationInput input, Instant now) {
        String what = slo + " over " + Sentences.duration(window);
        Map<String, Budget> newest = input.evidence().budgets().stream()
                .filter(budget -> budget.environment().equals(input.environment())
                        && budget.slo().equals(slo)
                        && budget.window().equals(window)
                        && (sources.isEmpty() || sources.contains(budget.source())))
                .collect(Collectors.toMap(
                        Budget::source, Function.identity(), BinaryOperator.maxBy(Comparator.comparing(Budget::at))));
        Optional<Budget> last = newest.values().stream().max(Comparator.comparing(Budget::at));
        if (last.isEmpty()) {
            return Finding.missing(whenMissing, "there are no counts of " + what);
        }
        if (isOld(last.get(), now)) {
            return Finding.tooOld(
                    whenMissing,
                    "the count of " + what,
                    Requirement.age(last.get().at(), now),
                    maxAge,
                    read(last.get()));
        }
        return newest.values().stream()
                .filter(budget -> !isOld(budget, now))
                .sorted(Comparator.comparing(Budget::source))
                .map(budget -> judge(budget, what))
                .reduce((one, other) -> one.outcome().worse(other.outcome()) == one.outcome() ? one : other)
                .orElseThrow();
    }

    private boolean isOld(Budget budget, Instant now) {
        return Requirement.age(budget.at(), now).compareTo(maxAge) > 0;
    }

    private static ConditionResult.Reading[] read(Budget budget) {
        return new ConditionResult.Reading[] {
            reading("budget.source", budget.source()),
            reading("budget.good", budget.good()),
            reading("budget.total", budget.total()),
            reading("budget.at", budget.at())
        };
    }

    private Finding judge(Budget budget, String what) {
        var counts = new EventCounts(budget.good(), budget.total());
        if (!counts.arePossible()) {
            return Finding.impossible(
                    ReasonCode.NOT_A_NUMBER,
                    "of " + budget.total() + " events of " + what + " " + budget.good() + " are said to be good",
                    read(budget));
        }
        if (budget.total() < minimumTotal) {
            return Finding.missing(
                    whenMissing,
                    "there were " + budget.total() + " events of " + what + ", at least " + minimumTotal
                            + " are needed",
                    read(budget));
        }
        String said = String.format(
                Locale.ROOT,
                "%s burns its error budget %.3g times as fast as %s %% allows: %s",
                what,
                counts.burnRate(objective),
                Sentences.plain(objective * PERCENT),
                counts.words());
        return counts.compareBurn(objective, mostBurn) <= 0
                ? Finding.met(said, read(budget))
                : Finding.unmet(said + "; at most " + Sentences.plain(mostBurn) + " times is accepted", read(budget));
    }
}
