package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gate.Evidence.ExternalAnswer;
import dev.sluice.gate.Evidence.ExternalAnswer.Meaning;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.egress.Shares;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.MalformedRecordException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks an Open Policy Agent for a document, by {@code POST /v1/data/PATH} with the question as {@code input}. The document is true or
 * false, or an object whose {@code allow} is; its {@code reason}, or its {@code reasons}, are told. No document is no opinion, and
 * anything else is not understood: neither allows.
 *
 * <p>Source: <a href="https://www.openpolicyagent.org/docs/rest-api#get-a-document-with-input">OPA's REST API</a>.
 */
public final class OpenPolicyAgent {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int LONGEST_REASON = 300;
    private static final String NOT_VISIBLE = "\\p{Cntrl}+";

    private static final int OF_A_TENANT = 16;
    private static final int OF_AN_ENDPOINT = 8;

    private final Shares tenants = new Shares(OF_A_TENANT);
    private final Shares endpoints = new Shares(OF_AN_ENDPOINT);
    private final Exchange exchange;
    private final TenantSecrets secrets;

    /**
     * Creates one, to be shared.
     *
     * @param requests sends
     * @param secrets from where the secrets of endpoints may be taken
     */
    public OpenPolicyAgent(OutboundRequests requests, TenantSecrets secrets) {
        this(requests::send, secrets);
    }

    OpenPolicyAgent(Exchange exchange, TenantSecrets secrets) {
        this.exchange = exchange;
        this.secrets = secrets;
    }

    /**
     * Asks. Returns at once; what follows the answer must not block. Where an endpoint is asked 8 questions already, or those of a tenant
     * 16, it is not asked, and counts as one that cannot be reached: an agent that is slow holds up nobody else's questions.
     *
     * @param tenant whose gate asks
     * @param name name of the endpoint
     * @param endpoint whom
     * @param path of the document, e.g. {@code deploy/allow}
     * @param input the question
     * @return the answer within two seconds; never fails
     */
    public CompletableFuture<ExternalAnswer> ask(
            String tenant, String name, Endpoint endpoint, String path, JsonNode input) {
        if (endpoint.kind() != Endpoint.Kind.OPEN_POLICY_AGENT) {
            return CompletableFuture.completedFuture(
                    new ExternalAnswer(name, path, Meaning.UNREADABLE, "the endpoint is no open-policy-agent"));
        }
        Optional<List<byte[]>> keys = endpoint.secrets().resolve(secrets.of(tenant), (pointer, problem) -> {});
        if (keys.isEmpty() || !Token.isRight(keys.get().get(0))) {
            return CompletableFuture.completedFuture(unreachable(name, path, "its token cannot be used"));
        }
        var request = new OutboundRequest(
                "POST",
                URI.create(endpoint.base() + "/v1/data/" + path),
                Map.of(
                        "Authorization", "Bearer " + Token.text(keys.get().get(0)),
                        "Content-Type", "application/json",
                        "Accept", "application/json"),
                Json.mapper().createObjectNode().set("input", input).toString().getBytes(StandardCharsets.UTF_8));
        String key = Keys.of(tenant, name);
        if (!take(tenant, key)) {
            return CompletableFuture.completedFuture(
                    unreachable(name, path, "it was not asked: too many questions are under way"));
        }
        return exchange.send(request.within(PATIENCE).onBehalfOf(tenant))
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    endpoints.give(key, 1);
                    tenants.give(tenant, 1);
                })
                .handle((answer, failure) -> answer == null
                        ? unreachable(name, path, "it does not answer")
                        : understood(name, path, answer));
    }

    private boolean take(String tenant, String endpoint) {
        if (!endpoints.take(endpoint, 1)) {
            return false;
        }
        if (!tenants.take(tenant, 1)) {
            endpoints.give(endpoint, 1);
            return false;
        }
        return true;
    }

    private static ExternalAnswer unreachable(String name, String path, String reason) {
        return new ExternalAnswer(name, path, Meaning.UNREACHABLE, reason);
    }

    private static ExternalAnswer understood(String name, String path, OutboundAnswer answer) {
        if (!answer.isSuccess()) {
            return unreachable(name, path, "it has answered with " + answer.status());
        }
        JsonNode result;
        try {
            JsonNode document = Json.read(answer.body(), JsonNode.class);
            if (!document.isObject()) {
                return notUnderstood(name, path);
            }
            result = document.path("result");
        } catch (MalformedRecordException e) {
            return notUnderstood(name, path);
        }
        if (result.isMissingNode()) {
            return new ExternalAnswer(name, path, Meaning.UNDEFINED, "it has no opinion");
        }
        JsonNode allow = result.isObject() ? result.path("allow") : result;
        return allow.isBoolean()
                ? new ExternalAnswer(
                        name, path, allow.booleanValue() ? Meaning.ALLOWED : Meaning.REFUSED, reason(result, allow))
                : notUnderstood(name, path);
    }

    private static ExternalAnswer notUnderstood(String name, String path) {
        return new ExternalAnswer(name, path, Meaning.UNREADABLE, "its answer is not understood");
    }

    private static String reason(JsonNode result, JsonNode allow) {
        var reasons = new ArrayList<String>();
        if (result.path("reason").isTextual()) {
            reasons.add(result.path("reason").textValue());
        }
        result.path("reasons").forEach(reason -> reasons.add(reason.asText()));
        String said = reasons.isEmpty()
                ? (allow.booleanValue() ? "it allows" : "it does not allow")
                : String.join("; ", reasons).replaceAll(NOT_VISIBLE, " ");
        return said.length() <= LONGEST_REASON ? said : said.substring(0, LONGEST_REASON) + "…";
    }
}
