package dev.sluice.canaryjob.learn;

import static java.util.Objects.requireNonNull;

import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * What two halves did in a bucket, as it is kept. Histograms are deflated: of a wide one most counts are those of the bound before, and the
 * bounds of one half those of the other. All bounds are kept, since a run can be cut only where all buckets could.
 *
 * @param number of the bucket
 * @param metrics what the halves did, both of which did something, by metric
 */
record LearnedRow(long number, SortedMap<String, MetricBucket> metrics) {
    private static final int RATIO = 1;
    private static final int GAUGE = 2;
    private static final int HISTOGRAM = 3;

    /** A row that is written, up to a size. */
    static final class Writer {
        private final int mostBytes;
        private final DataOutputSerializer out;
        private int metrics;

        Writer(long number, int mostBytes) throws IOException {
            this.mostBytes = mostBytes;
            this.out = new DataOutputSerializer(256);
            out.writeLong(number);
        }

        /** Adds what the halves did of another metric; returns whether there was room for it. */
        boolean add(String metric, MetricBucket bucket) throws IOException {
            int before = out.length();
            out.writeUTF(metric);
            write(bucket, out);
            if (out.length() > mostBytes) {
                out.setPosition(before);
                return false;
            }
            metrics++;
            return true;
        }

        boolean isEmpty() {
            return metrics == 0;
        }

        byte[] bytes() {
            return out.getCopyOfBuffer();
        }
    }

    private static void write(MetricBucket bucket, DataOutputSerializer out) throws IOException {
        if (bucket instanceof RatioBucket ratio) {
            out.writeByte(RATIO);
            out.writeDouble(ratio.baselineEvents());
            out.writeDouble(ratio.baselineExposure());
            out.writeDouble(ratio.canaryEvents());
            out.writeDouble(ratio.canaryExposure());
        } else if (bucket instanceof GaugeBucket gauge) {
            out.writeByte(GAUGE);
            out.writeDouble(requireNonNull(gauge.baseline()));
            out.writeDouble(requireNonNull(gauge.canary()));
        } else if (bucket instanceof HistogramBucket histogram) {
            out.writeByte(HISTOGRAM);
            byte[] deflated = deflated(histogram);
            out.writeInt(deflated.length);
            out.write(deflated);
        } else {
            throw new AssertionError(bucket);
        }
    }

    private static byte[] deflated(HistogramBucket histogram) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var plain = new DataOutputStream(new BufferedOutputStream(new DeflaterOutputStream(bytes)))) {
            histogram.baseline().save(plain);
            histogram.canary().save(plain);
        }
        return bytes.toByteArray();
    }

    /** Reads a row. */
    static LearnedRow read(byte[] row) throws IOException {
        var in = new DataInputDeserializer(row);
        long number = in.readLong();
        SortedMap<String, MetricBucket> metrics = new TreeMap<>();
        while (in.available() > 0) {
            metrics.put(in.readUTF(), bucket(in));
        }
        return new LearnedRow(number, metrics);
    }

    private static HistogramBucket inflated(byte[] deflated) throws IOException {
        var inflating = new InflaterInputStream(new ByteArrayInputStream(deflated));
        try (var plain = new DataInputStream(new BufferedInputStream(inflating))) {
            return new HistogramBucket(Histogram.load(plain), Histogram.load(plain));
        }
    }

    private static MetricBucket bucket(DataInputDeserializer in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case RATIO -> new RatioBucket(in.readDouble(), in.readDouble(), in.readDouble(), in.readDouble());
            case GAUGE -> new GaugeBucket(in.readDouble(), in.readDouble());
            case HISTOGRAM -> {
                var deflated = new byte[in.readInt()];
                in.readFully(deflated);
                yield inflated(deflated);
            }
            default -> throw new IOException("no kind of metric: " + kind);
        };
    }
}
