package dev.sluice.sources.metrics.prometheus;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The versions of Prometheus' remote write that are understood. */
public enum RemoteWriteVersion {
    /** Version 1: <a href="https://prometheus.io/docs/specs/prw/remote_write_spec/">specification</a>. */
    V1("prometheus.WriteRequest"),
    /** Version 2: <a href="https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/">specification</a>. */
    V2("io.prometheus.write.v2.Request");

    private static final String MEDIA_TYPE = "application/x-protobuf";

    private final String message;

    RemoteWriteVersion(String message) {
        this.message = message;
    }

    /** Returns the full name of the message that is the body. */
    public String message() {
        return message;
    }

    /**
     * Returns the version of a push. The content type says it, by its parameter {@code proto}; without one, it is version 1,
     * as its oldest senders have it. A version header that speaks of another one makes the push unsupported: its bytes would
     * not be what they seem.
     *
     * @param contentType the header {@code Content-Type}, null if there is none, as of the oldest senders
     * @param versionHeader the header {@code X-Prometheus-Remote-Write-Version}, null if there is none
     * @return empty if it is neither version; to be answered with 415
     */
    public static Optional<RemoteWriteVersion> of(@Nullable String contentType, @Nullable String versionHeader) {
        return ofContentType(contentType)
                .filter(version -> versionHeader == null || version.isOf(versionHeader.strip()));
    }

    private static Optional<RemoteWriteVersion> ofContentType(@Nullable String contentType) {
        if (contentType == null || contentType.isBlank()) {
            return Optional.of(V1);
        }
        String[] parts = contentType.split(";", -1);
        if (!parts[0].strip().equalsIgnoreCase(MEDIA_TYPE)) {
            return Optional.empty();
        }
        for (int i = 1; i < parts.length; i++) {
            String[] parameter = parts[i].split("=", 2);
            if (parameter.length == 2 && parameter[0].strip().equalsIgnoreCase("proto")) {
                String message = parameter[1].strip().replace("\"", "");
                return Arrays.stream(values())
                        .filter(version -> version.message.equals(message))
                        .findFirst();
            }
        }
        return Optional.of(V1);
    }

    private boolean isOf(String number) {
        return switch (this) {
            case V1 -> number.isEmpty() || number.startsWith("0.") || number.startsWith("1.");
            case V2 -> number.isEmpty() || number.startsWith("2.");
        };
    }
}
