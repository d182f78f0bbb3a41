package dev.sluice.gateapi.policy;

import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Durations;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps overrides: a gate is open for one artifact for some hours, whatever the policies say. It takes two persons, always: one who
 * asks and one who approves; either may end it.
 */
final class OverrideHandler {
    private static final int OK = 200;
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final int MOST_CHARACTERS = 300;
    private static final int MOST_REASON = 2_000;

    private final Policies policies;
    private final WaiverLog<OverrideDocument> log;

    /**
     * Creates a handler.
     *
     * @param policies tell whether this replica knows what is set up
     * @param views know what there is
     * @param control writes changes
     * @param answers runs what follows a change
     * @param clock tells when a change was made, and what has expired
     */
    OverrideHandler(Policies policies, Views views, ControlLog control, Executor answers, Clock clock) {
        this.policies = policies;
        this.log = new WaiverLog<>(
                Control.OVERRIDE, OverrideDocument::read, OverrideDocument::document, views, control, answers, clock);
    }

    /** Handles {@code GET /v1/overrides}. */
    void list(Context ctx) {
        Requests.answer(ctx, OK, all(Routes.principal(ctx).tenant()));
    }

    /** Returns all overrides of a tenant. */
    Listed all(String tenant) {
        policies.requireRead();
        return new Listed(log.all(tenant, this::shown));
    }

    /** Handles {@code POST /v1/overrides}. */
    void create(Context ctx) {
        policies.requireRead();
        Instant now = log.now();
        Members body = Members.of(ctx);
        Optional<String> gate = body.optional("gate", MOST_CHARACTERS);
        Optional<String> service = body.required("service", MOST_CHARACTERS);
        Optional<String> environment = body.required("environment", MOST_CHARACTERS);
        Optional<OverrideDocument.Artifact> artifact = body.object("artifact").flatMap(OverrideHandler::artifact);
        Optional<String> reason = body.required("reason", MOST_REASON);
        Optional<String> ticket = body.optional("ticket", MOST_CHARACTERS);
        Optional<Duration> after = body.required("expires_in", MOST_CHARACTERS)
                .flatMap(Durations::parse)
                .filter(time -> !time.isZero() && time.compareTo(LONGEST) <= 0);
        if (body.has("expires_in") && after.isEmpty()) {
            body.wrong("expires_in", "expires_in must be a duration such as 30m or 8h, at most 24h");
        }
        body.rejectUnknown();
        body.requireRight();
        Routes.principal(ctx).requireReach(service.orElseThrow(), environment.orElseThrow());
        log.create(
                ctx,
                new OverrideDocument(
                        gate.orElse(null),
                        service.orElseThrow(),
                        environment.orElseThrow(),
                        artifact.orElseThrow(),
                        reason.orElseThrow(),
                        ticket.orElse(null),
                        now.plus(after.orElseThrow()),
                        Signed.of(Routes.principal(ctx), now),
                        null),
                this::shown);
    }

    private static Optional<OverrideDocument.Artifact> artifact(Members body) {
        Optional<String> version = body.optional("version", MOST_CHARACTERS);
        Optional<String> digest = body.optional("digest", MOST_CHARACTERS);
        body.rejectUnknown();
        if (!body.has("version") && !body.has("digest")) {
            body.wrong("version", "artifact must name a version or a digest");
        }
        return version.isEmpty() && digest.isEmpty()
                ? Optional.empty()
                : Optional.of(new OverrideDocument.Artifact(version.orElse(null), digest.orElse(null)));
    }

    /** Handles {@code POST /v1/overrides/{id}/approve}. */
    void approve(Context ctx) {
        CompletableFuture<Void> done = approve(Routes.principal(ctx), ctx.pathParam("id"))
                .thenAccept(shown -> Requests.answer(ctx, OK, shown));
        ctx.future(() -> done);
    }

    /** Approves an override. */
    CompletableFuture<Shown> approve(Principal principal, String id) {
        policies.requireRead();
        return log.change(
                principal,
                id,
                override -> {
                    principal.requireReach(override.service(), override.environment());
                    if (override.requested().owner().equals(principal.owner())) {
                        throw new ApiException(
                                ErrorType.CONFLICT,
                                principal.owner() + " has asked for the override: someone else must approve it");
                    }
                    Instant now = log.now();
                    if (!now.isBefore(override.expiresAt())) {
                        throw new ApiException(ErrorType.CONFLICT, "the override has expired");
                    }
                    return override.approved() == null ? override.approvedBy(Signed.of(principal, now)) : override;
                },
                this::shown);
    }

    /** Handles {@code DELETE /v1/overrides/{id}}. */
    void delete(Context ctx) {
        policies.requireRead();
        Principal principal = Routes.principal(ctx);
        log.delete(ctx, override -> principal.requireReach(override.service(), override.environment()), this::shown);
    }

    private Shown shown(String id, OverrideDocument document) {
        return new Shown(
                id,
                WaiverLog.status(document.approved() != null, !log.now().isBefore(document.expiresAt())),
                document.gate(),
                document.service(),
                document.environment(),
                document.artifact(),
                document.reason(),
                document.ticket(),
                document.expiresAt(),
                document.requested(),
                document.approved());
    }

    /** All overrides of a tenant. */
    record Listed(List<Shown> overrides) {}

    /**
     * An override as answers show it.
     *
     * @param id its id
     * @param status {@code requested}, {@code active} or {@code expired}
     * @param gate which gate; null means each
     * @param service which service
     * @param environment where
     * @param artifact what may go there
     * @param reason why
     * @param ticket where it is dealt with; null where that was not said
     * @param expiresAt the moment from which it is void
     * @param requested who has asked for it
     * @param approved who has approved it; null where nobody has
     */
    record Shown(
            String id,
            String status,
            @Nullable String gate,
            String service,
            String environment,
            OverrideDocument.Artifact artifact,
            String reason,
            @Nullable String ticket,
            Instant expiresAt,
            Signed requested,
            @Nullable Signed approved) {}
}
