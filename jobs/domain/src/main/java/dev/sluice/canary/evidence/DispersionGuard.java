package dev.sluice.canary.evidence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How many times more the counts of the arms vary than those of independent requests would: phi, at least 1. Increments are
 * divided by the phi of the past, which keeps them valid and makes them weaker where errors come in clusters.
 *
 * <p>The canary's events in a bucket are compared with what their share should be at the Mantel-Haenszel ratio rho of the
 * past: q = pi rho / (1 + pi (rho - 1)), r = x_c - m q, v = m q (1 - q) (1 - m/N). Blocks of buckets close as soon as their
 * variance reaches 1; two of a level make one of the next, so that clusters of any length show up. Per level, R^2/V is 1 on
 * average for independent requests, and phi = max over levels of (20 phi0 + sum of R^2/V) / (20 + blocks).
 *
 * <p>Sources: N. Mantel, W. Haenszel, "Statistical aspects of the analysis of data from retrospective studies of disease",
 * Journal of the National Cancer Institute 22 (1959), for rho; Pearson's statistic of blocks for the inflation.
 *
 * <p>It is a safeguard, not a theorem: it cannot know a burst that has not happened yet. What history knows is the floor phi0.
 */
public final class DispersionGuard implements Stateful {
    /** Where two blocks of the level before have made 8, a level is heard. */
    private static final int LEAST_BLOCKS = 8;
    /** From this many blocks on, a level of the history counts for the floor. */
    private static final int LEAST_BLOCKS_OF_HISTORY = 16;
    /** So many blocks' worth of belief in the floor. */
    private static final double PRIOR_BLOCKS = 20;

    private double floor;
    private final Exposure exposure;
    private final DyadicBlocks arms = new DyadicBlocks(1);
    private DyadicBlocks pods = new DyadicBlocks(0);
    private int podsSeen;
    private double canaryWeight;
    private double baselineWeight;

    /**
     * Begins.
     *
     * @param floor phi0, what phi is at least; 1 where no history is known
     * @param exposure what the exposure of the counts is
     */
    public DispersionGuard(double floor, Exposure exposure) {
        if (!(floor >= 1) || Double.isInfinite(floor)) {
            throw new IllegalArgumentException("floor " + floor);
        }
        this.floor = floor;
        this.exposure = exposure;
    }

    /** Returns phi, from the buckets so far. */
    public double phi() {
        return Math.max(floor, Math.max(inflation(arms), inflation(pods)));
    }

    /**
     * Returns the Mantel-Haenszel estimate of the ratio of the canary's rate to the baseline's: (sum of x_c n_b / N + 1/2) /
     * (sum of x_b n_c / N + 1/2). It compares within buckets only, so a change of traffic does not bias it.
     */
    public double ratio() {
        return (canaryWeight + 0.5) / (baselineWeight + 0.5);
    }

    /** Adds a bucket with both arms; one in which nothing or everything was an event says nothing and is passed over. */
    public void add(RatioBucket bucket) {
        double n = bucket.exposure();
        double m = bucket.events();
        if (!(m > 0) || (exposure == Exposure.REQUESTS && m >= n)) {
            return;
        }
        double share = bucket.canaryShare();
        double ratio = ratio();
        double q = share * ratio / (1 + share * (ratio - 1));
        double remaining = exposure == Exposure.REQUESTS ? 1 - m / n : 1;
        arms.add(new double[] {bucket.canaryEvents() - m * q}, new double[] {m * q * (1 - q) * remaining});
        canaryWeight += bucket.canaryEvents() * bucket.baselineExposure() / n;
        baselineWeight += bucket.baselineEvents() * bucket.canaryExposure() / n;
    }

    /**
     * Adds what the pods of one arm, all of one version, did in a bucket: they should differ by chance only.
     *
     * @param events one number of each pod, always in the same order while the pods are the same
     * @param exposures as many
     */
    public void addPods(double[] events, double[] exposures) {
        if (events.length != podsSeen) {
            replacePods(events.length);
        }
        double allEvents = 0;
        double allExposures = 0;
        for (int pod = 0; pod < events.length; pod++) {
            allEvents += events[pod];
            allExposures += exposures[pod];
        }
        double p = allEvents / allExposures;
        if (events.length < 2 || !(allEvents > 0) || !(allExposures > 0) || (exposure == Exposure.REQUESTS && p >= 1)) {
            return;
        }
        var residuals = new double[events.length];
        var variances = new double[events.length];
        for (int pod = 0; pod < events.length; pod++) {
            residuals[pod] = events[pod] - exposures[pod] * p;
            variances[pod] = exposures[pod] * p * (exposure == Exposure.REQUESTS ? 1 - p : 1);
        }
        pods.add(residuals, variances);
    }

    /** Forgets the blocks that are open: the pods are others from now on. What closed blocks said stays. */
    public void replacePods(int number) {
        pods = pods.withSeries(number);
        podsSeen = number;
    }

    /** Returns whether these buckets have enough blocks to tell how counts vary: so many events, or pods, have to differ. */
    public boolean knowsVariation() {
        for (DyadicBlocks blocks : new DyadicBlocks[] {arms, pods}) {
            if (blocks.count(0) >= LEAST_BLOCKS_OF_HISTORY) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the floor for later runs that these buckets, of baseline against baseline, amount to: the greatest inflation of
     * a level with at least {@value #LEAST_BLOCKS_OF_HISTORY} blocks.
     */
    public double floorForLater() {
        double greatest = 1;
        for (DyadicBlocks blocks : new DyadicBlocks[] {arms, pods}) {
            for (int level = 0; level < DyadicBlocks.LEVELS; level++) {
                if (blocks.count(level) >= LEAST_BLOCKS_OF_HISTORY) {
                    greatest = Math.max(greatest, blocks.sum(level) / blocks.count(level));
                }
            }
        }
        return greatest;
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeDouble(floor);
        arms.save(out);
        out.writeInt(podsSeen);
        pods.save(out);
        out.writeDouble(canaryWeight);
        out.writeDouble(baselineWeight);
    }

    @Override
    public void load(DataInput in) throws IOException {
        floor = in.readDouble();
        arms.load(in);
        podsSeen = in.readInt();
        pods = new DyadicBlocks(podsSeen);
        pods.load(in);
        canaryWeight = in.readDouble();
        baselineWeight = in.readDouble();
    }

    private double inflation(DyadicBlocks blocks) {
        double greatest = 1;
        for (int level = 0; level < DyadicBlocks.LEVELS; level++) {
            if (level == 0 || blocks.count(level) >= LEAST_BLOCKS) {
                greatest = Math.max(
                        greatest, (PRIOR_BLOCKS * floor + blocks.sum(level)) / (PRIOR_BLOCKS + blocks.count(level)));
            }
        }
        return greatest;
    }
}
