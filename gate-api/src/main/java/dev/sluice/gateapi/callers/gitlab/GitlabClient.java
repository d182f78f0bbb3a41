package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.Calls;
import dev.sluice.gateapi.callers.asked.Heard;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.wire.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Calls GitLab's REST API of version 4 by the access token of a server. */
final class GitlabClient {
    private static final String TOKEN_HEADER = "PRIVATE-TOKEN";

    private final OutboundRequests requests;
    private final TenantSecrets secrets;

    GitlabClient(OutboundRequests requests, TenantSecrets secrets) {
        this.requests = requests;
        this.secrets = secrets;
    }

    /** Returns whether a secret can be a token. */
    static boolean isToken(byte[] secret) {
        return secret.length > 0 && OutboundRequest.isHeader(TOKEN_HEADER, text(secret));
    }

    private static String text(byte[] secret) {
        return new String(secret, StandardCharsets.UTF_8);
    }

    /** Reads something, which may be long: a list has whole messages of commits. Nothing if the token cannot be had. */
    Optional<CompletableFuture<OutboundAnswer>> get(String tenant, GitlabServer server, String path) {
        return token(tenant, server)
                .map(token -> requests.send(new OutboundRequest(
                                "GET",
                                url(server, path),
                                Map.of("Accept", "application/json", TOKEN_HEADER, token),
                                new byte[0],
                                OutboundRequest.MOST_BYTES)
                        .onBehalfOf(tenant)));
    }

    /**
     * Tells something.
     *
     * @param tenant whose server it is
     * @param what is told, for the log
     * @param refusals statuses after which it is of no use to tell it again
     */
    CompletableFuture<Heard> post(
            String tenant, GitlabServer server, String path, JsonNode body, String what, Set<Integer> refusals) {
        return token(tenant, server)
                .map(token -> requests.send(new OutboundRequest(
                                        "POST",
                                        url(server, path),
                                        Map.of(
                                                "Accept",
                                                "application/json",
                                                "Content-Type",
                                                "application/json",
                                                TOKEN_HEADER,
                                                token),
                                        Json.bytes(body))
                                .onBehalfOf(tenant))
                        .thenApply(answer -> Heard.of(Calls.meaning(what, answer, refusals)))
                        .exceptionally(Calls::unanswered))
                .orElseGet(() -> CompletableFuture.completedFuture(Heard.failed("the access token cannot be read")));
    }

    private static URI url(GitlabServer server, String path) {
        return URI.create(server.api() + path);
    }

    private Optional<String> token(String tenant, GitlabServer server) {
        return server.token()
                .resolve(secrets.of(tenant), (pointer, problem) -> {})
                .map(secrets -> secrets.get(0))
                .filter(GitlabClient::isToken)
                .map(GitlabClient::text);
    }
}
