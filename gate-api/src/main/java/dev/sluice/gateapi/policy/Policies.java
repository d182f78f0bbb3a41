package dev.sluice.gateapi.policy;

import dev.sluice.gate.Condition;
import dev.sluice.gate.ConditionResult;
import dev.sluice.gate.ConditionRule;
import dev.sluice.gate.Mode;
import dev.sluice.gate.Outcome;
import dev.sluice.gate.Policy;
import dev.sluice.gate.ReasonCode;
import dev.sluice.gate.Waivers;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The policies: those of the directory, or the shipped ones, for every tenant, and those that a tenant has set up by the
 * API. What was in force once is found by its digest, by every replica.
 */
public final class Policies {
    /** Under which tenant versions of the directory's policies are kept; no credential can be of it. */
    static final String EVERY_TENANT = "~every";

    /** Where policies come from that the API has set up. */
    static final String OF_API = "api";

    private static final int MOST_COMPILED = 500;

    private final List<PolicyVersion> configured;
    private final boolean shipped;
    private final PolicyReader reader;
    private final Views views;
    private final Map<String, Standing> standing = new ConcurrentHashMap<>();

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
     * @param shipped whether they are the shipped ones
     * @param reader reads the others
     * @param views know what is set up by the API
     */
    public Policies(List<PolicyVersion> configured, boolean shipped, PolicyReader reader, Views views) {
        this.configured = List.copyOf(configured);
        this.shipped = shipped;
        this.reader = reader;
        this.views = views;
        configured.forEach(version -> compiled.put(version.policy().digest(), version.policy()));
    }

    /**
     * Returns the policies that a tenant's gates are judged by. An active one that cannot be read is there too, and is an
     * error of every gate.
     *
     * @throws ApiException 503 if this replica has not read yet what is set up
     */
    public List<Policy> inForce(String tenant) {
        return sourced(tenant).stream().map(Sourced::policy).toList();
    }

    /**
     * Returns what lifts a tenant's policies for a time.
     *
     * @throws ApiException 503 if this replica has not read yet what is set up
     */
    public Waivers waivers(String tenant) {
        return standing(tenant).waivers();
    }

    /** Returns the same with where each comes from. */
    List<Sourced> sourced(String tenant) {
        return standing(tenant).policies();
    }

    private Standing standing(String tenant) {
        requireRead();
        views.requireFreshControl();
        long changes = views.controlChanges();
        Standing known = standing.get(tenant);
        if (known == null || known.changes() != changes) {
            known = new Standing(changes, sourcedNow(tenant), waiversNow(tenant));
            standing.put(tenant, known);
        }
        return known;
    }

    private Waivers waiversNow(String tenant) {
        return new Waivers(
                controls(tenant, Control.EXEMPTION)
                        .flatMap(control ->
                                ExemptionDocument.read(control)
                                        .flatMap(document -> document.exemption(control.id()))
                                        .stream())
                        .toList(),
                controls(tenant, Control.OVERRIDE)
                        .flatMap(control ->
                                OverrideDocument.read(control)
                                        .flatMap(document -> document.override(control.id()))
                                        .stream())
                        .toList());
    }

    private Stream<Control> controls(String tenant, String kind) {
        return views.controls(kind)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant));
    }

    private List<Sourced> sourcedNow(String tenant) {
        String source = configuredSource();
        return Stream.concat(
                        configured.stream().map(version -> new Sourced(source, version.policy())),
                        controls(tenant, Control.POLICY)
                                .sorted(Comparator.comparing(Control::id))
                                .map(control -> new Sourced(OF_API, active(control))))
                .toList();
    }

    private Policy active(Control control) {
        return ActivePolicy.read(control.document())
                .flatMap(active -> compiled(active.digest(), active.text()))
                .orElseGet(() -> unreadable(control));
    }

    /** What a gate must not pass over: it is judged, everywhere, and cannot be. */
    private static Policy unreadable(Control control) {
        Condition broken = (input, now) -> ConditionResult.failed(
                ReasonCode.RULE_ERROR,
                "the active version of policy " + control.id() + " cannot be read: activate another one",
                List.of());
        return new Policy(
                control.id(),
                control.document().path("version").asText(),
                control.document().path("digest").asText(),
                Set.of("*"),
                null,
                Policy.DEFAULT_EXPIRY,
                Policy.DEFAULT_STALE_AFTER,
                Outcome.DENY,
                List.of(new ConditionRule("readable", Mode.ENFORCE, "the policy can be read", null, broken)));
    }

    /**
     * Returns normally if this replica knows all that is set up.
     *
     * @throws ApiException 503 if it has not read it all yet
     */
    void requireRead() {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "the policies have not been read from the log yet");
        }
    }

    /** Returns where the policies come from that the API has not set up. */
    String configuredSource() {
        return shipped ? "shipped" : "directory";
    }

    /** Returns the policy of this name that the API has not set up. */
    Optional<Policy> configured(String name) {
        return configured.stream()
                .map(PolicyVersion::policy)
                .filter(policy -> policy.name().equals(name))
                .findFirst();
    }

    /** Returns the active version of a policy that the API has set up; nothing if there is none that can be read. */
    Optional<ActivePolicy> active(String tenant, String name) {
        return views.control(tenant, Control.POLICY, name)
                .map(Held::row)
                .flatMap(control -> ActivePolicy.read(control.document()));
    }

    /** Returns what an active version requires; nothing if it cannot be read. */
    Optional<Policy> policy(ActivePolicy active) {
        return compiled(active.digest(), active.text());
    }

    /** Returns all versions of a policy that were saved for a tenant, the newest first. */
    List<SavedVersion> versions(String tenant, String name) {
        return controls(tenant, Control.POLICY_VERSION)
                .map(SavedVersion::of)
                .filter(version -> version.name().equals(name))
                .sorted(Comparator.comparing(SavedVersion::savedAt)
                        .thenComparing(SavedVersion::digest)
                        .reversed())
                .toList();
    }

    /** Returns all versions of policies that the directory has had, or a tenant has saved, the newest first. */
    List<SavedVersion> versions(String tenant) {
        return Stream.concat(controls(tenant, Control.POLICY_VERSION), controls(EVERY_TENANT, Control.POLICY_VERSION))
                .map(SavedVersion::of)
                .sorted(Comparator.comparing(SavedVersion::savedAt)
                        .thenComparing(SavedVersion::digest)
                        .reversed())
                .toList();
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

    /**
     * A policy with where it comes from.
     *
     * @param source {@code directory}, {@code shipped} or {@code api}
     * @param policy the policy
     */
    record Sourced(String source, Policy policy) {}

    /**
     * What a tenant's gates are judged by.
     *
     * @param changes what {@link Views#controlChanges} was before
     * @param policies in force
     * @param waivers what lifts them
     */
    private record Standing(long changes, List<Sourced> policies, Waivers waivers) {}
}
