package dev.sluice.delivery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * Deterministic ids: name-based UUIDs, version 5 (RFC 9562 section 5.5), so that whatever is derived again from the
 * same facts gets the same id.
 */
public final class EventIds {
    private static final UUID NAMESPACE = UUID.fromString("6f0e3a52-8a44-5c7e-9d0b-3a1f5b0c7e21");

    private EventIds() {}

    /**
     * Returns the id of what the given parts identify, in this order.
     *
     * @param parts e.g. source, native id, state; their lengths are part of the name, so ("ab","c") and ("a","bc") differ
     */
    public static String of(String... parts) {
        var name = new StringBuilder();
        for (String part : parts) {
            name.append(part.length()).append(':').append(part);
        }
        return version5(name.toString()).toString();
    }

    private static UUID version5(String name) {
        MessageDigest sha1;
        try {
            sha1 = MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-1", e);
        }
        sha1.update(ByteBuffer.allocate(16)
                .putLong(NAMESPACE.getMostSignificantBits())
                .putLong(NAMESPACE.getLeastSignificantBits())
                .array());
        ByteBuffer hash = ByteBuffer.wrap(sha1.digest(name.getBytes(StandardCharsets.UTF_8)));
        long high = (hash.getLong() & ~0xF000L) | 0x5000L;
        long low = (hash.getLong() & ~0xC000_0000_0000_0000L) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
