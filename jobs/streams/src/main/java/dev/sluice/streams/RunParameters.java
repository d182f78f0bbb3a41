package dev.sluice.streams;

import dev.sluice.wire.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What each run of a job says about itself in its global job parameters, which Flink shows to everyone: which Kafka it
 * works for, and whether its settings are those of another run. No secret can be told from them.
 */
public final class RunParameters {
    /** Parameter: the bootstrap servers of Kafka, as {@link #bootstrap} writes them. */
    public static final String BOOTSTRAP = "sluice.bootstrap";
    /** Parameter: a digest of the settings. */
    public static final String SETTINGS = "sluice.settings";

    private static final String SECRET = "_PASSWORD";

    private RunParameters() {}

    /** Returns the parameters of a run with these settings. */
    static Map<String, String> of(Map<String, String> settings) {
        return Map.of(
                BOOTSTRAP, bootstrap(settings.getOrDefault(JobSettings.KAFKA, "")),
                SETTINGS, digest(settings));
    }

    /** Returns bootstrap servers in an order of their own, without spaces: the same for the same servers. */
    public static String bootstrap(String servers) {
        return Arrays.stream(servers.split(","))
                .map(String::strip)
                .filter(server -> !server.isEmpty())
                .sorted()
                .collect(Collectors.joining(","));
    }

    /**
     * Returns a digest of settings: the same for the same ones. Passwords have no part in it, since a short one could be
     * found by trying.
     */
    public static String digest(Map<String, String> settings) {
        MessageDigest digest = Sha256.digest();
        new TreeMap<>(settings).forEach((name, value) -> {
            if (!name.endsWith(SECRET)) {
                digest.update((name + "=" + value).getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
        });
        return HexFormat.of().formatHex(digest.digest());
    }
}
