package dev.sluice.sources.metrics.prometheus;

import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;

/** Reads the message of version 1, in which each label is written out. The numbers are those of prompb/types.proto. */
final class WriteRequestV1 {
    private static final int TIMESERIES = (1 << 3) | WIRETYPE_LENGTH_DELIMITED;

    private static final int LABEL = (1 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int SAMPLE = (2 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int EXEMPLAR = (3 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int HISTOGRAM = (4 << 3) | WIRETYPE_LENGTH_DELIMITED;

    private static final int LABEL_NAME = (1 << 3) | WIRETYPE_LENGTH_DELIMITED;
    private static final int LABEL_VALUE = (2 << 3) | WIRETYPE_LENGTH_DELIMITED;

    private WriteRequestV1() {}

    /** Reads the message. */
    static void read(byte[] message, PushContent content) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        ProtoFields.all(in, tag -> {
            if (tag != TIMESERIES) {
                return false;
            }
            TimeSeries series = content.begin();
            ProtoFields.message(in, field -> readField(field, in, series));
            content.end(series);
            return true;
        });
    }

    private static boolean readField(int tag, CodedInputStream in, TimeSeries series) throws IOException {
        switch (tag) {
            case LABEL -> readLabel(in, series);
            case SAMPLE -> series.sample(in);
            case HISTOGRAM -> series.histogram(in);
            case EXEMPLAR -> {
                series.exemplar();
                return false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void readLabel(CodedInputStream in, TimeSeries series) throws IOException {
        String[] label = {"", ""};
        ProtoFields.message(in, tag -> {
            switch (tag) {
                case LABEL_NAME -> label[0] = in.readStringRequireUtf8();
                case LABEL_VALUE -> label[1] = in.readStringRequireUtf8();
                default -> {
                    return false;
                }
            }
            return true;
        });
        series.label(label[0], label[1]);
    }
}
