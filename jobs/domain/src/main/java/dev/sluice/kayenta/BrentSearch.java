package dev.sluice.kayenta;

import java.util.function.DoubleUnaryOperator;

/**
 * Brent's search for a root between two arguments where a function has opposite signs: each step is taken by inverse quadratic
 * or linear interpolation, or halves the bracket if that would not be better.
 *
 * <p>Where the function is a step function, it depends on the order of the steps which point near the jump is the answer, and
 * Kayenta's answers are those of R's {@code zeroin} with an absolute tolerance of 1e-4. Commons Math's {@code BrentSolver}
 * begins in the middle, accepts other interpolations, and takes the tolerance to be half of the width where it stops: it
 * answers otherwise, -2.900068 where R has -2.900042 for the data set mtcars. Between values of the size of the tolerance that
 * decides about a metric.
 *
 * <p>Source: Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
 */
final class BrentSearch {
    /** To within what a root is found, whatever the unit of the values: for values of this size it is too coarse. */
    static final double TOLERANCE = 1e-4;

    /** The first one and 1000 more. */
    private static final int MOST_STEPS = 1001;

    private static final double MACHINE_EPSILON = Math.ulp(1.0);

    private final DoubleUnaryOperator function;
    /** The newest end of the bracket, after {@link #step} that with the smaller value. */
    private double best;

    private double atBest;
    /** What was the best before; often outside of the bracket. */
    private double previous;

    private double atPrevious;
    /** The other end of the bracket. */
    private double opposite;

    private double atOpposite;

    private BrentSearch(DoubleUnaryOperator function, double low, double atLow, double high, double atHigh) {
        this.function = function;
        this.best = high;
        this.atBest = atHigh;
        this.previous = low;
        this.atPrevious = atLow;
        this.opposite = low;
        this.atOpposite = atLow;
    }

    /** Returns where the function is 0, or changes its sign; {@code atLow} and {@code atHigh} are its values at the ends. */
    static double root(DoubleUnaryOperator function, double low, double atLow, double high, double atHigh) {
        if (atLow == 0) {
            return low;
        }
        var search = new BrentSearch(function, low, atLow, high, atHigh);
        int steps = 0;
        while (search.atBest != 0 && steps < MOST_STEPS && search.step()) {
            steps++;
        }
        return search.best;
    }

    /** Goes on by one step; returns false if the root is found already. */
    private boolean step() {
        double lastStep = best - previous;
        if (Math.abs(atOpposite) < Math.abs(atBest)) {
            turn();
        }
        double tolerance = 2 * MACHINE_EPSILON * Math.abs(best) + TOLERANCE / 2;
        double half = (opposite - best) / 2;
        if (Math.abs(half) <= tolerance) {
            return false;
        }
        boolean canInterpolate = Math.abs(lastStep) >= tolerance && Math.abs(atPrevious) > Math.abs(atBest);
        double step = canInterpolate ? interpolated(half, lastStep, tolerance) : half;
        if (Math.abs(step) < tolerance) {
            step = step > 0 ? tolerance : -tolerance;
        }
        previous = best;
        atPrevious = atBest;
        best += step;
        atBest = function.applyAsDouble(best);
        if (Math.signum(atBest) * Math.signum(atOpposite) > 0) {
            opposite = previous;
            atOpposite = atPrevious;
        }
        return true;
    }

    /** Makes the other end of the bracket the best. */
    private void turn() {
        previous = best;
        atPrevious = atBest;
        best = opposite;
        atBest = atOpposite;
        opposite = previous;
        atOpposite = atPrevious;
    }

    /** The step p / q to where the curve through the known points is 0; half of the bracket if that goes too far. */
    private double interpolated(double half, double lastStep, double tolerance) {
        double width = opposite - best;
        double p;
        double q;
        if (previous == opposite) {
            double ratio = atBest / atPrevious;
            p = width * ratio;
            q = 1 - ratio;
        } else {
            double r = atPrevious / atOpposite;
            double s = atBest / atOpposite;
            double t = atBest / atPrevious;
            p = t * (width * r * (r - s) - (best - previous) * (s - 1));
            q = (r - 1) * (s - 1) * (t - 1);
        }
        if (p > 0) {
            q = -q;
        } else {
            p = -p;
        }
        boolean isInside = p < 0.75 * width * q - Math.abs(tolerance * q) / 2;
        return isInside && p < Math.abs(lastStep * q / 2) ? p / q : half;
    }
}
