package dev.sluice.gateapi.policy;

import dev.sluice.gate.Policy;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.wire.Control;
import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * Shows policies, saves versions of them, and activates and deactivates them. Saving decides nothing. What speaks of production
 * takes two persons to take effect, and two to end. A change is answered when this replica has read it back from the log; the
 * others follow.
 */
final class PolicyHandler {
    private static final int OK = 200;
    private static final int ACCEPTED = 202;
    private static final int MAX_BYTES = 64 << 10;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    /** The last part of a path of its own. */
    private static final String RESERVED = "effective";

    private static final Set<String> TYPES = Set.of("application/yaml", "application/json");
    /** How long a wish to end a policy may wait for the second person. */
    static final Duration REQUEST_HOLDS = Duration.ofHours(24);

    private static final int DIGEST_LENGTH = 71;

    private final Policies policies;
    private final FourEyes fourEyes;
    private final PolicyReader reader;
    private final ControlLog log;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates a handler.
     *
     * @param policies what there is
     * @param fourEyes tell what takes two persons
     * @param reader tells which policies are valid
     * @param log writes changes
     * @param answers runs what follows a change
     * @param clock tells when a change was made
     */
    PolicyHandler(
            Policies policies, FourEyes fourEyes, PolicyReader reader, ControlLog log, Executor answers, Clock clock) {
        this.policies = policies;
        this.fourEyes = fourEyes;
        this.reader = reader;
        this.log = log;
        this.answers = answers;
        this.clock = clock;
    }

    /** Handles {@code GET /v1/policies}. */
    void list(Context ctx) {
        List<Listed> inForce = policies.sourced(Routes.principal(ctx).tenant()).stream()
                .map(sourced -> new Listed(
                        sourced.policy().name(),
                        sourced.source(),
                        sourced.policy().version(),
                        sourced.policy().digest()))
                .toList();
        Requests.answer(ctx, OK, new AllListed(inForce));
    }

    /** Handles {@code GET /v1/policies/effective}. */
    void effective(Context ctx) {
        Requests.answer(
                ctx,
                OK,
                effective(
                        Routes.principal(ctx).tenant(),
                        Requests.requiredQuery(ctx, "gate"),
                        Requests.requiredQuery(ctx, "environment")));
    }

    /** Returns what a gate of a tenant would be judged by now. */
    EffectivePolicies effective(String tenant, String gate, String environment) {
        return EffectivePolicies.of(
                gate, environment, policies.sourced(tenant), policies.waivers(tenant), clock.instant());
    }

    /** Handles {@code GET /v1/policies/{name}}. */
    void read(Context ctx) {
        policies.requireRead();
        Requests.answer(
                ctx,
                OK,
                shown(Routes.principal(ctx).tenant(), ctx.pathParam("name")).orElseThrow(PolicyHandler::notFound));
    }

