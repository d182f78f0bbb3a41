package dev.sluice.sources.metrics.prometheus;

import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;
import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;

import com.google.protobuf.CodedInputStream;
import dev.sluice.sources.metrics.MalformedPushException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the message of version 2, in which labels refer to a table of texts. The numbers are those of
 * prompb/io/prometheus/write/v2/types.proto, that of the time of creation from before it gave way to the samples' own start.
 */
final class WriteRequestV2 {
    private static final int SYMBOL = (4 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int TIMESERIES = (5 << 3) | WIRETYPE_LENGTH_DELIMITED;

    private static final int LABELS_REF = (1 << 3) | WIRETYPE_VARINT;
    private static final int LABELS_REFS = (1 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int SAMPLE = (2 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int HISTOGRAM = (3 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int EXEMPLAR = (4 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int CREATED = (6 << 3) | WIRETYPE_VARINT;

    private static final int NONE = -1;

    private final PushContent content;
    private final List<String> symbols = new ArrayList<>();

    private WriteRequestV2(PushContent content) {
        this.content = content;
    }

    /** Reads the message: first the table, wherever it stands. */
    static void read(byte[] message, PushContent content) throws IOException {
        var request = new WriteRequestV2(content);
        request.readSymbols(CodedInputStream.newInstance(message));
        request.readTimeSeries(CodedInputStream.newInstance(message));
    }

    private void readSymbols(CodedInputStream in) throws IOException {
        ProtoFields.all(in, tag -> {
            if (tag != SYMBOL) {
                return false;
            }
            content.budget().take(1, "/symbols");
            symbols.add(in.readStringRequireUtf8());
            return true;
        });
        if (!symbols.isEmpty() && !symbols.get(0).isEmpty()) {
            throw new MalformedPushException("must be empty", "/symbols/0");
        }
    }

    private void readTimeSeries(CodedInputStream in) throws IOException {
        ProtoFields.all(in, tag -> {
            if (tag != TIMESERIES) {
                return false;
            }
            var labels = new LabelReferences(content.begin());
            ProtoFields.message(in, field -> readField(field, in, labels));
            labels.end();
            content.end(labels.series);
            return true;
        });
    }

    private static boolean readField(int tag, CodedInputStream in, LabelReferences labels) throws IOException {
        switch (tag) {
            case LABELS_REF -> labels.add(in.readUInt32());
            case LABELS_REFS -> ProtoFields.packed(in, () -> labels.add(in.readUInt32()));
            case SAMPLE -> labels.series.sample(in);
            case HISTOGRAM -> labels.series.histogram(in);
            case CREATED -> labels.series.created(in.readInt64());
            case EXEMPLAR -> {
                labels.series.exemplar();
                return false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The references of one series, two for each label. */
    private final class LabelReferences {
        private final TimeSeries series;
        private int name = NONE;

        private LabelReferences(TimeSeries series) {
            this.series = series;
        }

        private void add(int reference) {
            if (reference < 0 || reference >= symbols.size()) {
                throw series.wrong("refers to symbol " + Integer.toUnsignedString(reference) + " of " + symbols.size());
            }
            if (name == NONE) {
                name = reference;
            } else {
                series.label(symbols.get(name), symbols.get(reference));
                name = NONE;
            }
        }

        private void end() {
            if (name != NONE) {
                throw series.wrong("has a name and no value");
            }
        }
    }
}
