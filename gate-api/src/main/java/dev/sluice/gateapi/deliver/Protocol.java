package dev.sluice.gateapi.deliver;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How one kind of endpoint is spoken to. */
interface Protocol extends KeyForm {
    /**
     * Tells a message. Returns at once.
     *
     * @param endpoint to whom
     * @param message what is told
     * @param keys the secret in use and, while it is replaced, the next one
     * @param now the moment
     * @param exchange sends what is to be sent, one request after the other
     * @return what came of it; fails where a request has no answer
     */
    CompletableFuture<Answer> tell(
            Endpoint endpoint, Message message, List<byte[]> keys, Instant now, Exchange exchange);
}
