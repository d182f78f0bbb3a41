package dev.sluice.sources.metrics.prometheus;

import static com.google.protobuf.WireFormat.WIRETYPE_FIXED64;
import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;

import com.google.protobuf.CodedInputStream;
import dev.sluice.sources.metrics.ElementBudget;
import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What has been read of one series of a push. */
final class TimeSeries {
    /**
     * The bits of the number by which Prometheus says that a series has ended; every other NaN is one that was measured. See
     * model/value/value.go of Prometheus.
     */
    static final long STALE_BITS = 0x7ff0_0000_0000_0002L;

    private static final int SAMPLE_VALUE = (1 << 3) | WIRETYPE_FIXED64;
    private static final int SAMPLE_TIMESTAMP = (2 << 3) | WIRETYPE_VARINT;
    private static final int SAMPLE_START = (3 << 3) | WIRETYPE_VARINT;

    private final String pointer;
    private final ElementBudget budget;
    private final SortedMap<String, String> labels = new TreeMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final List<NativeHistogram> histograms = new ArrayList<>();
    private int exemplars;
    private long created;

    TimeSeries(String pointer, ElementBudget budget) {
        this.pointer = pointer;
        this.budget = budget;
    }

    /**
     * A number as it was sent.
     *
     * @param bits of the double
     * @param millis since 1970
     * @param start since when it counts, in milliseconds since 1970; 0 if unknown
     */
    private record Sample(long bits, long millis, long start) {
        MetricPoint toPoint(long created) {
            Instant at = Instant.ofEpochMilli(millis);
            return bits == STALE_BITS
                    ? new MetricPoint.Stale(at)
                    : new MetricPoint.Value(
                            at,
                            Double.longBitsToDouble(bits),
                            Temporality.UNKNOWN,
                            startOf(start == 0 ? created : start));
        }
    }

    /** Adds the next label. */
    void label(String name, String value) {
        if (name.isEmpty()) {
            throw wrong("must have a name");
        }
        if (value.isEmpty()) {
            throw wrong("must have a value");
        }
        if (labels.containsKey(name)) {
            throw wrong("has the name of a label before");
        }
        budget.take(1, pointer);
        labels.put(name, value);
    }

    /** Reads the next sample. */
    void sample(CodedInputStream in) throws IOException {
        var numbers = new long[3];
        ProtoFields.message(in, tag -> {
            switch (tag) {
                case SAMPLE_VALUE -> numbers[0] = in.readFixed64();
                case SAMPLE_TIMESTAMP -> numbers[1] = in.readInt64();
                case SAMPLE_START -> numbers[2] = in.readInt64();
                default -> {
                    return false;
                }
            }
            return true;
        });
        budget.take(1, pointer);
        samples.add(new Sample(numbers[0], numbers[1], numbers[2]));
    }

    /** Reads the next native histogram. */
    void histogram(CodedInputStream in) throws IOException {
        budget.take(1, pointer);
        var histogram = new NativeHistogram(pointer + "/histograms/" + histograms.size(), budget);
        histogram.read(in);
        histograms.add(histogram);
    }

    /** Counts an exemplar. */
    void exemplar() {
        exemplars++;
    }

    /**
     * Takes the start of all points that do not have their own.
     *
     * @param millis since 1970; 0 if unknown
     */
    void created(long millis) {
        created = millis;
    }

    /** Returns the series, if it has points. */
    Optional<MetricSeries> toSeries() {
        if (!labels.containsKey(MetricSeries.NAME)) {
            throw new MalformedPushException("must have the label " + MetricSeries.NAME, pointer + "/labels");
        }
        List<MetricPoint> points = new ArrayList<>();
        samples.forEach(sample -> points.add(sample.toPoint(created)));
        histograms.forEach(histogram -> points.add(histogram.toPoint(created)));
        return points.isEmpty() ? Optional.empty() : Optional.of(new MetricSeries(labels, points));
    }

    int samples() {
        return samples.size();
    }

    int histograms() {
        return histograms.size();
    }

    int exemplars() {
        return exemplars;
    }

    /** Returns the time of milliseconds since 1970, null if they are 0. */
    static @Nullable Instant startOf(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    /** Returns the refusal of the next label. */
    MalformedPushException wrong(String message) {
        return new MalformedPushException(message, pointer + "/labels/" + labels.size());
    }
}
