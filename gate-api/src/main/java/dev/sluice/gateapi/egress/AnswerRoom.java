package dev.sluice.gateapi.egress;

import java.util.concurrent.Semaphore;

/** The memory for large answers: what a request may take of it is set aside before it is sent. Small answers need no room. */
final class AnswerRoom {
    private static final int MOST_BYTES = 64 << 20;
    private static final int SHARE_BYTES = 32 << 20;

    private final Semaphore free = new Semaphore(MOST_BYTES);
    private final Shares shares = new Shares(SHARE_BYTES);

    /** Sets room aside for the answer of a request; returns whether there is so much. */
    boolean take(OutboundRequest request) {
        int bytes = bytes(request);
        if (!shares.take(request.share(), bytes)) {
            return false;
        }
        if (!free.tryAcquire(bytes)) {
            shares.give(request.share(), bytes);
            return false;
        }
        return true;
    }

    /** The request is over. */
    void give(OutboundRequest request) {
        int bytes = bytes(request);
        free.release(bytes);
        shares.give(request.share(), bytes);
    }

    private static int bytes(OutboundRequest request) {
        return request.mostBytes() > OutboundRequest.USUAL_BYTES ? request.mostBytes() : 0;
    }
}
