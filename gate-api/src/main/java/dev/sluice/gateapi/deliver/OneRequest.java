package dev.sluice.gateapi.deliver;

import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A protocol in which one request tells all. */
abstract class OneRequest implements Protocol {
    /**
     * Returns the request that tells a message.
     *
     * @param endpoint to whom
     * @param message what is told
     * @param keys the secret in use and, while it is replaced, the next one
     * @param now the moment
     */
    abstract OutboundRequest request(Endpoint endpoint, Message message, List<byte[]> keys, Instant now);

    /** Returns what an answer means. */
    abstract Answer answer(OutboundAnswer answer);

    @Override
    public final CompletableFuture<Answer> tell(
            Endpoint endpoint, Message message, List<byte[]> keys, Instant now, Exchange exchange) {
        return exchange.send(request(endpoint, message, keys, now)).thenApply(this::answer);
    }
}
