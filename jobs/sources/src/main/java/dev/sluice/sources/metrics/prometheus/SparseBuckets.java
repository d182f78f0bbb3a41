package dev.sluice.sources.metrics.prometheus;

import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;

import com.google.protobuf.CodedInputStream;
import dev.sluice.sources.metrics.ElementBudget;
import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.MetricPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The buckets of one sign of a native histogram: spans that say where they are, and a count for each of them. */
final class SparseBuckets {
    private static final int OFFSET = (1 << 3) | WIRETYPE_VARINT;
    private static final int LENGTH = (2 << 3) | WIRETYPE_VARINT;

    private final String pointer;
    private final ElementBudget budget;
    private final List<Span> spans = new ArrayList<>();
    private final List<Double> counts = new ArrayList<>();
    private boolean deltas;
    private long last;

    /**
     * Begins without any.
     *
     * @param pointer JSON pointer to the spans
     * @param budget pays for them
     */
    SparseBuckets(String pointer, ElementBudget budget) {
        this.pointer = pointer;
        this.budget = budget;
    }

    /**
     * Buckets next to each other.
     *
     * @param offset the index of the first one; of all but the first span, how many buckets lie between it and the one before
     * @param length how many there are
     */
    private record Span(int offset, long length) {}

    /**
     * Buckets without a gap.
     *
     * @param first the index of the first one, as Prometheus counts; 0 if there is none
     * @param counts what is in each, 0 where no span said anything
     */
    record Run(int first, List<Double> counts) {}

    /** Reads the next span. */
    void span(CodedInputStream in) throws IOException {
        var numbers = new long[2];
        ProtoFields.message(in, tag -> {
            switch (tag) {
                case OFFSET -> numbers[0] = in.readSInt32();
                case LENGTH -> numbers[1] = Integer.toUnsignedLong(in.readUInt32());
                default -> {
                    return false;
                }
            }
            return true;
        });
        budget.take(1, pointer);
        spans.add(new Span((int) numbers[0], numbers[1]));
    }

    /** Takes the next count, as what it is more than the one before. */
    void delta(long delta) {
        long count = last + delta; // one that overflows is out of range as well
        if (delta < -MetricPoint.MOST || delta > MetricPoint.MOST || count < 0 || count > MetricPoint.MOST) {
            throw wrong("have a delta that leads to a count of less than 0 or more than 2^53");
        }
        if (!deltas && !counts.isEmpty()) {
            throw wrong("have both deltas and counts");
        }
        budget.take(1, pointer);
        deltas = true;
        last = count;
        counts.add((double) count);
    }

    /** Takes the next count. */
    void count(double count) {
        if (deltas) {
            throw wrong("have both deltas and counts");
        }
        budget.take(1, pointer);
        counts.add(count);
    }

    /** Returns the buckets, the gaps between the spans filled. */
    Run run() {
        List<Double> filled = new ArrayList<>();
        long first = 0;
        long next = 0;
        int used = 0;
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            if (i > 0 && span.offset() < 0) {
                throw wrong("overlap");
            }
            next += span.offset();
            if (span.length() > counts.size() - used) {
                throw wrong("have more buckets than there are counts");
            }
            if (span.length() == 0) {
                continue;
            }
            if (filled.isEmpty()) {
                first = next;
            }
            long gap = next - first - filled.size();
            budget.take(gap, pointer);
            filled.addAll(Collections.nCopies((int) gap, 0.0));
            int end = used + (int) span.length();
            filled.addAll(counts.subList(used, end));
            used = end;
            next += span.length();
        }
        if (used < counts.size()) {
            throw wrong("have fewer buckets than there are counts");
        }
        if (first <= Integer.MIN_VALUE || next > Integer.MAX_VALUE) {
            throw wrong("have buckets beyond the range of 32 bits");
        }
        return new Run((int) first, filled);
    }

    private MalformedPushException wrong(String message) {
        return new MalformedPushException(message, pointer);
    }
}
