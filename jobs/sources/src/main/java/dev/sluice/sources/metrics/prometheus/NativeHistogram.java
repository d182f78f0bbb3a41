package dev.sluice.sources.metrics.prometheus;

import static com.google.protobuf.WireFormat.WIRETYPE_FIXED64;
import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;
import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;

import com.google.protobuf.CodedInputStream;
import dev.sluice.sources.metrics.ElementBudget;
import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.Temporality;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has been read of one native histogram; the message is the same in both versions, its numbers are those of
 * prompb/types.proto. Its meaning:
 * <a href="https://prometheus.io/docs/specs/native_histograms/">specification of native histograms</a>.
 */
final class NativeHistogram {
    private static final int COUNT_INT = (1 << 3) | WIRETYPE_VARINT;
    private static final int COUNT_FLOAT = (2 << 3) | WIRETYPE_FIXED64;
    private static final int SUM = (3 << 3) | WIRETYPE_FIXED64;
    private static final int SCHEMA = (4 << 3) | WIRETYPE_VARINT;
    private static final int ZERO_THRESHOLD = (5 << 3) | WIRETYPE_FIXED64;
    private static final int ZERO_COUNT_INT = (6 << 3) | WIRETYPE_VARINT;
    private static final int ZERO_COUNT_FLOAT = (7 << 3) | WIRETYPE_FIXED64;
    private static final int NEGATIVE_SPAN = (8 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int NEGATIVE_DELTA = (9 << 3) | WIRETYPE_VARINT;
    private static final int NEGATIVE_DELTAS = (9 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int NEGATIVE_COUNT = (10 << 3) | WIRETYPE_FIXED64;
    private static final int NEGATIVE_COUNTS = (10 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int POSITIVE_SPAN = (11 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int POSITIVE_DELTA = (12 << 3) | WIRETYPE_VARINT;
    private static final int POSITIVE_DELTAS = (12 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int POSITIVE_COUNT = (13 << 3) | WIRETYPE_FIXED64;
    private static final int POSITIVE_COUNTS = (13 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int RESET_HINT = (14 << 3) | WIRETYPE_VARINT;
    private static final int TIMESTAMP = (15 << 3) | WIRETYPE_VARINT;
    private static final int CUSTOM_VALUE = (16 << 3) | WIRETYPE_FIXED64;
    private static final int CUSTOM_VALUES = (16 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int START = (17 << 3) | WIRETYPE_VARINT;

    private static final int HINT_GAUGE = 3;
    private static final int CUSTOM_BUCKETS = -53;
    private static final int MIN_SCHEMA = -4;
    private static final int MAX_SCHEMA = 8;

    /** By so much of the total the buckets of fractions may exceed it: adding them up rounds. */
    private static final double ROUNDING = 1e-9;

    private final String pointer;
    private final ElementBudget budget;
    private final SparseBuckets negative;
    private final SparseBuckets positive;
    private final List<Double> customValues = new ArrayList<>();
    private double count;
    private long sumBits;
    private int schema;
    private double zeroThreshold;
    private double zeroCount;
    private int resetHint;
    private long timestamp;
    private long start;

    NativeHistogram(String pointer, ElementBudget budget) {
        this.pointer = pointer;
        this.budget = budget;
        this.negative = new SparseBuckets(pointer + "/negative_spans", budget);
        this.positive = new SparseBuckets(pointer + "/positive_spans", budget);
    }

    /** Reads the message. */
    void read(CodedInputStream in) throws IOException {
        ProtoFields.message(in, tag -> readNumber(tag, in) || readBuckets(tag, in));
    }

    private boolean readNumber(int tag, CodedInputStream in) throws IOException {
        switch (tag) {
            case COUNT_INT -> count = whole(in.readUInt64(), "/count_int");
            case COUNT_FLOAT -> count = in.readDouble();
            case SUM -> sumBits = in.readFixed64();
            case SCHEMA -> schema = in.readSInt32();
            case ZERO_THRESHOLD -> zeroThreshold = in.readDouble();
            case ZERO_COUNT_INT -> zeroCount = whole(in.readUInt64(), "/zero_count_int");
            case ZERO_COUNT_FLOAT -> zeroCount = in.readDouble();
            case RESET_HINT -> resetHint = in.readEnum();
            case TIMESTAMP -> timestamp = in.readInt64();
            case START -> start = in.readInt64();
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean readBuckets(int tag, CodedInputStream in) throws IOException {
        switch (tag) {
            case NEGATIVE_SPAN -> negative.span(in);
            case NEGATIVE_DELTA -> negative.delta(in.readSInt64());
            case NEGATIVE_DELTAS -> ProtoFields.packed(in, () -> negative.delta(in.readSInt64()));
            case NEGATIVE_COUNT -> negative.count(in.readDouble());
            case NEGATIVE_COUNTS -> ProtoFields.packed(in, () -> negative.count(in.readDouble()));
            case POSITIVE_SPAN -> positive.span(in);
            case POSITIVE_DELTA -> positive.delta(in.readSInt64());
            case POSITIVE_DELTAS -> ProtoFields.packed(in, () -> positive.delta(in.readSInt64()));
            case POSITIVE_COUNT -> positive.count(in.readDouble());
            case POSITIVE_COUNTS -> ProtoFields.packed(in, () -> positive.count(in.readDouble()));
            case CUSTOM_VALUE -> customValue(in.readDouble());
            case CUSTOM_VALUES -> ProtoFields.packed(in, () -> customValue(in.readDouble()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void customValue(double value) {
        budget.take(1, pointer + "/custom_values");
        customValues.add(value);
    }

    private double whole(long unsigned, String field) {
        if (unsigned < 0 || unsigned > MetricPoint.MOST) {
            throw new MalformedPushException("must be at most 2^53", pointer + field);
        }
        return unsigned;
    }

    /**
     * Returns the point that the message is.
     *
     * @param created start of the whole series, in milliseconds since 1970; 0 if unknown
     */
    MetricPoint toPoint(long created) {
        Instant at = Instant.ofEpochMilli(timestamp);
        if (sumBits == TimeSeries.STALE_BITS) {
            return new MetricPoint.Stale(at);
        }
        boolean gauge = resetHint == HINT_GAUGE;
        Temporality temporality = gauge ? Temporality.GAUGE : Temporality.CUMULATIVE;
        Instant since = gauge ? null : TimeSeries.startOf(start == 0 ? created : start);
        try {
            return schema == CUSTOM_BUCKETS ? buckets(at, temporality, since) : exponential(at, temporality, since);
        } catch (IllegalArgumentException e) {
            throw new MalformedPushException(String.valueOf(e.getMessage()), pointer, e);
        }
    }

    private MetricPoint exponential(Instant at, Temporality temporality, @Nullable Instant since) {
        if (schema < MIN_SCHEMA || schema > MAX_SCHEMA) {
            throw new MalformedPushException(
                    "must be from " + MIN_SCHEMA + " to " + MAX_SCHEMA + ", or " + CUSTOM_BUCKETS + ", is " + schema,
                    pointer + "/schema");
        }
        SparseBuckets.Run run = positive.run();
        double belowZero = sum(negative.run().counts());
        requireTotal(belowZero + zeroCount + sum(run.counts()));
        return new MetricPoint.Exponential(
                at,
                temporality,
                since,
                schema,
                zeroThreshold,
                belowZero,
                zeroCount,
                run.counts().isEmpty() ? 0 : Math.subtractExact(run.first(), 1), // the model's index is one less
                run.counts(),
                count);
    }

    private MetricPoint buckets(Instant at, Temporality temporality, @Nullable Instant since) {
        SparseBuckets.Run run = positive.run();
        int bounds = customValues.size();
        if (!run.counts().isEmpty()
                && (run.first() < 0 || (long) run.first() + run.counts().size() > bounds + 1L)) {
            throw new MalformedPushException("has buckets beyond the custom values", pointer + "/positive_spans");
        }
        if (zeroCount != 0 || !negative.run().counts().isEmpty()) {
            throw new MalformedPushException("must not have zeros or negative buckets with custom values", pointer);
        }
        List<Double> upTo = new ArrayList<>(bounds);
        double sum = 0;
        for (int i = 0; i < bounds; i++) {
            int place = i - run.first();
            sum += place >= 0 && place < run.counts().size() ? run.counts().get(place) : 0;
            upTo.add(sum);
        }
        requireTotal(sum(run.counts()));
        return new MetricPoint.Buckets(at, temporality, since, customValues, upTo, count);
    }

    private void requireTotal(double inBuckets) {
        if (inBuckets > count * (1 + ROUNDING)) {
            throw new MalformedPushException(
                    "has " + inBuckets + " in its buckets, and " + count + " in all", pointer + "/count");
        }
    }

    private static double sum(List<Double> counts) {
        return counts.stream().mapToDouble(Double::doubleValue).sum();
    }
}
