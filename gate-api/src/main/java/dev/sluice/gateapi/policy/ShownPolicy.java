package dev.sluice.gateapi.policy;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy as answers show it.
 *
 * @param name its name
 * @param source {@code directory}, {@code shipped} or {@code api}
 * @param active the version that is in force; null where none is
 * @param versions all that were saved, the newest first
 */
record ShownPolicy(String name, String source, @Nullable Active active, List<Version> versions) {
    /**
     * The version that is in force.
     *
     * @param version as its author counts
     * @param digest of its content
     * @param activatedBy the credential that activated it; null where the policy is not of the API
     * @param owner whose credential that is; null where the policy is not of the API
     * @param activatedAt when; null where the policy is not of the API
     * @param deactivation who wants it to end; null where nobody does
     */
    record Active(
            String version,
            String digest,
            @Nullable String activatedBy,
            @Nullable String owner,
            @Nullable Instant activatedAt,
            @Nullable Signed deactivation) {
        static Active of(ActivePolicy active) {
            return new Active(
                    active.version(),
                    active.digest(),
                    active.activatedBy(),
                    active.owner(),
                    active.activatedAt(),
                    active.deactivation());
        }
    }

    /**
     * A version that was saved.
     *
     * @param version as its author counts
     * @param digest of its content
     * @param savedBy the credential that saved it
     * @param owner whose credential that is
     * @param savedAt when
     * @param text as it was written
     */
    record Version(String version, String digest, String savedBy, String owner, Instant savedAt, String text) {
        static Version of(SavedVersion saved) {
            return new Version(
                    saved.version(), saved.digest(), saved.savedBy(), saved.owner(), saved.savedAt(), saved.text());
        }
    }
}
