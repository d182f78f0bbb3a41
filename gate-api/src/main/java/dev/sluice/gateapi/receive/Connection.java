package dev.sluice.gateapi.receive;

import dev.sluice.sources.registry.Webhooks;
import java.util.List;
import java.util.Map;

/**
 * A source system that sends webhooks.
 *
 * @param id name in the webhook's path
 * @param sender what kind of system it is
 * @param tenant whose data it sends
 * @param secrets its credentials: the one in use and, while it is replaced, the next one
 * @param headers what its deliveries carry in the log beside their own headers
 */
record Connection(String id, Webhooks.Sender sender, String tenant, List<byte[]> secrets, Map<String, String> headers) {
    Connection {
        secrets = List.copyOf(secrets);
        headers = Map.copyOf(headers);
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "Connection[id=" + id + ", source=" + sender.source() + ", tenant=" + tenant + "]";
    }
}
