package dev.sluice.gateapi.callers.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.callers.asked.Servers;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.callers.asked.VersionOf;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.sources.Place;
import dev.sluice.wire.Json;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How an {@link GithubApp} is written. */
final class GithubAppForm implements Setups.Form<GithubApp> {
    private static final String APP_ID = "app_id";
    private static final String API_URL = "api_url";
    private static final String GATE = "gate";
    private static final String OWNERS = "owners";
    private static final String INSTALLATIONS = "installations";
    private static final String REPOSITORIES = "repositories";
    private static final String ENVIRONMENTS = "environments";
    private static final String VERSION = "version";
    private static final String CHECK_RUN = "check_run";
    private static final String PRIVATE_KEY = "private_key";
    private static final String USUAL_API = "https://api.github.com";
    private static final String SECRET_NEEDED =
            "an app needs secret_env or secret_file: without the secret of its webhook anybody could ask";
    private static final String KEY_NEEDED = "private_key needs secret_env or secret_file";
    private static final int LONGEST_NAME = 300;
    private static final int LONGEST_CHECK = 100;
    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");
    private static final Pattern ENVIRONMENT = Pattern.compile(".{1,255}");

    private final EgressRules rules;
    private final TenantSecrets tenants;

    GithubAppForm(EgressRules rules, TenantSecrets tenants) {
        this.rules = rules;
        this.tenants = tenants;
    }

    @Override
    public Optional<GithubApp> read(String tenant, Members body, JsonNode json) {
        SecretPlaces places = tenants.of(tenant);
        Optional<Long> appId = body.id(APP_ID);
        Optional<URI> api = Servers.read(body, API_URL, USUAL_API, rules.of(tenant));
        Optional<String> gate = Servers.gate(body, GATE);
        Set<Long> owners = body.ids(OWNERS);
        Set<Long> installations = body.ids(INSTALLATIONS);
        var repositories = body.mapping(REPOSITORIES, ID, LONGEST_NAME);
        var environments = body.mapping(ENVIRONMENTS, ENVIRONMENT, LONGEST_NAME);
        Optional<VersionOf> version = body.optional(VERSION, VersionOf::of, VersionOf.EXPECTED);
        Optional<String> checkRun = body.optional(CHECK_RUN, LONGEST_CHECK);
        Optional<SecretReferences> secrets = Servers.secrets(body, json, SECRET_NEEDED, places);
        Optional<SecretReferences> key = privateKey(body, json, places);
        body.rejectUnknown();
        if (appId.isEmpty() || api.isEmpty() || gate.isEmpty() || secrets.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new GithubApp(
                appId.get(),
                api.get(),
                gate.get(),
                owners,
                installations,
                repositories,
                environments,
                version.orElse(null),
                checkRun.orElse(null),
                secrets.get(),
                key.get()));
    }

    private static Optional<SecretReferences> privateKey(Members body, JsonNode json, SecretPlaces places) {
        Optional<SecretReferences> key = Servers.nestedSecrets(body, json, PRIVATE_KEY, KEY_NEEDED, places);
        boolean usable = key.flatMap(where -> where.resolve(places, (pointer, problem) -> {}))
                .map(pem -> pem.stream().allMatch(AppKey::isKey))
                .orElse(true);
        if (!usable) {
            body.wrong(PRIVATE_KEY, "the private key must be an RSA key in PEM, as GitHub gives it");
        }
        return key.filter(found -> usable);
    }

    @Override
    public GithubApp of(JsonNode document) {
        @Nullable String version = document.path(VERSION).textValue();
        return new GithubApp(
                document.path(APP_ID).asLong(),
                URI.create(document.path(API_URL).asText()),
                document.path(GATE).asText(),
                ids(document.path(OWNERS)),
                ids(document.path(INSTALLATIONS)),
                Servers.mapping(document.path(REPOSITORIES)),
                Servers.mapping(document.path(ENVIRONMENTS)),
                version == null ? null : VersionOf.of(version).orElseThrow(),
                document.path(CHECK_RUN).textValue(),
                Servers.secrets(new Place(document, ""), SECRET_NEEDED),
                Servers.secrets(new Place(document, "").at(PRIVATE_KEY), KEY_NEEDED));
    }

    private static Set<Long> ids(JsonNode list) {
        var ids = new TreeSet<Long>();
        list.forEach(id -> ids.add(id.longValue()));
        return ids;
    }

    @Override
    public ObjectNode json(GithubApp app) {
        ObjectNode document = Json.mapper()
                .createObjectNode()
                .put(APP_ID, app.appId())
                .put(API_URL, app.api().toString())
                .put(GATE, app.gate());
        ArrayNode owners = document.putArray(OWNERS);
        app.owners().forEach(owners::add);
        ArrayNode installations = document.putArray(INSTALLATIONS);
        app.installations().forEach(installations::add);
        ObjectNode repositories = document.putObject(REPOSITORIES);
        app.repositories().forEach(repositories::put);
        ObjectNode environments = document.putObject(ENVIRONMENTS);
        app.environments().forEach(environments::put);
        if (app.version() != null) {
            document.put(VERSION, app.version().label());
        }
        if (app.checkRun() != null) {
            document.put(CHECK_RUN, app.checkRun());
        }
        app.secrets().write(document);
        app.privateKey().write(document.putObject(PRIVATE_KEY));
        return document;
    }
}
