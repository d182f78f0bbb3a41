package dev.sluice.gateapi.http;

import io.javalin.http.Context;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads bodies of which most are small and some are large, and keeps few of the large ones in memory at once: beyond
 * that a large body waits if it may and is refused in the end, a small one is not.
 */
public final class LargeBodies {
    /** Each one that waits holds a thread. */
    private static final int MOST_WAITING = 16;

    private final int small;
    private final int large;
    private final Duration time;
    private final Duration patience;
    private final Semaphore free;

    /**
     * Creates a reader of bodies.
     *
     * @param small bytes up to which a body is not counted
     * @param large most bytes that are accepted
     * @param atOnce how many bodies of more than {@code small} bytes may be in memory
     */
    public LargeBodies(int small, int large, int atOnce) {
        this(small, large, atOnce, Duration.ZERO);
    }

    /**
     * Creates a reader of bodies whose senders do not come again when they are refused.
     *
     * @param small bytes up to which a body is not counted
     * @param large most bytes that are accepted
     * @param atOnce how many bodies of more than {@code small} bytes may be in memory
     * @param patience how long a large body waits, and its thread with it, until there is room
     */
    public LargeBodies(int small, int large, int atOnce, Duration patience) {
        this(small, large, atOnce, patience, BodyReader.TIME.plus(patience));
    }

    LargeBodies(int small, int large, int atOnce, Duration patience, Duration time) {
        this.patience = patience;
        this.small = small;
        this.large = large;
        this.time = time;
        this.free = new Semaphore(atOnce, true);
    }

    /**
     * Reads the body; close it when it is no longer needed.
     *
     * @throws ApiException 413 if it is too large, 503 if it is large and too many large ones are in memory, 400 or 408
     *     if it does not arrive, 415 if it is compressed
     */
    public Body read(Context ctx) {
        var reader = new BodyReader(ctx, time);
        if (reader.read(small)) {
            return new Body(reader.bytes(), () -> {});
        }
        if (reader.declared() > large) {
            throw tooLarge();
        }
        if (!hasRoom()) {
            reader.discard();
            throw new ApiException(ErrorType.BUSY, "too many bodies of more than " + small + " bytes are under way");
        }
        boolean taken = false;
        try {
            if (!reader.read(large)) {
                throw tooLarge();
            }
            var body = new Body(reader.bytes(), free::release);
            taken = true;
            return body;
        } finally {
            if (!taken) {
                free.release();
            }
        }
    }

    private boolean hasRoom() {
        if (free.getQueueLength() >= MOST_WAITING) {
            return free.tryAcquire();
        }
        try {
            return free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private ApiException tooLarge() {
        return new ApiException(ErrorType.TOO_LARGE, "the body is larger than " + large + " bytes");
    }

    /** A body in memory. */
    public static final class Body implements AutoCloseable {
        private final byte[] bytes;
        private final Runnable release;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Body(byte[] bytes, Runnable release) {
            this.bytes = bytes;
            this.release = release;
        }

        /** Returns the bytes as they came. */
        public byte[] bytes() {
            return bytes;
        }

        /** Makes room for another one. A second call does nothing. */
        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                release.run();
            }
        }
    }
}
