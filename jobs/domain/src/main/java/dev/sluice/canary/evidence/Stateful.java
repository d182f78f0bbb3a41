package dev.sluice.canary.evidence;

import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Something whose state can be saved and loaded again, bit by bit: what was made the same way and loads what another one saved
 * goes on as that one would.
 */
public interface Stateful {
    /** Writes the state. */
    void save(DataOutput out) throws IOException;

    /** Replaces the state by one that was saved. */
    void load(DataInput in) throws IOException;

    /** Returns what it saves. */
    default byte[] saved() {
        var bytes = new ByteArrayOutputStream();
        try {
            save(new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
