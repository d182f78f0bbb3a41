package dev.sluice.gateapi.receive;

import java.util.List;

/**
 * A source system that sends webhooks.
 *
 * @param id name in the webhook's path
 * @param source the adapter that understands what it sends
 * @param tenant whose data it sends
 * @param secrets the keys of its signature: the one in use and, while it is replaced, the next one
 */
record Connection(String id, String source, String tenant, List<byte[]> secrets) {
    Connection {
        secrets = List.copyOf(secrets);
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
        return "Connection[id=" + id + ", source=" + source + ", tenant=" + tenant + "]";
    }
}
