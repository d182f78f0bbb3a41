package dev.sluice.gateapi.callers.github;

import dev.sluice.gateapi.callers.asked.VersionOf;
import dev.sluice.gateapi.secrets.SecretReferences;
import java.net.URI;
import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An app of GitHub that asks a gate.
 *
 * @param appId GitHub's id of the app
 * @param api where GitHub's API is, without a slash at the end
 * @param gate the gate that is asked
 * @param owners ids of the users and organisations whose repositories may ask
 * @param installations ids of the installations that may ask
 * @param repositories the service by the id of its repository
 * @param environments Sluice's name of an environment by GitHub's
 * @param version what of a deployment is the version; null for nothing
 * @param checkRun name of the check run that shows the decision; null for none
 * @param secrets where the secret of the webhook is
 * @param privateKey where the private key of the app is
 */
record GithubApp(
        long appId,
        URI api,
        String gate,
        Set<Long> owners,
        Set<Long> installations,
        SortedMap<String, String> repositories,
        SortedMap<String, String> environments,
        @Nullable VersionOf version,
        @Nullable String checkRun,
        SecretReferences secrets,
        SecretReferences privateKey) {
    GithubApp {
        owners = Collections.unmodifiableSet(new TreeSet<>(owners));
        installations = Collections.unmodifiableSet(new TreeSet<>(installations));
        repositories = Collections.unmodifiableSortedMap(new TreeMap<>(repositories));
        environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
    }

    boolean trusts(long owner, long installation) {
        return owners.contains(owner) && installations.contains(installation);
    }

    URI url(String path) {
        return URI.create(api + path);
    }
}
