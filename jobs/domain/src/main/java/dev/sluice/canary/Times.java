package dev.sluice.canary;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Times as they are saved, in milliseconds. */
final class Times {
    private static final long NONE = Long.MIN_VALUE;

    private Times() {}

    static void save(DataOutput out, @Nullable Instant time) throws IOException {
        out.writeLong(time == null ? NONE : time.toEpochMilli());
    }

    static @Nullable Instant load(DataInput in) throws IOException {
        long millis = in.readLong();
        return millis == NONE ? null : Instant.ofEpochMilli(millis);
    }
}
