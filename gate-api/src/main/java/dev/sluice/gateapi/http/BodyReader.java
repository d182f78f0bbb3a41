package dev.sluice.gateapi.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;

/** Reads the body of a request into memory, within a limit that may be raised on the way and within a time. */
final class BodyReader {
    /** A sender that needs longer would hold a thread for too long; GitHub gives up after this time itself. */
    static final Duration TIME = Duration.ofSeconds(10);

    private static final int FIRST_BUFFER = 16 << 10;
    /** Of a body that is too large so much is read and thrown away. */
    private static final int MOST_DISCARDED = 2 << 20;

    private final InputStream in;
    private final long declared;
    private final boolean expectsToBeTold;
    private final Duration time;
    private final long deadline;
    private byte[] buffer = new byte[0];
    private int count;
    private boolean ended;

    /**
     * Creates a reader.
     *
     * @param ctx the request
     * @param time how long the body may take to arrive from now on
     * @throws ApiException 415 if the body is compressed
     */
    BodyReader(Context ctx, Duration time) {
        this(ctx, time, "identity");
    }

    /**
     * Creates a reader of bytes that may be encoded.
     *
     * @param ctx the request
     * @param time how long the body may take to arrive from now on
     * @param encoding how they may be encoded; they are read as they are
     * @throws ApiException 415 if they are encoded otherwise
     */
    BodyReader(Context ctx, Duration time, String encoding) {
        this.time = time;
        this.deadline = System.nanoTime() + time.toNanos();
        String given = ctx.header("Content-Encoding");
        if (given != null && !"identity".equalsIgnoreCase(given.strip()) && !encoding.equalsIgnoreCase(given.strip())) {
            throw new ApiException(ErrorType.UNSUPPORTED_MEDIA_TYPE, "bodies that are compressed so are not read");
        }
        declared = ctx.req().getContentLengthLong();
        expectsToBeTold = ctx.header("Expect") != null;
        try {
            in = ctx.req().getInputStream();
        } catch (IOException e) {
            throw endedEarly(e);
        }
    }

    /** Returns the length that the sender declared; negative if it did not. */
    long declared() {
        return declared;
    }

    /**
     * Reads on.
     *
     * @param limit most bytes of the whole body
     * @return whether the body has ended within the limit; nothing of it is lost if not
     * @throws ApiException 400 if it breaks off, 408 if it comes too slowly
     */
    boolean read(int limit) {
        if (declared > limit) {
            return false;
        }
        while (!ended && count <= limit) {
            if (System.nanoTime() - deadline > 0) {
                throw new ApiException(
                        ErrorType.REQUEST_TIMEOUT, "the body did not arrive within " + time.toSeconds() + " s");
            }
            readSome(limit);
        }
        return ended && count <= limit;
    }

    private void readSome(int limit) {
        if (count == buffer.length) {
            int wanted = declared < 0 ? Math.min(Math.max(2 * count, FIRST_BUFFER), limit + 1) : (int) declared;
            buffer = Arrays.copyOf(buffer, Math.max(wanted, 1));
        }
        try {
            int read = in.read(buffer, count, buffer.length - count);
            ended = read < 0;
            count += Math.max(read, 0);
        } catch (IOException e) {
            throw endedEarly(e);
        }
        ended |= declared == count;
    }

    /**
     * Reads some more and throws it away: as long as a sender sends it does not read, and where the connection is closed
     * meanwhile the answer is lost. Who waits to be told to send is not told to.
     */
    void discard() {
        if (expectsToBeTold) {
            return;
        }
        byte[] rest = new byte[FIRST_BUFFER];
        int left = MOST_DISCARDED;
        try {
            while (!ended && left > 0 && System.nanoTime() - deadline < 0) {
                int read = in.read(rest);
                ended = read < 0;
                left -= read;
            }
        } catch (IOException e) {
            ended = true; // whoever sent it is gone, and reads no answer
        }
    }

    /** Returns what was read. */
    byte[] bytes() {
        return count == buffer.length ? buffer : Arrays.copyOf(buffer, count);
    }

    private static ApiException endedEarly(IOException e) {
        return new ApiException(ErrorType.BAD_REQUEST, "the body ended early", e);
    }
}
