package dev.sluice.gateapi.policy;

import dev.sluice.gate.Rule;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps exemptions: one rule does not decide for a time. One that touches production takes effect when someone else than who
 * wrote it activates it; anyone who may write one may end it.
 */
final class ExemptionHandler {
    private static final int OK = 200;
    private static final Duration LONGEST = Duration.ofDays(90);
    private static final int MOST_CHARACTERS = 300;
    private static final int MOST_REASON = 2_000;

    private final Policies policies;
    private final WaiverLog<ExemptionDocument> log;
    private final FourEyes fourEyes;

    /**
     * Creates a handler.
     *
     * @param policies what may be exempted from
     * @param fourEyes tell what takes two persons
     * @param views know what there is
     * @param control writes changes
     * @param answers runs what follows a change
     * @param clock tells when a change was made, and what has expired
     */
    ExemptionHandler(
            Policies policies, FourEyes fourEyes, Views views, ControlLog control, Executor answers, Clock clock) {
        this.policies = policies;
        this.fourEyes = fourEyes;
        this.log = new WaiverLog<>(
                Control.EXEMPTION,
                ExemptionDocument::read,
                ExemptionDocument::document,
                views,
                control,
                answers,
                clock);
    }

    /** Handles {@code GET /v1/exemptions}. */
    void list(Context ctx) {
        policies.requireRead();
        Requests.answer(ctx, OK, new Listed(log.all(Routes.principal(ctx).tenant(), this::shown)));
    }

    /** Handles {@code POST /v1/exemptions}. */
    void create(Context ctx) {
        policies.requireRead();
        Principal principal = Routes.principal(ctx);
        Instant now = log.now();
        Members body = Members.of(ctx);
        Optional<String> policy = body.required("policy", MOST_CHARACTERS);
        Optional<String> rule = body.required("rule", MOST_CHARACTERS);
        Optional<String> service = body.optional("service", MOST_CHARACTERS);
        Optional<String> environment = body.optional("environment", MOST_CHARACTERS);
        Optional<String> owner = body.required("owner", MOST_CHARACTERS);
        Optional<String> ticket = body.required("ticket", MOST_CHARACTERS);
        Optional<String> reason = body.required("reason", MOST_REASON);
        Optional<Instant> expires = body.expiry(now, LONGEST);
        body.rejectUnknown();
        if (policy.isPresent() && rule.isPresent()) {
            requireRule(body, principal.tenant(), policy.get(), rule.get());
        }
        body.requireRight();
        requireReach(principal, service.orElse(null), environment.orElse(null));
        log.create(
                ctx,
                new ExemptionDocument(
                        policy.orElseThrow(),
                        rule.orElseThrow(),
                        service.orElse(null),
                        environment.orElse(null),
                        owner.orElseThrow(),
                        ticket.orElseThrow(),
                        reason.orElseThrow(),
                        expires.orElseThrow(),
                        Signed.of(principal, now),
                        null),
                this::shown);
    }

    private void requireRule(Members body, String tenant, String policy, String rule) {
        List<Rule> rules = policies.inForce(tenant).stream()
                .filter(known -> known.name().equals(policy))
                .flatMap(known -> known.rules().stream())
                .toList();
        if (rules.isEmpty()) {
            body.wrong("policy", "no policy in force is called " + policy);
        } else if (rules.stream().noneMatch(known -> known.id().equals(rule))) {
            body.wrong("rule", "policy " + policy + " has no rule " + rule);
        }
    }

    /** Handles {@code POST /v1/exemptions/{id}/activate}. */
    void activate(Context ctx) {
        policies.requireRead();
        Principal principal = Routes.principal(ctx);
        log.change(
                ctx,
                exemption -> {
                    requireReach(principal, exemption.service(), exemption.environment());
                    if (fourEyes.areNeededIn(principal.tenant(), exemption.environment())
                            && exemption.requested().owner().equals(principal.owner())) {
                        throw new ApiException(
                                ErrorType.CONFLICT,
                                "the exemption touches production, and " + principal.owner()
                                        + " has written it: someone else must activate it");
                    }
                    Instant now = log.now();
                    if (!now.isBefore(exemption.expiresAt())) {
                        throw new ApiException(ErrorType.CONFLICT, "the exemption has expired");
                    }
                    return exemption.activated() == null ? exemption.activatedBy(Signed.of(principal, now)) : exemption;
                },
                this::shown);
    }

    /** Handles {@code DELETE /v1/exemptions/{id}}. */
    void delete(Context ctx) {
        policies.requireRead();
        Principal principal = Routes.principal(ctx);
        log.delete(
                ctx, exemption -> requireReach(principal, exemption.service(), exemption.environment()), this::shown);
    }

    /** A token for some services or environments may exempt these, and nothing that is for each. */
    private static void requireReach(Principal principal, @Nullable String service, @Nullable String environment) {
        if (service == null || environment == null) {
            principal.requireFullReach();
        } else {
            principal.requireReach(service, environment);
        }
    }

    private Shown shown(String id, ExemptionDocument document) {
        return new Shown(
                id,
                WaiverLog.status(document.activated() != null, !log.now().isBefore(document.expiresAt())),
                document.policy(),
                document.rule(),
                document.service(),
                document.environment(),
                document.owner(),
                document.ticket(),
                document.reason(),
                document.expiresAt(),
                document.requested(),
                document.activated());
    }

    /** All exemptions of a tenant. */
    record Listed(List<Shown> exemptions) {}

    /**
     * An exemption as answers show it.
     *
     * @param id its id
     * @param status {@code requested}, {@code active} or {@code expired}
     * @param policy name of the rule's policy
     * @param rule the rule's id
     * @param service for which service; null means each
     * @param environment where; null means everywhere
     * @param owner who answers for it
     * @param ticket where it is dealt with
     * @param reason why
     * @param expiresAt the moment from which it is void
     * @param requested who has written it
     * @param activated who has let it take effect; null where nobody has
     */
    record Shown(
            String id,
            String status,
            String policy,
            String rule,
            @Nullable String service,
            @Nullable String environment,
            String owner,
            String ticket,
            String reason,
            Instant expiresAt,
            Signed requested,
            @Nullable Signed activated) {}
}
