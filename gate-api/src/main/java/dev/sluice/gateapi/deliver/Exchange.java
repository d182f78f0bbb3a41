package dev.sluice.gateapi.deliver;

import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import java.util.concurrent.CompletableFuture;

/** Sends requests, each as the rules of what is sent allow. */
@FunctionalInterface
interface Exchange {
    /** Sends a request. Returns at once; what follows the answer must not wait for others. */
    CompletableFuture<OutboundAnswer> send(OutboundRequest request);
}
