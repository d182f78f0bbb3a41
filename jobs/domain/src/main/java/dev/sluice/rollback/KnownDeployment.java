package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as far as one must know it to go back to it, or away from it.
 *
 * @param id its identity
 * @param version the version; null where the source does not state it
 * @param sha the commit
 * @param digest the artifact's digest
 * @param finishedAt when it ended
 * @param failed whether it degraded the service, by whatever rule; one that was rolled back is among these
 */
public record KnownDeployment(
        String id,
        @Nullable String version,
        @Nullable String sha,
        @Nullable String digest,
        Instant finishedAt,
        boolean failed) {
    public KnownDeployment {
        requireNonNull(id, "id");
        requireNonNull(finishedAt, "finishedAt");
    }

    /** Returns the same as one that has not degraded the service. */
    KnownDeployment asGood() {
        return new KnownDeployment(id, version, sha, digest, finishedAt, false);
    }

    /** Returns whether a name that somebody gave to a version means this one: its version, commit or digest. */
    boolean isCalled(String name) {
        return name.equals(version) || name.equals(sha) || name.equals(digest);
    }

    /** Returns whether both brought the same: the same artifact where both are known, else the same version, else the same commit. */
    boolean isSameAs(KnownDeployment other) {
        if (digest != null && other.digest != null) {
            return digest.equals(other.digest);
        }
        if (version != null && other.version != null) {
            return version.equals(other.version);
        }
        return sha != null && sha.equals(other.sha);
    }

    /** Returns how people call it. */
    String words() {
        if (version != null) {
            return version;
        }
        return sha != null ? sha : "deployment " + id;
    }
}
