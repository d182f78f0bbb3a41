package dev.sluice.cli.judge;

import dev.sluice.canary.evidence.Histogram;
import java.time.Instant;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** What one arm did, of one metric, in each bucket of time. */
final class ArmSeries {
    private static final int LEAST_BUCKETS = 12;

    private final SampleKind kind;
    private final boolean raw;
    private final String file;
    private final NavigableMap<Long, Cell> cells = new TreeMap<>();
    private long withoutNumber;

    /**
     * Begins.
     *
     * @param kind what its rows are
     * @param raw whether each value is a request's, to be counted, and not a level
     * @param file where the first row was
     */
    ArmSeries(SampleKind kind, boolean raw, String file) {
        this.kind = kind;
        this.raw = raw;
        this.file = file;
    }

    SampleKind kind() {
        return kind;
    }

    String file() {
        return file;
    }

    /** Returns how many rows had no number. */
    long withoutNumber() {
        return withoutNumber;
    }

    NavigableSet<Long> buckets() {
        return cells.navigableKeySet();
    }

    /**
     * Adds a row.
     *
     * @param bucket the number of the bucket that its time is in
     * @param areRequests whether the exposure is requests: then there are at most as many events
     */
    void add(long bucket, Sample sample, boolean areRequests) {
        switch (kind) {
            case VALUE -> {
                OptionalDouble value = raw ? sample.amount("value") : sample.number("value");
                if (value.isPresent()) {
                    cell(bucket).add(value.getAsDouble());
                } else {
                    withoutNumber++;
                }
            }
            case RATIO -> {
                OptionalDouble count = sample.amount("count");
                OptionalDouble exposure = sample.amount("exposure");
                if (count.isEmpty() || exposure.isEmpty()) {
                    withoutNumber++;
                    return;
                }
                if (areRequests && count.getAsDouble() > exposure.getAsDouble()) {
                    throw new JudgeException(sample.place() + ": count is greater than exposure; where the exposure is"
                            + " time and not requests, say exposure: time for " + sample.metric() + " in --config");
                }
                cell(bucket).add(count.getAsDouble(), exposure.getAsDouble());
            }
            case HISTOGRAM -> {
                OptionalDouble count = sample.amount("count");
                if (count.isEmpty()) {
                    withoutNumber++;
                    return;
                }
                double number = count.getAsDouble();
                if (number != Math.rint(number)) {
                    throw sample.wrong("count", "a whole number");
                }
                cell(bucket).add(sample, (long) number);
            }
        }
    }

    /**
     * Returns whether the counts look like those of a counter that only grows: they are to be differences. Neither events nor
     * exposure of {@value #LEAST_BUCKETS} and more buckets ever fall, the exposure grows with most of them, and events do, too.
     */
    boolean looksCumulative() {
        if (kind == SampleKind.VALUE || cells.size() < LEAST_BUCKETS) {
            return false;
        }
        int grew = 0;
        double[] before = {0, 0};
        for (Cell cell : cells.values()) {
            double[] now = kind == SampleKind.RATIO
                    ? new double[] {cell.sum, cell.exposure}
                    : new double[] {0, cell.histogram().total()};
            if (now[0] < before[0] || now[1] < before[1]) {
                return false;
            }
            grew += now[1] > before[1] ? 1 : 0;
            before = now;
        }
        boolean moreEvents = kind == SampleKind.HISTOGRAM
                || cells.lastEntry().getValue().sum > cells.firstEntry().getValue().sum;
        return moreEvents && grew > cells.size() / 2;
    }

    private Cell cell(long bucket) {
        return cells.computeIfAbsent(bucket, ignored -> new Cell());
    }

    /** Returns the mean of the values in a bucket; nothing where there is none. */
    OptionalDouble mean(long bucket) {
        Cell cell = cells.get(bucket);
        return cell == null || cell.count == 0 ? OptionalDouble.empty() : OptionalDouble.of(cell.sum / cell.count);
    }

    /** Returns the events in a bucket. */
    double events(long bucket) {
        Cell cell = cells.get(bucket);
        return cell == null ? 0 : cell.sum;
    }

    /** Returns the exposure in a bucket. */
    double exposure(long bucket) {
        Cell cell = cells.get(bucket);
        return cell == null ? 0 : cell.exposure;
    }

    /** Returns how the values in a bucket are distributed. */
    Histogram histogram(long bucket) {
        Cell cell = cells.get(bucket);
        if (cell == null) {
            return Histogram.empty();
        }
        return kind == SampleKind.VALUE ? Histogram.ofValues(Arrays.copyOf(cell.values, cell.count)) : cell.histogram();
    }

    /** One bucket of time. */
    private final class Cell {
        private double sum;
        private double exposure;
        private int count;
        private double[] values = {};
        /** Counts up to each bound, by the time of their rows: each time is a whole histogram. */
        private final NavigableMap<Long, NavigableMap<Double, Long>> histograms = new TreeMap<>();

        void add(double value) {
            sum += value;
            if (raw) {
                if (count == values.length) {
                    values = Arrays.copyOf(values, Math.max(16, 2 * count));
                }
                values[count] = value;
            }
            count++;
        }

        void add(double events, double exposed) {
            sum += events;
            exposure += exposed;
        }

        void add(Sample sample, long upTo) {
            histograms
                    .computeIfAbsent(sample.time().toEpochMilli(), ignored -> new TreeMap<>())
                    .merge(sample.bound(), upTo, Long::sum);
        }

        Histogram histogram() {
            Histogram all = Histogram.empty();
            for (var entry : histograms.entrySet()) {
                all = all.plus(histogram(entry.getKey(), entry.getValue()));
            }
            return all;
        }

        private Histogram histogram(long time, NavigableMap<Double, Long> upTo) {
            String place = file + ", time " + Instant.ofEpochMilli(time);
            Long total = upTo.get(Double.POSITIVE_INFINITY);
            if (total == null) {
                throw new JudgeException(place + ": there is no row with le +Inf, which has all requests");
            }
            NavigableMap<Double, Long> finite = upTo.headMap(Double.POSITIVE_INFINITY, false);
            double[] bounds =
                    finite.keySet().stream().mapToDouble(Double::doubleValue).toArray();
            long[] counts = finite.values().stream().mapToLong(Long::longValue).toArray();
            try {
                return Histogram.ofBuckets(bounds, counts, total);
            } catch (IllegalArgumentException e) {
                throw new JudgeException(
                        place + ": counts must not fall from one le to the next, each has those of the ones before: "
                                + e.getMessage(),
                        e);
            }
        }
    }
}
