package dev.sluice.gateapi.policy;

import dev.sluice.gate.Policy;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The policies: those of the directory, or the shipped ones, for every tenant, and those that a tenant has set up by the
 * API. What was in force once is found by its digest, by every replica.
 */
public final class Policies {
    /** Under which tenant versions of the directory's policies are kept; no credential can be of it. */
    static final String EVERY_TENANT = "~every";

    private static final int MOST_COMPILED = 500;

    private final List<PolicyVersion> configured;
    private final PolicyReader reader;
    private final Views views;

    /** By digest, the least recently used first; what cannot be read any more is not there. */
    private final Map<String, Policy> compiled = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Policy> eldest) {
            return size() > MOST_COMPILED;
        }
    });

    /**
     * Creates the policies.
     *
     * @param configured those of the directory, or the shipped ones
     * @param reader reads the others
     * @param views know what is set up by the API
     */
    public Policies(List<PolicyVersion> configured, PolicyReader reader, Views views) {
        this.configured = List.copyOf(configured);
        this.reader = reader;
        this.views = views;
        configured.forEach(version -> compiled.put(version.policy().digest(), version.policy()));
    }

    /** Returns the policies that a tenant's gates are judged by. */
    public List<Policy> inForce(String tenant) {
        return configured.stream().map(PolicyVersion::policy).toList();
    }

    /**
     * Returns a version of a policy that the directory has had, or the tenant has saved, whether it is in force or not.
     *
     * @param tenant who asks
     * @param digest the version's digest, as decisions name it
     * @return nothing if there was none, or this release reads it otherwise than the one that kept it
     */
    public Optional<Policy> version(String tenant, String digest) {
        Optional<PolicyVersion> ofDirectory = configured.stream()
                .filter(version -> version.policy().digest().equals(digest))
                .findFirst();
        return ofDirectory.isPresent()
                ? ofDirectory.map(PolicyVersion::policy)
                : saved(tenant, digest)
                        .or(() -> saved(EVERY_TENANT, digest))
                        .flatMap(version -> compiled(version.digest(), version.text()));
    }

    /** Returns a version as the log keeps it. */
    Optional<SavedVersion> saved(String tenant, String digest) {
        return PolicyDigest.id(digest)
                .flatMap(id -> views.control(tenant, Control.POLICY_VERSION, id))
                .map(Held::row)
                .map(SavedVersion::of);
    }

    List<PolicyVersion> configured() {
        return configured;
    }

    /** Returns what a text requires; nothing if it cannot be read, or means something else than the digest says. */
    private Optional<Policy> compiled(String digest, String text) {
        Policy known = compiled.get(digest);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Policy> read = reader.read(digest, text, new Problems())
                .filter(policy -> policy.digest().equals(digest));
        read.ifPresent(policy -> compiled.put(digest, policy));
        return read;
    }
}
