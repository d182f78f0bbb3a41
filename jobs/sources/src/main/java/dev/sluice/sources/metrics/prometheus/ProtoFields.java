package dev.sluice.sources.metrics.prometheus;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;

/** Walks over the fields of protobuf messages, those that it is not asked for skipped. */
final class ProtoFields {
    private ProtoFields() {}

    /** Reads one field. */
    @FunctionalInterface
    interface FieldReader {
        /**
         * Reads the field's value, if it is a known one.
         *
         * @param tag the field's number and wire type
         * @return false if it is not known, and its value not read
         */
        boolean read(int tag) throws IOException;
    }

    /** Reads one number of a packed field. */
    @FunctionalInterface
    interface NumberReader {
        void read() throws IOException;
    }

    /** Reads all fields up to the end. */
    static void all(CodedInputStream in, FieldReader fields) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!fields.read(tag) && !in.skipField(tag)) {
                throw new InvalidProtocolBufferException("a group ends that did not begin");
            }
        }
    }

    /** Reads all fields of the message that is the value of a field. */
    static void message(CodedInputStream in, FieldReader fields) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        all(in, fields);
        in.popLimit(outer);
    }

    /** Reads the numbers that are the value of a packed field. */
    static void packed(CodedInputStream in, NumberReader number) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        while (in.getBytesUntilLimit() > 0) {
            number.read();
        }
        in.popLimit(outer);
    }
}
