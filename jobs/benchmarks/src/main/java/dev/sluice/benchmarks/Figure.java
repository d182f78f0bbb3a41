package dev.sluice.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One number that was measured.
 *
 * @param name what it is, in words
 * @param value finite
 * @param unit of the value; empty for a ratio
 * @param budget what it must keep; null where it only explains another
 */
record Figure(
        String name, double value, String unit, @Nullable Budget budget) {
    Figure {
        requireNonNull(name, "name");
        requireNonNull(unit, "unit");
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " must be finite: " + value);
        }
    }

    static Figure of(String name, double value, String unit) {
        return new Figure(name, value, unit, null);
    }

    /** A number of things, or bytes. */
    static Figure count(String name, long value, String unit) {
        return of(name, (double) value, unit);
    }

    /** The same with a budget. */
    Figure within(Budget limit) {
        return new Figure(name, value, unit, limit);
    }

    String shownValue() {
        return shown(value);
    }

    /** Returns the budget as people read it; empty where there is none. */
    String shownBudget() {
        return budget == null ? "" : budget.bound().symbol() + " " + shown(budget.limit());
    }

    /** Returns whether the budget is kept, and if not by what factor it is missed; empty where there is none. */
    String shownVerdict() {
        if (budget == null) {
            return "";
        }
        return switch (budget.verdict(value)) {
            case MET -> "met";
            case MISSED -> String.format(Locale.ROOT, "missed, %.2f×", budget.excess(value));
            case FAR_MISSED -> String.format(Locale.ROOT, "**missed, %.1f×**", budget.excess(value));
        };
    }

    private String shown(double number) {
        String pattern;
        if (Math.abs(number) >= 100 || number == Math.rint(number)) {
            pattern = "%,.0f";
        } else {
            pattern = Math.abs(number) >= 10 ? "%.1f" : "%.2f";
        }
        String text = String.format(Locale.ROOT, pattern, number);
        return unit.isEmpty() ? text : text + " " + unit;
    }
}
