package dev.sluice.canary.evidence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The differences of a gauge between canary and baseline, one of each bucket: their mean, and how many independent values
 * they are worth.
 *
 * <p>Pairing takes out what both arms share, trend and time of day. What is left may still depend on its past, so the number
 * of values is cut down to the least of
 *
 * <pre>
 * n,   n (1 - phi) / (1 + phi),   n variance / (2^l variance of means of 2^l values) for l = 1 .. 8,   n kappa
 * </pre>
 *
 * phi is an upper bound of the first autocorrelation, corrected for its bias: phi_hat + (1 + 3 phi_hat)/n + c
 * sqrt((1 - (phi_hat + (1 + 3 phi_hat)/n)^2) / n) with c = 1 where a history is known, else 2. Sources: M. Kendall, "Note on bias
 * in the estimation of autocorrelation", Biometrika 41 (1954), for the bias; effective numbers of values and batch means for
 * the rest. Without a history it is a judgement of the run by itself, and a slow swing passes for a shift.
 */
public final class DifferenceSeries implements Stateful {
    private static final int LEVELS = 8;
    private static final int LEAST_BLOCKS = 8;
    private static final double NOT_STATIONARY = 0.97;

    /** All sums are of differences to the first value: the variance does not drown in the mean. */
    private double first;

    private double last;
    private long count;
    private double sum;
    private double squares;
    private double products;
    private final BlockMeans[] levels = new BlockMeans[LEVELS];

    /** Begins without values. */
    public DifferenceSeries() {
        Arrays.setAll(levels, level -> new BlockMeans(1L << (level + 1)));
    }

    /** Adds the difference of the next bucket that has both arms; one that is missing joins its neighbours. */
    public void add(double difference) {
        if (!Double.isFinite(difference)) {
            throw new IllegalArgumentException("difference " + difference);
        }
        if (count == 0) {
            first = difference;
        }
        double value = difference - first;
        products += count == 0 ? 0 : value * last;
        count++;
        sum += value;
        squares += value * value;
        last = value;
        for (BlockMeans level : levels) {
            level.add(value);
        }
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeLong(count);
        Numbers.save(out, new double[] {first, last, sum, squares, products});
        for (BlockMeans level : levels) {
            level.save(out);
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        count = in.readLong();
        first = in.readDouble();
        last = in.readDouble();
        sum = in.readDouble();
        squares = in.readDouble();
        products = in.readDouble();
        for (BlockMeans level : levels) {
            level.load(in);
        }
    }

    /** Returns how many values there are. */
    public long count() {
        return count;
    }

    /**
     * Returns what the values amount to so far.
     *
     * @param history of baseline against baseline; null for none
     */
    public DifferenceSummary summary(@Nullable GaugeHistory history) {
        double n = count;
        double mean = n == 0 ? 0 : sum / n;
        double spread = squares - n * mean * mean;
        if (n < 2 || !(spread > 0)) {
            return ofEqualValues(first + mean, history);
        }
        double lagged = products - mean * sum - mean * (sum - last) + (n - 1) * mean * mean;
        double phi = lagged / spread;
        double centre = phi + (1 + 3 * phi) / n;
        double reach = Math.sqrt(Math.max(0, 1 - centre * centre) / n);
        double upper = centre + (history == null ? 2 : 1) * reach;
        if (upper >= NOT_STATIONARY) {
            return new DifferenceSummary(count, first + mean, 0, Double.POSITIVE_INFINITY, upper);
        }
        double positive = Math.max(0, upper);
        double effective = n * (1 - positive) / (1 + positive);
        for (BlockMeans level : levels) {
            if (level.blocks() >= LEAST_BLOCKS) {
                effective = Math.min(effective, n * (spread / (n - 1)) / (level.length() * level.variance()));
            }
        }
        if (history != null) {
            effective = Math.min(effective, n * history.independence());
        }
        effective = Math.min(n, effective);
        double variance = effective > 1 ? spread / (n * (1 - 1 / effective)) : Double.POSITIVE_INFINITY;
        return new DifferenceSummary(
                count,
                first + mean,
                effective,
                history == null ? variance : Math.max(variance, history.variance()),
                upper);
    }

    private DifferenceSummary ofEqualValues(double mean, @Nullable GaugeHistory history) {
        return history == null || !(history.variance() > 0)
                ? new DifferenceSummary(count, mean, 0, Double.POSITIVE_INFINITY, 0)
                : new DifferenceSummary(
                        count, mean, count * Math.min(1, history.independence()), history.variance(), 0);
    }

    /** Means of blocks of one length. */
    private static final class BlockMeans implements Stateful {
        private final long length;
        private long inBlock;
        private double block;
        private long blocks;
        private double sum;
        private double squares;

        BlockMeans(long length) {
            this.length = length;
        }

        void add(double value) {
            block += value;
            inBlock++;
            if (inBlock == length) {
                double mean = block / length;
                blocks++;
                sum += mean;
                squares += mean * mean;
                block = 0;
                inBlock = 0;
            }
        }

        @Override
        public void save(DataOutput out) throws IOException {
            out.writeLong(inBlock);
            out.writeLong(blocks);
            Numbers.save(out, new double[] {block, sum, squares});
        }

        @Override
        public void load(DataInput in) throws IOException {
            inBlock = in.readLong();
            blocks = in.readLong();
            block = in.readDouble();
            sum = in.readDouble();
            squares = in.readDouble();
        }

        long length() {
            return length;
        }

        long blocks() {
            return blocks;
        }

        double variance() {
            return Math.max(0, squares - sum * sum / blocks) / (blocks - 1);
        }
    }
}
