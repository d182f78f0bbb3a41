package dev.sluice.wire;

import java.util.StringJoiner;

/** Record keys: the parts of an identity joined by {@code /}, with {@code /} and {@code %} inside a part escaped. */
public final class Keys {
    /** What the key of a heartbeat begins with; no tenant may begin so. */
    public static final String HEARTBEAT_PREFIX = "~heartbeat/";

    private Keys() {}

    /** Returns the key that the parts make, in this order. */
    public static String of(String... parts) {
        var key = new StringJoiner("/");
        for (String part : parts) {
            key.add(part.replace("%", "%25").replace("/", "%2F"));
        }
        return key.toString();
    }

    /** Returns the key of the classes of an environment, which no service in an environment has. */
    public static String environmentClass(String tenant, String environment) {
        return of(tenant, "catalogue", "environment", environment);
    }

    /** Returns the parts that {@link #of} joined. */
    public static String[] split(String key) {
        String[] parts = key.split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].replace("%2F", "/").replace("%25", "%");
        }
        return parts;
    }

    /** Returns the key of the heartbeat of a partition: one a partition, so that compaction keeps one. */
    public static String heartbeat(int partition) {
        return HEARTBEAT_PREFIX + partition;
    }
}
