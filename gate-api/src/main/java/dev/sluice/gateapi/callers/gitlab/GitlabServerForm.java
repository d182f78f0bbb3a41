package dev.sluice.gateapi.callers.gitlab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.asked.Servers;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.callers.asked.VersionOf;
import dev.sluice.gateapi.callers.gitlab.GitlabServer.Deployments;
import dev.sluice.gateapi.callers.gitlab.GitlabServer.MergeRequests;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.sources.Place;
import dev.sluice.wire.Json;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a {@link GitlabServer} is written. */
final class GitlabServerForm implements Setups.Form<GitlabServer> {
    private static final String API_URL = "api_url";
    private static final String PROJECTS = "projects";
    private static final String VERSION = "version";
    private static final String MERGE_REQUESTS = "merge_requests";
    private static final String DEPLOYMENTS = "deployments";
    private static final String GATE = "gate";
    private static final String ENVIRONMENT = "environment";
    private static final String ENVIRONMENTS = "environments";
    private static final String TOKEN = "token";
    private static final String USUAL_API = "https://gitlab.com/api/v4";
    private static final String SECRET_NEEDED =
            "merge_requests needs secret_env or secret_file: without the secret of the status check anybody could ask";
    private static final String TOKEN_NEEDED = "token needs secret_env or secret_file";
    private static final int LONGEST_NAME = 300;
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern NAME = Pattern.compile(".{1,255}");

    private final EgressRules rules;
    private final TenantSecrets tenants;

    GitlabServerForm(EgressRules rules, TenantSecrets tenants) {
        this.rules = rules;
        this.tenants = tenants;
    }

    @Override
    public Optional<GitlabServer> read(String tenant, Members body, JsonNode json) {
        SecretPlaces places = tenants.of(tenant);
        Optional<URI> api = Servers.read(body, API_URL, USUAL_API, rules.of(tenant));
        var projects = body.mapping(PROJECTS, ID, LONGEST_NAME);
        Optional<VersionOf> version = body.optional(VERSION, VersionOf::of, VersionOf.EXPECTED);
        Optional<MergeRequests> mergeRequests =
                body.has(MERGE_REQUESTS) ? mergeRequests(body, json, places) : Optional.empty();
        Optional<Deployments> deployments = body.has(DEPLOYMENTS) ? deployments(body) : Optional.empty();
        if (!body.has(MERGE_REQUESTS) && !body.has(DEPLOYMENTS)) {
            body.wrong(MERGE_REQUESTS, "merge_requests or deployments must be there, or nothing asks a gate");
        }
        Optional<SecretReferences> token = token(body, json, places);
        body.rejectUnknown();
        return api.flatMap(url -> token.map(secret -> new GitlabServer(
                url, projects, version.orElse(null), mergeRequests.orElse(null), deployments.orElse(null), secret)));
    }

    private static Optional<MergeRequests> mergeRequests(Members body, JsonNode json, SecretPlaces places) {
        return body.object(MERGE_REQUESTS).flatMap(within -> {
            Optional<String> gate = Servers.gate(within, GATE);
            Optional<String> environment = within.required(ENVIRONMENT, LONGEST_NAME);
            Optional<SecretReferences> secrets =
                    Servers.secretsWithin(within, json, MERGE_REQUESTS, SECRET_NEEDED, places);
            within.rejectUnknown();
            return gate.flatMap(name ->
                    environment.flatMap(where -> secrets.map(secret -> new MergeRequests(name, where, secret))));
        });
    }

    private static Optional<Deployments> deployments(Members body) {
        return body.object(DEPLOYMENTS).flatMap(within -> {
            Optional<String> gate = Servers.gate(within, GATE);
            var environments = within.mapping(ENVIRONMENTS, NAME, LONGEST_NAME);
            within.rejectUnknown();
            return gate.map(name -> new Deployments(name, environments));
        });
    }

    private static Optional<SecretReferences> token(Members body, JsonNode json, SecretPlaces places) {
        Optional<SecretReferences> token = Servers.nestedSecrets(body, json, TOKEN, TOKEN_NEEDED, places);
        boolean usable = token.flatMap(where -> where.resolve(places, (pointer, problem) -> {}))
                .map(secrets -> secrets.stream().allMatch(GitlabClient::isToken))
                .orElse(true);
        if (!usable) {
            body.wrong(TOKEN, "the token must be of visible characters of ASCII");
        }
        return token.filter(found -> usable);
    }

    @Override
    public GitlabServer of(JsonNode document) {
        var root = new Place(document, "");
        @Nullable String version = document.path(VERSION).textValue();
        JsonNode merging = document.path(MERGE_REQUESTS);
        JsonNode deploying = document.path(DEPLOYMENTS);
        return new GitlabServer(
                URI.create(document.path(API_URL).asText()),
                Servers.mapping(document.path(PROJECTS)),
                version == null ? null : VersionOf.of(version).orElseThrow(),
                merging.isObject()
                        ? new MergeRequests(
                                merging.path(GATE).asText(),
                                merging.path(ENVIRONMENT).asText(),
                                Servers.secrets(root.at(MERGE_REQUESTS), SECRET_NEEDED))
                        : null,
                deploying.isObject()
                        ? new Deployments(deploying.path(GATE).asText(), Servers.mapping(deploying.path(ENVIRONMENTS)))
                        : null,
                Servers.secrets(root.at(TOKEN), TOKEN_NEEDED));
    }

    @Override
    public ObjectNode json(GitlabServer server) {
        ObjectNode document =
                Json.mapper().createObjectNode().put(API_URL, server.api().toString());
        ObjectNode projects = document.putObject(PROJECTS);
        server.projects().forEach(projects::put);
        if (server.version() != null) {
            document.put(VERSION, server.version().label());
        }
        MergeRequests merging = server.mergeRequests();
        if (merging != null) {
            ObjectNode within = document.putObject(MERGE_REQUESTS)
                    .put(GATE, merging.gate())
                    .put(ENVIRONMENT, merging.environment());
            merging.secrets().write(within);
        }
        Deployments deploying = server.deployments();
        if (deploying != null) {
            ObjectNode environments =
                    document.putObject(DEPLOYMENTS).put(GATE, deploying.gate()).putObject(ENVIRONMENTS);
            deploying.environments().forEach(environments::put);
        }
        server.token().write(document.putObject(TOKEN));
        return document;
    }
}
