package dev.sluice.gateapi.callers.gitlab;

import dev.sluice.gateapi.callers.asked.VersionOf;
import dev.sluice.gateapi.secrets.SecretReferences;
import java.net.URI;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server of GitLab, some of whose projects ask gates.
 *
 * @param api where its API is, without a slash at the end
 * @param projects the service by the id of its project
 * @param version what is the version; null for nothing
 * @param mergeRequests how merge requests ask; null where they do not
 * @param deployments how deployments ask; null where they do not
 * @param token where the access token is by which it is answered
 */
record GitlabServer(
        URI api,
        SortedMap<String, String> projects,
        @Nullable VersionOf version,
        @Nullable MergeRequests mergeRequests,
        @Nullable Deployments deployments,
        SecretReferences token) {
    GitlabServer {
        projects = Collections.unmodifiableSortedMap(new TreeMap<>(projects));
    }

    /**
     * How merge requests ask: by an external status check.
     *
     * @param gate the gate that is asked
     * @param environment for which
     * @param secrets where the secret of the check is
     */
    record MergeRequests(String gate, String environment, SecretReferences secrets) {}

    /**
     * How deployments ask: those that wait for an approval are looked for.
     *
     * @param gate the gate that is asked
     * @param environments Sluice's name of an environment by GitLab's
     */
    record Deployments(String gate, SortedMap<String, String> environments) {
        Deployments {
            environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
        }
    }
}
