package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What somebody deploys, as far as it is known.
 *
 * @param version its version
 * @param sha the commit
 * @param digest the digest of its image, such as {@code sha256:2c26...}
 */
record Artifact(
        @Nullable String version,
        @Nullable String sha,
        @Nullable String digest) {
    /** Returns what an order says of a deployment. */
    static Artifact of(JsonNode deployment) {
        return new Artifact(
                deployment.path("version").textValue(),
                deployment.path("sha").textValue(),
                deployment.path("digest").textValue());
    }

    /**
     * Returns what the name of an image says: its tag, as the version, and its digest.
     *
     * @param image such as {@code registry.example.org:5000/shop/checkout:1.4.0@sha256:2c26...}
     */
    static Artifact ofImage(String image) {
        int at = image.indexOf('@');
        String name = at < 0 ? image : image.substring(0, at);
        int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
        return new Artifact(
                colon < 0 ? null : name.substring(colon + 1), null, at < 0 ? null : image.substring(at + 1));
    }

    /** Returns whether both have the same digest or, where one of them has none, the same version; what is not known is not the same. */
    boolean isSameAs(Artifact other) {
        if (digest != null && other.digest != null) {
            return digest.equals(other.digest);
        }
        return version != null && version.equals(other.version);
    }
}