    /** Handles {@code PUT /v1/policies/{name}}. */
    void put(Context ctx) {
        Routes.principal(ctx).requireFullReach();
        policies.requireRead();
        String name = ctx.pathParam("name");
        if (!NAME.matcher(name).matches() || name.equals(RESERVED)) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST,
                    "the name of a policy must be up to 63 small letters, digits and dashes, the first of them no dash,"
                            + " and not " + RESERVED);
        }
        requireOfApi(name);
        if (!TYPES.contains(Requests.mediaType(ctx))) {
            throw new ApiException(
                    ErrorType.UNSUPPORTED_MEDIA_TYPE, "the content type must be application/yaml or application/json");
        }
        String text = text(Requests.body(ctx, MAX_BYTES));
        Policy policy = policy(name, text);
        Principal principal = Routes.principal(ctx);
        String id = PolicyDigest.id(policy.digest()).orElseThrow();
        var content = Content.of(SavedVersion.document(policy, text, principal.owner()));
        answer(
                ctx,
                name,
                log.change(
                        new Thing(principal.tenant(), Control.POLICY_VERSION, id),
                        principal.id(),
                        before -> before.isPresent() ? Optional.empty() : Optional.of(content)));
    }

    private static String text(byte[] body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw ApiException.invalidDocument("", "not UTF-8");
        }
    }

    private Policy policy(String name, String text) {
        var problems = new Problems();
        Optional<Policy> policy = reader.read("policy", text, problems);
        var errors = new ArrayList<FieldError>();
        problems.all().forEach(problem -> errors.add(new FieldError("", problem)));
        policy.filter(read -> !read.name().equals(name))
                .ifPresent(read -> errors.add(new FieldError("/name", "name must be that of the path: " + name)));
        if (!errors.isEmpty()) {
            throw ApiException.invalidDocument(errors);
        }
        return policy.orElseThrow();
    }

    /** Handles {@code POST /v1/policies/{name}/activate}. */
    void activate(Context ctx) {
        Routes.principal(ctx).requireFullReach();
        policies.requireRead();
        String name = ctx.pathParam("name");
        requireOfApi(name);
        Members body = Members.of(ctx);
        Optional<String> digest = body.required("digest", DIGEST_LENGTH);
        Optional<String> id = digest.flatMap(PolicyDigest::id);
        if (digest.isPresent() && id.isEmpty()) {
            body.wrong("digest", "digest must be sha256: and 64 hexadecimal digits");
        }
        body.rejectUnknown();
        body.requireRight();
        Principal principal = Routes.principal(ctx);
        var thing = new Thing(principal.tenant(), Control.POLICY_VERSION, id.orElseThrow());
        answer(ctx, name, log.newest(thing).thenCompose(found -> {
            SavedVersion version = found.map(SavedVersion::of)
                    .filter(saved -> saved.name().equals(name))
                    .orElseThrow(() ->
                            new ApiException(ErrorType.NOT_FOUND, "the policy has no saved version of this digest"));
            Policy policy = policies.version(principal.tenant(), version.digest())
                    .orElseThrow(() ->
                            new ApiException(ErrorType.CONFLICT, "this release cannot read the version: save it anew"));
            return log.change(
                    new Thing(principal.tenant(), Control.POLICY, name),
                    principal.id(),
                    before -> activated(before, version, policy, principal));
        }));
    }

    private Optional<Content> activated(
            Optional<Control> before, SavedVersion version, Policy policy, Principal principal) {
        boolean production = fourEyes.areNeededFor(principal.tenant(), policy)
                || before.filter(this::speaksOfProduction).isPresent();
        if (production && version.owner().equals(principal.owner())) {
            throw new ApiException(
                    ErrorType.CONFLICT,
                    "the policy speaks of production, and " + version.owner()
                            + " has saved this version: someone else must activate it");
        }
        boolean same = before.flatMap(control -> ActivePolicy.read(control.document()))
                .filter(active -> active.digest().equals(version.digest()) && active.deactivation() == null)
                .isPresent();
        return same
                ? Optional.empty()
                : Optional.of(
                        Content.of(ActivePolicy.of(version, principal, now()).document()));
    }

    /** What cannot be read may speak of anything. */
    private boolean speaksOfProduction(Control control) {
        return ActivePolicy.read(control.document())
                .flatMap(policies::policy)
                .map(policy -> fourEyes.areNeededFor(control.tenant(), policy))
                .orElse(true);
    }

    /** Handles {@code POST /v1/policies/{name}/deactivate}. */
    void deactivate(Context ctx) {
        Routes.principal(ctx).requireFullReach();
        policies.requireRead();
        String name = ctx.pathParam("name");
        Principal principal = Routes.principal(ctx);
        if (policies.active(principal.tenant(), name).isEmpty()) {
            requireOfApi(name);
        }
        answer(
                ctx,
                name,
                log.change(
                        new Thing(principal.tenant(), Control.POLICY, name),
                        principal.id(),
                        before -> Optional.of(deactivated(before.orElseThrow(PolicyHandler::notFound), principal))));
    }

    private Content deactivated(Control control, Principal principal) {
        Optional<ActivePolicy> active = ActivePolicy.read(control.document());
        if (active.isEmpty() || !speaksOfProduction(control)) {
            return Content.deletion();
        }
        Signed request = active.get().deactivation();
        boolean stands = request != null && now().isBefore(request.at().plus(REQUEST_HOLDS));
        if (!stands) {
            var wish = Signed.of(principal, now());
            return Content.of(active.get().withDeactivation(wish).document());
        }
        if (request != null && request.owner().equals(principal.owner())) {
            throw new ApiException(
                    ErrorType.CONFLICT,
                    "the policy speaks of production, and " + request.owner()
                            + " has asked for its end already: someone else must confirm it");
        }
        return Content.deletion();
    }

    private void requireOfApi(String name) {
        if (policies.configured(name).isPresent()) {
            throw new ApiException(
                    ErrorType.CONFLICT,
                    "the policy " + name + " is "
                            + (policies.configuredSource().equals("shipped")
                                    ? "shipped"
                                    : "of the directory of policies")
                            + ": the API does not change it");
        }
    }

    private void answer(Context ctx, String name, CompletableFuture<Boolean> changed) {
        String tenant = Routes.principal(ctx).tenant();
        ctx.future(() -> changed.thenAcceptAsync(
                written -> {
                    ShownPolicy shown = shown(tenant, name).orElseThrow(PolicyHandler::notFound);
                    boolean wished = shown.active() != null && shown.active().deactivation() != null;
                    Requests.answer(ctx, wished ? ACCEPTED : OK, shown);
                },
                answers));
    }

    private Optional<ShownPolicy> shown(String tenant, String name) {
        Optional<Policy> configured = policies.configured(name);
        Optional<ActivePolicy> active = policies.active(tenant, name);
        List<ShownPolicy.Version> versions =
                policies.versions(configured.isPresent() ? Policies.EVERY_TENANT : tenant, name).stream()
                        .map(ShownPolicy.Version::of)
                        .toList();
        if (configured.isPresent()) {
            var shown = new ShownPolicy.Active(
                    configured.get().version(), configured.get().digest(), null, null, null, null);
            return Optional.of(new ShownPolicy(name, policies.configuredSource(), shown, versions));
        }
        return active.isEmpty() && versions.isEmpty()
                ? Optional.empty()
                : Optional.of(new ShownPolicy(
                        name,
                        Policies.OF_API,
                        active.map(ShownPolicy.Active::of).orElse(null),
                        versions));
    }

    private static ApiException notFound() {
        return new ApiException(ErrorType.NOT_FOUND, "there is no such policy");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** The policies in force. */
    record AllListed(List<Listed> policies) {}

    /**
     * A policy in force.
     *
     * @param name its name
     * @param source {@code directory}, {@code shipped} or {@code api}
     * @param version as its author counts
     * @param digest of its content
     */
    record Listed(String name, String source, String version, String digest) {}
}
