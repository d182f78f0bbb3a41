package dev.sluice.gateapi.callers.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.asked.Calls;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.wire.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Calls GitHub's REST API of version {@value #VERSION} for an app and its installations. */
final class GithubClient {
    private static final String VERSION = "2022-11-28";
    private static final String JSON = "application/vnd.github+json";
    private static final int CREATED = 201;
    /** A token is not used in its last minute. */
    private static final Duration UNUSED = Duration.ofMinutes(1);

    private final OutboundRequests requests;
    private final TenantSecrets secrets;
    private final Clock clock;
    private final Map<Scope, Token> tokens = new ConcurrentHashMap<>();

    GithubClient(OutboundRequests requests, TenantSecrets secrets, Clock clock) {
        this.requests = requests;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** What a token is for: what one tenant has got by its key is not for another that names the same app. */
    private record Scope(
            String tenant,
            SecretReferences key,
            long appId,
            String api,
            long installation,
            long repository,
            boolean checks) {}

    private record Token(String text, Instant until) {
        /** Not the token. */
        @Override
        public String toString() {
            return "Token[until=" + until + "]";
        }
    }

    /**
     * What a call for a token has come to.
     *
     * @param token the token; nothing if there is none
     * @param answer GitHub's answer; null where none was needed, or no call could be made
     */
    record Access(Optional<String> token, @Nullable OutboundAnswer answer) {
        /** Not the token. */
        @Override
        public String toString() {
            return "Access[answer=" + answer + "]";
        }
    }

    /**
     * Who makes a call: an app or one of its installations.
     *
     * @param tenant whose app it is
     * @param app the app
     * @param token of the app itself or of the installation
     */
    record Bearer(String tenant, GithubApp app, String token) {
        /** Not the token. */
        @Override
        public String toString() {
            return "Bearer[tenant=" + tenant + ", app=" + app.appId() + "]";
        }
    }

    /** Returns a token of an installation that can do what is needed for one repository, and nothing else. */
    CompletableFuture<Access> access(String tenant, GithubApp app, long installation, long repository) {
        var scope = new Scope(
                tenant,
                app.privateKey(),
                app.appId(),
                app.api().toString(),
                installation,
                repository,
                app.checkRun() != null);
        Token known = tokens.get(scope);
        if (known != null && clock.instant().isBefore(known.until())) {
            return CompletableFuture.completedFuture(new Access(Optional.of(known.text()), null));
        }
        ObjectNode body = Json.mapper().createObjectNode();
        body.putArray("repository_ids").add(repository);
        ObjectNode permissions = body.putObject("permissions").put("deployments", "write");
        if (app.checkRun() != null) {
            permissions.put("checks", "write");
        }
        return asApp(tenant, app, "POST", "/app/installations/" + installation + "/access_tokens", body)
                .map(call -> call.thenApply(answer -> new Access(kept(scope, answer), answer)))
                .orElseGet(() -> CompletableFuture.completedFuture(new Access(Optional.empty(), null)));
    }

    private Optional<String> kept(Scope scope, OutboundAnswer answer) {
        if (answer.status() != CREATED) {
            return Optional.empty();
        }
        try {
            JsonNode read = Calls.json(answer);
            String token = read.path("token").asText();
            if (token.isEmpty() || !OutboundRequest.isHeader("Authorization", "Bearer " + token)) {
                return Optional.empty();
            }
            Instant until = Instant.parse(read.path("expires_at").asText()).minus(UNUSED);
            tokens.values().removeIf(one -> !clock.instant().isBefore(one.until()));
            tokens.put(scope, new Token(token, until));
            return Optional.of(token);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** A token that was not taken is not used again. */
    void forget(String token) {
        tokens.values().removeIf(one -> one.text().equals(token));
    }

    /**
     * Makes a call as the app itself.
     *
     * @param tenant whose app it is
     * @param body what is sent; null for nothing
     * @return nothing if its key cannot be had
     */
    Optional<CompletableFuture<OutboundAnswer>> asApp(
            String tenant, GithubApp app, String method, String path, @Nullable JsonNode body) {
        return app.privateKey()
                .resolve(secrets.of(tenant), (pointer, problem) -> {})
                .map(keys -> keys.get(0))
                .flatMap(AppKey::read)
                .map(key -> send(new Bearer(tenant, app, key.token(app.appId(), clock.instant())), method, path, body));
    }

    /** Makes a call by a token. */
    CompletableFuture<OutboundAnswer> send(Bearer by, String method, String path, @Nullable JsonNode body) {
        var headers = new HashMap<>(
                Map.of("Accept", JSON, "Authorization", "Bearer " + by.token(), "X-GitHub-Api-Version", VERSION));
        if (body != null) {
            headers.put("Content-Type", "application/json");
        }
        byte[] bytes = body == null ? new byte[0] : Json.bytes(body);
        return requests.send(new OutboundRequest(method, by.app().url(path), headers, bytes).onBehalfOf(by.tenant()));
    }
}
