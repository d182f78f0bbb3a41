package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** Signs decisions as JWTs (RFC 7519), for those who must not ask Sluice when they act on one: an admission hook. */
final class SignedDecisionHandler {
    /** What the signed decision is, so that it passes for no other token of the same key. */
    static final String TYPE = "sluice-decision+jwt";

    private static final int OK = 200;

    private final DecisionLog log;
    private final SigningKeys keys;

    SignedDecisionHandler(DecisionLog log, SigningKeys keys) {
        this.log = log;
        this.keys = keys;
    }

    /** Handles {@code GET /v1/decisions/{id}/jws}. */
    void read(Context ctx) {
        CompletableFuture<Void> answered = log.find(Routes.principal(ctx).tenant(), ctx.pathParam("id"))
                .thenAccept(found -> {
                    DecisionRecord decision =
                            found.orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such decision"));
                    if (decision.isPending()) {
                        throw new ApiException(
                                ErrorType.CONFLICT, "the decision is pending: there is nothing to sign yet");
                    }
                    ctx.status(OK);
                    ctx.contentType("application/jose");
                    ctx.result(sign(decision));
                });
        ctx.future(() -> answered);
    }

    private String sign(DecisionRecord decision) {
        return keys.sign(claims(decision), TYPE)
                .orElseThrow(() -> new ApiException(
                        ErrorType.UNAVAILABLE, "no signing key is configured: SLUICE_SIGNING_KEYS names them"));
    }

    static String claims(DecisionRecord decision) {
        ObjectNode claims = Json.mapper().createObjectNode();
        claims.put("iss", "sluice");
        claims.put("jti", decision.id());
        claims.put("sub", decision.service());
        claims.put("iat", decision.decidedAt().getEpochSecond());
        claims.put("exp", decision.expiresAt().getEpochSecond());
        claims.put("tenant", decision.tenant());
        claims.put("gate", decision.gate());
        claims.put("service", decision.service());
        claims.put("environment", decision.environment());
        claims.set("artifact", Json.mapper().valueToTree(decision.artifact()));
        claims.put("decision", decision.decision());
        claims.put("allowed", decision.isAllow());
        claims.put("code", decision.code());
        claims.set("policies", Json.mapper().valueToTree(decision.policies()));
        claims.put("principal", decision.principal());
        return new String(Json.bytes(claims), StandardCharsets.UTF_8);
    }
}
