package dev.sluice.statistics;

/**
 * How many of m drawn are marked, when m are drawn without replacement from N = n1 + n2, of which n2 are marked: Y ~
 * Hypergeometric(N, n2, m). In a comparison of two arms, given that m requests of both together were slow and that the
 * version makes no difference, it is the number of those that were the canary's.
 *
 * <p>The cumulant generating function K(u) = ln E[e^(uY)] is computed exactly: the ratio of neighbouring probabilities is
 * rational, so the terms are followed from the mode of the tilted distribution to both sides until they no longer count.
 * That takes some 20 standard deviations of Y per u, whatever the size of the support.
 */
public final class Hypergeometric {
    /** A term that is smaller than this share of the sum, and after which all are smaller still, is left out. */
    private static final double NEGLIGIBLE = 1e-18;

    private static final int MOST_KNOWN = 1 << 16;
    private static final double SMALL = 1e-200;
    private static final double LARGE = 1e200;

    private final double unmarked;
    private final double marked;
    private final double drawn;
    private final double least;
    private final double most;
    private final double[] known;

    /**
     * Takes the three numbers.
     *
     * @param unmarked n1, at least 0
     * @param marked n2, at least 0
     * @param drawn m, from 0 to n1 + n2
     */
    public Hypergeometric(long unmarked, long marked, long drawn) {
        if (unmarked < 0 || marked < 0 || drawn < 0 || drawn > unmarked + marked) {
            throw new IllegalArgumentException(drawn + " drawn from " + unmarked + " and " + marked);
        }
        this.unmarked = unmarked;
        this.marked = marked;
        this.drawn = drawn;
        this.least = Math.max(0, drawn - unmarked);
        this.most = Math.min(marked, drawn);
        this.known = new double[(int) Math.min(most - least, MOST_KNOWN)];
    }

    /** Returns the number of values that Y can take. */
    public double support() {
        return most - least + 1;
    }

    /**
     * Returns K(u) = ln E[e^(uY)] for several u.
     *
     * @param arguments all of one sign, of increasing size
     */
    public double[] logMgf(double... arguments) {
        double mode = Math.floor((drawn + 1) * (marked + 1) / (unmarked + marked + 2));
        double at = Math.min(most, Math.max(least, mode));
        double logTotal = StrictMath.log(relativeSum(at, 1));
        double logRelative = 0;
        var values = new double[arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            double u = arguments[i];
            double tilt = StrictMath.exp(u);
            double product = 1;
            while (u > 0 && at < most && ratio(at) * tilt > 1) {
                product *= ratio(at);
                at++;
                if (product < SMALL) {
                    logRelative += StrictMath.log(product);
                    product = 1;
                }
            }
            while (u < 0 && at > least && ratio(at - 1) * tilt < 1) {
                at--;
                product *= ratio(at);
                if (product > LARGE) {
                    logRelative -= StrictMath.log(product);
                    product = 1;
                }
            }
            logRelative += u < 0 ? -StrictMath.log(product) : StrictMath.log(product);
            values[i] = logRelative + u * at + StrictMath.log(relativeSum(at, tilt)) - logTotal;
        }
        return values;
    }

    /**
     * Returns an upper bound of K(u) by W. Hoeffding, "Probability inequalities for sums of bounded random variables",
     * Journal of the American Statistical Association 58 (1963), section 6: a draw without replacement is not more spread
     * than one with, of the marked and of the drawn, and of what was not drawn and is not marked.
     */
    public double logMgfBound(double u) {
        return logMgfBound(marked, unmarked, drawn, u);
    }

    /**
     * Returns the same bound for amounts that need not be whole, such as numbers a second.
     *
     * @param marked n2
     * @param unmarked n1
     * @param drawn m, at most n1 + n2
     */
    public static double logMgfBound(double marked, double unmarked, double drawn, double u) {
        double all = marked + unmarked;
        double p = drawn / all;
        double share = marked / all;
        double w = StrictMath.expm1(u);
        double ofDrawn = drawn * StrictMath.log1p(share * w);
        double ofMarked = marked * StrictMath.log1p(p * w);
        double ofUnmarked = u * (drawn - unmarked) + unmarked * StrictMath.log1p((1 - p) * w);
        double ofUndrawn = u * (drawn - unmarked) + (all - drawn) * StrictMath.log1p((1 - share) * w);
        return Math.min(Math.min(ofDrawn, ofMarked), Math.min(ofUnmarked, ofUndrawn));
    }

    /** P(Y = y + 1) / P(Y = y): the same ones are asked for with each u. */
    private double ratio(double y) {
        int place = (int) (y - least);
        if (place >= known.length) {
            return computed(y);
        }
        if (known[place] == 0) {
            known[place] = computed(y);
        }
        return known[place];
    }

    private double computed(double y) {
        return (marked - y) * (drawn - y) / ((y + 1) * (unmarked - drawn + y + 1));
    }

    /** Returns the sum of P(Y = y) tilt^y over all y, in units of the term of a given y, which is (about) the greatest. */
    private double relativeSum(double mode, double tilt) {
        double sum = 1;
        double term = 1;
        for (double y = mode; y < most && term > NEGLIGIBLE * sum; y++) {
            term *= ratio(y) * tilt;
            sum += term;
        }
        term = 1;
        for (double y = mode; y > least && term > NEGLIGIBLE * sum; y--) {
            term /= ratio(y - 1) * tilt;
            sum += term;
        }
        return sum;
    }
}
