package dev.sluice.canary.evidence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Residuals of several series, added up in blocks of growing length. A block of level 0 closes when its mean variance reaches
 * 1; two closed blocks of a level make one of the next. Of each level it keeps the sum of R^2 / V of the closed blocks, and
 * how many degrees of freedom those have.
 */
final class DyadicBlocks implements Stateful {
    static final int LEVELS = 10;

    private final int series;
    private final double[] sums;
    private final double[] counts;
    private final @Nullable Block[] waiting = new @Nullable Block[LEVELS];
    private Block open;

    DyadicBlocks(int series) {
        this(series, new double[LEVELS], new double[LEVELS]);
    }

    private DyadicBlocks(int series, double[] sums, double[] counts) {
        this.series = series;
        this.sums = sums;
        this.counts = counts;
        this.open = Block.empty(series);
    }

    /** Returns the same sums for other series: what was not closed is left out. */
    DyadicBlocks withSeries(int number) {
        return new DyadicBlocks(number, sums, counts);
    }

    void add(double[] residuals, double[] variances) {
        open = open.plus(new Block(residuals, variances));
        if (open.meanVariance() >= 1) {
            Block closed = open;
            open = Block.empty(series);
            close(0, closed);
        }
    }

    @Override
    public void save(DataOutput out) throws IOException {
        Numbers.save(out, sums);
        Numbers.save(out, counts);
        open.save(out);
        for (Block block : waiting) {
            out.writeBoolean(block != null);
            if (block != null) {
                block.save(out);
            }
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        Numbers.load(in, sums);
        Numbers.load(in, counts);
        open = Block.load(in, series);
        for (int level = 0; level < LEVELS; level++) {
            waiting[level] = in.readBoolean() ? Block.load(in, series) : null;
        }
    }

    double sum(int level) {
        return sums[level];
    }

    double count(int level) {
        return counts[level];
    }

    private void close(int level, Block block) {
        sums[level] += block.statistic();
        counts[level] += block.freedom();
        if (level + 1 == LEVELS) {
            return;
        }
        Block other = waiting[level];
        waiting[level] = other == null ? block : null;
        if (other != null) {
            close(level + 1, other.plus(block));
        }
    }

    /** Residuals and variances of all series over some buckets. */
    private record Block(double[] residuals, double[] variances) {
        static Block empty(int series) {
            return new Block(new double[series], new double[series]);
        }

        static Block load(DataInput in, int series) throws IOException {
            Block block = empty(series);
            Numbers.load(in, block.residuals);
            Numbers.load(in, block.variances);
            return block;
        }

        void save(DataOutput out) throws IOException {
            Numbers.save(out, residuals);
            Numbers.save(out, variances);
        }

        Block plus(Block other) {
            Block sum = empty(residuals.length);
            for (int i = 0; i < residuals.length; i++) {
                sum.residuals[i] = residuals[i] + other.residuals[i];
                sum.variances[i] = variances[i] + other.variances[i];
            }
            return sum;
        }

        double meanVariance() {
            double sum = 0;
            for (double variance : variances) {
                sum += variance;
            }
            return sum / variances.length;
        }

        double statistic() {
            double sum = 0;
            for (int i = 0; i < residuals.length; i++) {
                sum += variances[i] > 0 ? residuals[i] * residuals[i] / variances[i] : 0;
            }
            return sum;
        }

        /** One series has a known mean; several, of those that were exposed, are compared with the mean of them all. */
        double freedom() {
            if (variances.length == 1) {
                return 1;
            }
            int exposed = 0;
            for (double variance : variances) {
                exposed += variance > 0 ? 1 : 0;
            }
            return Math.max(0, exposed - 1);
        }
    }
}
