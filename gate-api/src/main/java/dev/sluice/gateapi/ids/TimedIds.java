package dev.sluice.gateapi.ids;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** UUIDs of version 7 (RFC 9562): the time, then 74 bits that nobody can guess. */
public final class TimedIds {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long LOW_12 = 0xFFFL;
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long LOW_62 = 0x3FFF_FFFF_FFFF_FFFFL;
    private static final int TIME_SHIFT = 16;

    private TimedIds() {}

    /** Returns a new id. */
    public static String next(Instant now) {
        long high = (now.toEpochMilli() << TIME_SHIFT) | VERSION | (RANDOM.nextLong() & LOW_12);
        return new UUID(high, VARIANT | (RANDOM.nextLong() & LOW_62)).toString();
    }

    /** Returns when the id was made; nothing if it is not such an id. */
    public static Optional<Instant> timeOf(String id) {
        UUID uuid;
        try {
            uuid = UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean ours =
                uuid.version() == 7 && uuid.variant() == 2 && uuid.toString().equals(id);
        return ours
                ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> TIME_SHIFT))
                : Optional.empty();
    }
}
