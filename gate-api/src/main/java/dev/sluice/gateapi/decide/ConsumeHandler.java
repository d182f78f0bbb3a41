package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.audit.ClaimLog;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.policy.Policies;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Uses a decision up: of all who ask, at whichever replica, one gets it. It must still allow, be of what is to be deployed, and rest on the
 * policies that hold.
 */
final class ConsumeHandler {
    private static final int OK = 200;
    private static final int MAX_BODY = 4 << 10;
    /** A decision that is older is not consumed any more: who has consumed it is remembered a little longer. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final String CONSUMPTION = "consumption";

    private final DecisionLog log;
    private final Policies policies;
    private final ClaimLog claims;
    private final Clock clock;

    /**
     * Creates the handler.
     *
     * @param log has the decisions
     * @param policies those that hold
     * @param claims tells who was first
     * @param clock tells whether a decision has expired
     */
    ConsumeHandler(DecisionLog log, Policies policies, ClaimLog claims, Clock clock) {
        this.log = log;
        this.policies = policies;
        this.claims = claims;
        this.clock = clock;
    }

    /** Handles {@code POST /v1/decisions/{id}/consume}. */
    void consume(Context ctx) {
        Principal principal = Routes.principal(ctx);
        ConsumeRequest request = ConsumeRequest.read(Requests.json(Requests.body(ctx, MAX_BODY)));
        CompletableFuture<Void> answered = log.find(principal.tenant(), ctx.pathParam("id"))
                .thenCompose(found -> {
                    DecisionRecord decision =
                            found.orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such decision"));
                    return claim(decision, request, principal).thenAccept(holder -> answer(ctx, decision, holder));
                });
        ctx.future(() -> answered);
    }

    private CompletableFuture<ClaimLog.Holder> claim(
            DecisionRecord decision, ConsumeRequest request, Principal principal) {
        principal.requireReach(decision.service(), decision.environment());
        Instant until = earlier(decision.expiresAt(), decision.decidedAt().plus(LONGEST));
        requireInForce(decision, until);
        requireSame(decision.artifact(), request.artifact());
        String consumer = request.consumer();
        return claims.claim(
                new ClaimLog.Wanted(decision.tenant(), CONSUMPTION, decision.id()),
                new ClaimLog.Claimant(consumer == null ? UUID.randomUUID().toString() : consumer, principal.id()),
                until);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void requireInForce(DecisionRecord decision, Instant until) {
        if (!decision.isAllow()) {
            throw refused("the decision is " + decision.decision() + ", there is nothing to consume");
        }
        if (!clock.instant().isBefore(until)) {
            throw refused("the decision has expired at " + until + "; ask the gate again");
        }
        Grounds.of(decision)
                .gone(policies, decision.tenant(), decision.gate(), decision.environment())
                .ifPresent(why -> {
                    throw refused(why);
                });
    }

    /** The surest of what the decision names must be named, and nothing that it does not vouch for. */
    private static void requireSame(GateRequest.@Nullable Artifact decided, GateRequest.@Nullable Artifact stated) {
        if (decided == null && stated == null) {
            return;
        }
        if (decided == null) {
            throw refused("the decision names no artifact, so it holds for none in particular");
        }
        if (stated == null) {
            throw refused("the decision holds for one artifact; say which one is deployed");
        }
        boolean surest = decided.digest() != null
                ? decided.digest().equals(stated.digest())
                : decided.version() != null
                        ? decided.version().equals(stated.version())
                        : decided.commit() == null || decided.commit().equals(stated.commit());
        if (!surest
                || differs(decided.digest(), stated.digest())
                || differs(decided.version(), stated.version())
                || differs(decided.commit(), stated.commit())) {
            throw refused("the decision is of another artifact");
        }
    }

    private static boolean differs(@Nullable String decided, @Nullable String stated) {
        return stated != null && !stated.equals(decided);
    }

    private static ApiException refused(String why) {
        return new ApiException(ErrorType.CONFLICT, why);
    }

    private static void answer(Context ctx, DecisionRecord decision, ClaimLog.Holder holder) {
        if (!holder.own()) {
            throw refused("the decision was consumed at " + holder.at() + " by " + holder.principal());
        }
        Requests.answer(
                ctx, OK, new Consumption(decision.id(), holder.at(), holder.by(), holder.principal(), decision));
    }

    /**
     * A decision that was consumed.
     *
     * @param decisionId which one
     * @param consumedAt when
     * @param consumer by whom, as they call themselves
     * @param principal name of their credential
     * @param decision the decision
     */
    record Consumption(
            String decisionId, Instant consumedAt, String consumer, String principal, DecisionRecord decision) {}

    /**
     * What a consumer says.
     *
     * @param artifact what is deployed
     * @param consumer who they are, e.g. a pipeline's run; the same may ask again
     */
    record ConsumeRequest(
            GateRequest.@Nullable Artifact artifact,
            @Nullable String consumer) {
        static ConsumeRequest read(JsonNode body) {
            var fields = new RequestFields(body);
            var request = new ConsumeRequest(fields.artifact(), fields.optional("consumer"));
            fields.requireValid("artifact", "consumer");
            return request;
        }
    }
}
