package dev.sluice.sources.webhook;

import dev.sluice.sources.ConnectionMapping;
import java.util.List;
import java.util.Set;

/** How one kind of sender calls a webhook. Implementations are immutable and may be shared by threads. */
public interface WebhookContract {

    /**
     * Returns how a connection's sender calls, where it can be configured: as a rule all senders of a kind call alike.
     *
     * @param mapping the connection's, with options that were found right
     */
    default WebhookContract of(ConnectionMapping mapping) {
        return this;
    }

    /**
     * Returns whether the sender knows one of the secrets. The time that it takes does not depend on where a wrong
     * credential differs from the right one.
     *
     * @param request the bytes and headers as they came
     * @param secrets those of the connection: the one in use and, while it is replaced, the next one; none is empty
     */
    boolean isAuthentic(WebhookRequest request, List<byte[]> secrets);

    /**
     * Returns what the sender calls this delivery; asked for authentic requests only.
     *
     * @throws dev.sluice.sources.Rejection if the request does not say it; the sender is told, and nothing is kept
     */
    DeliveryIdentity identify(WebhookRequest request);

    /**
     * Returns the names of the query parameters that the URL may have, e.g. for what the step of a pipeline knows and its
     * tool does not say. Their values travel with the delivery; every other parameter is refused.
     */
    default Set<String> parameters() {
        return Set.of();
    }

    /**
     * Returns the bytes that are stored and adapted: the body, unless it holds what must not be kept.
     *
     * @throws dev.sluice.sources.Rejection if it cannot be told what of the body may be kept
     */
    default byte[] kept(WebhookRequest request) {
        return request.body();
    }
}
