package dev.sluice.sources.metrics;

import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** Bodies that were cut or changed on their way. */
public final class AnyPush {
    private static final int ROUNDS = 3_000;

    private AnyPush() {}

    /** Checks that what a decoder makes of changed bytes is either something, or the refusal that it documents. */
    public static void check(long seed, byte[] body, Consumer<byte[]> decoder) {
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] changed = changed(body, random);
            try {
                decoder.accept(changed);
            } catch (MalformedPushException e) {
                if (e.getMessage() == null
                        || (!e.pointer().isEmpty() && !e.pointer().startsWith("/"))) {
                    fail("seed %d, round %d: %s at %s", seed, round, e.getMessage(), e.pointer());
                }
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                fail("seed %d, round %d: %s".formatted(seed, round, Arrays.toString(changed)), e);
            }
        }
    }

    /** Returns a part of a body, or one of which some bytes are other ones. */
    public static byte[] changed(byte[] body, Random random) {
        if (random.nextInt(4) == 0) {
            return Arrays.copyOf(body, random.nextInt(body.length));
        }
        byte[] changed = body.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            int at = random.nextInt(changed.length);
            changed[at] = (byte) (random.nextBoolean() ? changed[at] ^ (1 << random.nextInt(8)) : random.nextInt(256));
        }
        return changed;
    }
}
