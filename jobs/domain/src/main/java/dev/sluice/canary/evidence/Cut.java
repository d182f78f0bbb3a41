package dev.sluice.canary.evidence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Where the requests of both arms are cut in two, of one quantile: chosen before the data that are counted.
 *
 * @param quantile above 0 and below 1, of the baseline
 * @param baseline the baseline's threshold v
 * @param canary the canary's threshold T, at least v
 * @param method how the slow requests are compared
 */
public record Cut(double quantile, double baseline, double canary, Method method) {
    /** 0.1 times 1.1 is not quite the bound 0.11. */
    private static final double ROUNDING = 1e-9;

    /** How the slow requests of both arms are compared. */
    public enum Method {
        /** The canary's above what is allowed against the baseline's: the tolerance is one of latency. */
        EXCEEDANCE,
        /** Those above one bound: no other bound is near what is allowed, so the tolerance is one of the share. */
        SLOWER_SHARE,
        /** Those at or below one bound, which are the rarer ones. */
        FASTER_SHARE
    }

    /** Which way a threshold that lies between two bounds goes: so that the verdict becomes no easier. */
    public enum Rounding {
        /** For a failure. */
        UP,
        /** For a pass. */
        DOWN
    }

    /**
     * Chooses the cut of a quantile.
     *
     * <p>Of values, v is the quantile itself. Between bounds, v is the bound whose share is nearest to it (in log-odds), and T
     * the next bound beyond (for a pass: before) what is allowed. It must be "near": from (1 + tolerance) v to (1 + margin) v.
     * Where there is none, the shares above v are compared.
     *
     * @param quantile above 0 and below 1
     * @param allowed what the canary may be slower by, as a part of v: the tolerance (for a pass: the margin)
     * @param rounding which of the two
     * @param tolerance the tolerance
     * @param margin the margin, at least the tolerance
     * @param warmUp the requests of the warm-up, in both arms
     */
    public static Cut of(
            double quantile,
            double allowed,
            Rounding rounding,
            double tolerance,
            double margin,
            HistogramBucket warmUp) {
        Histogram baseline = warmUp.baseline();
        if (warmUp.isOfValues()) {
            double v = baseline.boundOfRank((long) Math.ceil(quantile * baseline.total()));
            return new Cut(quantile, v, v * (1 + allowed), Method.EXCEEDANCE);
        }
        double[] bounds = warmUp.bounds();
        if (bounds.length == 0) {
            throw new IllegalArgumentException("the arms have no bound in common");
        }
        double v = nearest(quantile, bounds, baseline);
        for (int i = 0; i < bounds.length; i++) {
            double bound = bounds[rounding == Rounding.UP ? i : bounds.length - 1 - i];
            boolean beyond = rounding == Rounding.UP
                    ? bound >= v * (1 + allowed) * (1 - ROUNDING)
                    : bound <= v * (1 + allowed) * (1 + ROUNDING);
            boolean near = bound >= v * (1 + tolerance) * (1 - ROUNDING) && bound <= v * (1 + margin) * (1 + ROUNDING);
            if (beyond && near) {
                return new Cut(quantile, v, bound, Method.EXCEEDANCE);
            }
        }
        boolean slowAreRarer = 2 * baseline.countAbove(v) <= baseline.total();
        return new Cut(quantile, v, v, slowAreRarer ? Method.SLOWER_SHARE : Method.FASTER_SHARE);
    }

    private static double nearest(double quantile, double[] bounds, Histogram of) {
        double nearest = bounds[0];
        double least = Double.POSITIVE_INFINITY;
        for (double bound : bounds) {
            // half a value keeps the odds finite where no value is above, or below
            double above = of.countAbove(bound) + 0.5;
            double odds = (of.total() + 1 - above) / above;
            double distance = Math.abs(StrictMath.log(odds) - StrictMath.log(quantile / (1 - quantile)));
            if (distance < least) {
                least = distance;
                nearest = bound;
            }
        }
        return nearest;
    }

    /** Writes the cut. */
    public void save(DataOutput out) throws IOException {
        out.writeDouble(quantile);
        out.writeDouble(baseline);
        out.writeDouble(canary);
        out.writeUTF(method.name());
    }

    /** Reads a cut that was saved. */
    public static Cut load(DataInput in) throws IOException {
        return new Cut(in.readDouble(), in.readDouble(), in.readDouble(), Method.valueOf(in.readUTF()));
    }

    /** Returns whether both arms can be cut so. */
    public boolean applies(HistogramBucket bucket) {
        return bucket.baseline().canCutAt(baseline) && bucket.canary().canCutAt(canary);
    }

    /** Returns the counts: of requests beyond the thresholds, or, for the faster share, of those up to the bound. */
    public ExceedanceBucket counts(HistogramBucket bucket) {
        long ofBaseline = bucket.baseline().total();
        long ofCanary = bucket.canary().total();
        long slowBaseline = bucket.baseline().countAbove(baseline);
        long slowCanary = bucket.canary().countAbove(canary);
        return method == Method.FASTER_SHARE
                ? new ExceedanceBucket(ofBaseline - slowBaseline, ofBaseline, ofCanary - slowCanary, ofCanary)
                : new ExceedanceBucket(slowBaseline, ofBaseline, slowCanary, ofCanary);
    }
}
