package dev.sluice.gate;

import java.util.Arrays;
import java.util.Optional;

/** How a metric must compare with its threshold. */
public enum Operator {
    /** At least the threshold. */
    AT_LEAST(">=", "at least"),
    /** More than the threshold. */
    MORE_THAN(">", "more than"),
    /** At most the threshold. */
    AT_MOST("<=", "at most"),
    /** Less than the threshold. */
    LESS_THAN("<", "less than");

    private final String symbol;
    private final String words;

    Operator(String symbol, String words) {
        this.symbol = symbol;
        this.words = words;
    }

    /** Returns the operator that policies spell so. */
    public static Optional<Operator> ofSymbol(String symbol) {
        return Arrays.stream(values())
                .filter(operator -> operator.symbol.equals(symbol))
                .findFirst();
    }

    /** Returns whether {@code value} is on the right side of {@code threshold}; never for NaN. */
    public boolean holds(double value, double threshold) {
        return switch (this) {
            case AT_LEAST -> value >= threshold;
            case MORE_THAN -> value > threshold;
            case AT_MOST -> value <= threshold;
            case LESS_THAN -> value < threshold;
        };
    }

    /** Returns the operator as policies spell it. */
    public String symbol() {
        return symbol;
    }

    /** Returns the operator in words, e.g. {@code at least}. */
    public String words() {
        return words;
    }
}
