package dev.sluice.gateapi.cel;

import java.time.Duration;

/**
 * What an expression may cost. CEL always ends, but not always soon: with the library's own settings 215 characters
 * (seven nested {@code all}) run for seconds. The limits are there from the first release on, because one that is
 * added later breaks policies that are in use.
 *
 * @param expressionSize code points of an expression; what is longer is no longer read by people
 * @param parseDepth recursion of the parser: parentheses must not exhaust its stack
 * @param nodes nodes of the syntax tree after macros are expanded
 * @param depth levels of the syntax tree, which evaluation descends recursively
 * @param nesting comprehensions within one another: the exponent of the cost
 * @param iterations steps of all comprehensions of one evaluation together; some ms
 * @param regexSize instructions of a regular expression; matching takes this times the length of the text (RE2: no
 *     backtracking)
 * @param deadline wall-clock time of one evaluation, waiting for a thread included: a gate answers in milliseconds,
 *     and what the other limits let through must not hold it up
 * @param threads evaluations at the same time
 * @param waiting evaluations that may wait for a thread; what exceeds them fails at once
 * @param readings values that are kept to explain an answer
 * @param readingSize characters that are kept of one value
 */
public record CelLimits(
        int expressionSize,
        int parseDepth,
        int nodes,
        int depth,
        int nesting,
        int iterations,
        int regexSize,
        Duration deadline,
        int threads,
        int waiting,
        int readings,
        int readingSize) {
    /** The limits of the service. */
    public static final CelLimits DEFAULT =
            new CelLimits(4_096, 32, 2_000, 32, 2, 10_000, 1_000, Duration.ofMillis(50), 4, 64, 32, 200);

    public CelLimits {
        if (deadline.isNegative() || deadline.isZero()) {
            throw new IllegalArgumentException("deadline must be positive: " + deadline);
        }
        requirePositive("expressionSize", expressionSize);
        requirePositive("parseDepth", parseDepth);
        requirePositive("nodes", nodes);
        requirePositive("depth", depth);
        requirePositive("nesting", nesting);
        requirePositive("iterations", iterations);
        requirePositive("regexSize", regexSize);
        requirePositive("threads", threads);
        requirePositive("waiting", waiting);
        requirePositive("readings", readings);
        requirePositive("readingSize", readingSize);
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
