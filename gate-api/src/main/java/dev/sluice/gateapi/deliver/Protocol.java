package dev.sluice.gateapi.deliver;

import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import java.time.Instant;
import java.util.List;

/** How one kind of endpoint is spoken to. */
interface Protocol {
    /** Returns whether a secret can be what the protocol needs one for. */
    boolean isKey(byte[] secret);

    /** Returns what a secret must be, for messages. */
    String keyExpected();

    /**
     * Returns the request that tells a message.
     *
     * @param endpoint to whom
     * @param message what is told
     * @param keys the secret in use and, while it is replaced, the next one
     * @param now the moment
     */
    OutboundRequest request(Endpoint endpoint, Message message, List<byte[]> keys, Instant now);

    /** Returns what an answer means. */
    Answer answer(OutboundAnswer answer);
}
