package dev.sluice.sources.metrics;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Protobuf messages for tests, written field by field. */
public final class ProtoBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Writes to a stream. */
    @FunctionalInterface
    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }

    private ProtoBytes write(Writing writing) {
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            writing.to(out);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a field of type message. */
    public ProtoBytes message(int field, ProtoBytes message) {
        return write(out -> out.writeByteArray(field, message.bytes()));
    }

    /** Adds a field of type string. */
    public ProtoBytes text(int field, String text) {
        return bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a field of type bytes. */
    public ProtoBytes bytes(int field, byte[] value) {
        return write(out -> out.writeByteArray(field, value));
    }

    /** Adds a field of type int64, uint64, uint32 or of an enumeration. */
    public ProtoBytes whole(int field, long value) {
        return write(out -> out.writeInt64(field, value));
    }

    /** Adds a field of type sint32 or sint64. */
    public ProtoBytes signed(int field, long value) {
        return write(out -> out.writeSInt64(field, value));
    }

    /** Adds a field of type double. */
    public ProtoBytes number(int field, double value) {
        return bits(field, Double.doubleToRawLongBits(value));
    }

    /** Adds a field of type double by its bits. */
    public ProtoBytes bits(int field, long bits) {
        return write(out -> out.writeFixed64(field, bits));
    }

    /** Adds a packed field of type uint32. */
    public ProtoBytes packedWhole(int field, int... values) {
        var packed = new ProtoBytes();
        for (int value : values) {
            packed.write(out -> out.writeUInt32NoTag(value));
        }
        return message(field, packed);
    }

    /** Adds a packed field of type sint64. */
    public ProtoBytes packedSigned(int field, long... values) {
        var packed = new ProtoBytes();
        for (long value : values) {
            packed.write(out -> out.writeSInt64NoTag(value));
        }
        return message(field, packed);
    }

    /** Adds a packed field of type double. */
    public ProtoBytes packedNumbers(int field, double... values) {
        var packed = new ProtoBytes();
        for (double value : values) {
            packed.write(out -> out.writeDoubleNoTag(value));
        }
        return message(field, packed);
    }

    /** Returns what has been written. */
    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
