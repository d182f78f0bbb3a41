package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.sha256;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.access.oidc.CiTokens;
import dev.sluice.gateapi.access.oidc.KeyServer;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of secret that Sluice takes or makes is used, rightly and wrongly, with servers that say it back; then all that can be seen is
 * looked through: answers, the log, what stands in Kafka and in the exported audit log.
 */
class SecretsIT {
    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";
    /** Kinds of endpoints that are told, with what they need. */
    private static final Map<String, String> ENDPOINTS = Map.of(
            "webhook", "",
            "github-dispatch", ", \"repository\": \"acme/shop\"",
            "gitlab-pipeline", ", \"project\": \"42\", \"ref\": \"main\"",
            "spinnaker-webhook", "",
            "argo-rollout", ", \"namespace\": \"shop\", \"rollout\": \"checkout\", \"container\": \"checkout\"",
            "kubernetes-deployment",
                    ", \"namespace\": \"shop\", \"deployment\": \"checkout\", \"container\": \"checkout\"",
            "argo-cd", ", \"application\": \"checkout\"",
            "nomad", ", \"namespace\": \"default\", \"job\": \"checkout\", \"task\": \"checkout\"",
            "gitlab-job-retry", ", \"project\": \"42\", \"environment\": \"production\"");

    @TempDir
    static Path directory;

    private static final Leaks LEAKS = new Leaks();
    private static final Map<String, String> SECRETS = new TreeMap<>();
    /** Each answer but those few that show something once. */
    private static final Map<String, String> ANSWERS = new HashMap<>();

    private static final List<String> SHOWN = new CopyOnWriteArrayList<>();
    private static final RsaJsonWebKey CI_KEY = CiTokens.rsa("k-1");

    private static WholeLog log;
    private static EchoServer echo;
    private static KeyServer keys;
    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApi api;
    private static GateApi open;

    @BeforeAll
    static void start() throws Exception {
        log = new WholeLog();
        echo = new EchoServer();
        keys = KeyServer.start();
        keys.serve(CI_KEY);
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        var problems = new Problems();
        EgressRules rules = EgressRules.read(echo.url(), "", problems);
        problems.throwIfAny();
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withEgress(rules)
                .withEnvironment(environment())
                .withClickHouse(
                        ClickHouseSettings.at(URI.create(echo.url())).withUser("sluice", secret("clickhouse password")))
                .withRateLimits(new RateLimits.Settings(5_000, 10_000, 10_000))
                .withFiles(files()));
        open = GateApi.start(
                GateApiConfig.of(broker.bootstrapServers()).withPort(0).withHost("0.0.0.0"),
                Clock.systemUTC(),
                SHOWN::add);
        awaitReady(api);
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {open, api, jobs, broker, keys, echo, log}) {
            if (one != null) {
                one.close();
            }
        }
    }

    /** Returns a secret that nothing else looks like, the same for the same name. */
    private static String secret(String name) {
        return SECRETS.computeIfAbsent(name, unused -> {
            String secret = "sesame/" + Integer.toHexString(name.hashCode()) + "+open-" + SECRETS.size() + "-for=you";
            LEAKS.secret(name, secret);
            return secret;
        });
    }

    private static Map<String, String> environment() throws Exception {
        Map<String, String> environment = new TreeMap<>();
        environment.put("SLUICE_SECRET_CONNECTION", secret("secret of a connection"));
        environment.put("SLUICE_SECRET_NEXT", secret("next secret of a connection"));
        environment.put("SLUICE_SECRET_HOOK", secret("secret of an app"));
        environment.put("SLUICE_SECRET_CHECK", secret("secret of a check"));
        environment.put("SLUICE_SECRET_GITLAB", secret("token of a server"));
        environment.put("SLUICE_SECRET_OPA", secret("token of a policy agent"));
        String pem = Pem.next();
        environment.put("SLUICE_SECRET_KEY", pem);
        LEAKS.secret("key of an app", pem.substring(200, 240));
        for (String kind : ENDPOINTS.keySet()) {
            environment.put("SLUICE_SECRET_" + kind.replace('-', '_').toUpperCase(Locale.ROOT), ofEndpoint(kind));
        }
        return environment;
    }

    private static String ofEndpoint(String kind) {
        if (!kind.equals("webhook")) {
            return secret("token of " + kind);
        }
        String key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        LEAKS.secret("key of a webhook", key);
        return "whsec_" + key;
    }

    private static Path written(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static GateApiFiles files() throws Exception {
        Path key = directory.resolve("keys/1.jwk.json");
        SigningKeys.create(key);
        LEAKS.secret(
                "signing key",
                Json.mapper().readTree(Files.readAllBytes(key)).path("d").asText());
        written("secrets/file", secret("secret in a file"));
        written("policies/asked.yaml", """
                        name: asked
                        version: "1"
                        gates: [asked, production]
                        stale_after: 10m
                        rules:
                          - {id: rule, mode: enforce, external: {endpoint: opa, path: deploy/allow}}
                        """);
        return GateApiFiles.NONE
                .withSigningKeys(directory.resolve("keys"))
                .withSecrets(directory.resolve("secrets"))
                .withAuditExport(Files.createDirectories(directory.resolve("audit")))
                .withPolicies(directory.resolve("policies"))
                .withTokens(written("tokens.yaml", """
                        tokens:
                          - {id: root, owner: ann, sha256: %s, tenant: default, scopes: [%s]}
                        """.formatted(sha256(secret("token of the file")), Verb.scopes())))
                .withMetricSources(written("sources.yaml", """
                        sources:
                          - {name: main, type: prometheus, url: "%1$s", token_file: "%2$s"}
                          - {name: basic, type: prometheus, url: "%1$s", username: ann, password_file: "%3$s"}
                          - {name: dd, type: datadog, url: "%1$s", api_key_file: "%4$s", application_key_file: "%5$s"}
                        """.formatted(
                                echo.url(),
                                written("main", secret("token of a source")),
                                written("basic", secret("password of a source")),
                                written("api-key", secret("api key of a source")),
                                written("application-key", secret("application key of a source")))))
                .withReport(written("report.yaml", """
                        url: https://sluice.example.com
                        digests:
                          - {id: chat, service: checkout, every: week, at: "08:00", zone: Europe/Berlin, form: chat,
                             webhook: "%s/%s"}
                        """.formatted(
                                echo.url(), secret("path of a chat").replaceAll("[/+=]", "-"))))
                .withOidc(written("oidc.yaml", """
                        issuers:
                          - issuer: %s
                            jwks_url: %s
                            audience: %s
                            kind: github
                            rules:
                              - {name: shop, tenant: default, scopes: [evaluate], services: [shop], environments: [production],
                                 claims: {repository_id: 7, repository_owner_id: 8, environment: production}}
                        """.formatted(CiTokens.ISSUER, keys.url(), CiTokens.AUDIENCE)));
    }

    /** Sends something, and keeps the answer to look through. */
    private static Answer sent(String method, String path, String type, String body, String... headers) {
        HttpRequest.Builder request =
                GateApiFixture.request(api, path).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.setHeader("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return kept(method + " " + path, GateApiFixture.send(request));
    }

    private static Answer kept(String what, Answer answer) {
        ANSWERS.put(
                what + " " + ANSWERS.size(),
                answer.text() + answer.response().headers().map());
        return answer;
    }

    private static Answer asRoot(String method, String path, String body) {
        return sent(
                method,
                path,
                body.isEmpty() ? "" : JSON,
                body,
                "Authorization",
                "Bearer " + secret("token of the file"));
    }

    private static void setUp(String path, String body) {
        Answer answer = asRoot("PUT", path, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @Test
    void noSecretStandsInAnyOutput() throws Exception {
        WholeLog.logger().debug("what is logged for the search of faults is looked through");
        useTokens();
        useConnections();
        useEndpoints();
        useCallers();
        useSources();
        int asked = 0;
        for (DocumentedOperation one : DocumentedOperation.all()) {
            if (one.method().equals("GET")
                    && !one.path().equals("/openapi.json")
                    && !one.path().equals("/docs")) {
                asRoot("GET", one.target(), "");
                asked++;
            }
        }
        assertThat(asked).isGreaterThan(50);

        Set<String> sentElsewhere = echo.credentials();
        sentElsewhere.forEach(credential -> LEAKS.secret("what was sent to a server", credential));
        ANSWERS.forEach(LEAKS::look);
        LEAKS.look("the log", log.text());
        for (Topic topic : Topic.values()) {
            for (ConsumerRecord<String, byte[]> found : records(broker.bootstrapServers(), topic)) {
                LEAKS.look(topic + " " + found.key(), text(found));
            }
        }
        try (Stream<Path> exported = Files.walk(directory.resolve("audit"))) {
            for (Path file : exported.filter(Files::isRegularFile).toList()) {
                LEAKS.look(file.toString(), Files.readString(file));
            }
        }

        assertThat(log.text()).contains("the search of faults");
        assertThat(sentElsewhere)
                .as("credentials that were said back")
                .contains(
                        secret("token of a server"),
                        secret("token of a policy agent"),
                        secret("token of a source"),
                        secret("api key of a source"),
                        secret("application key of a source"),
                        secret("token of argo-cd"),
                        secret("token of kubernetes-deployment"),
                        secret("token of nomad"))
                .as("the token that an app of GitHub signs")
                .anyMatch(credential -> credential.startsWith("eyJ"));
        assertThat(LEAKS.found()).isEmpty();
    }

    private static String text(ConsumerRecord<String, byte[]> found) {
        var text = new StringBuilder(String.valueOf(found.key()));
        found.headers().forEach(header -> text.append(' ').append(new String(header.value(), ISO_8859_1)));
        return text.append(' ')
                .append(found.value() == null ? "" : new String(found.value(), UTF_8))
                .toString();
    }

    private static void useTokens() throws Exception {
        await(() -> !SHOWN.isEmpty(), () -> "no bootstrap token");
        String bootstrap = SHOWN.get(0).replaceAll(".* ", "");
        LEAKS.secret("bootstrap token", bootstrap.substring(22));
        kept(
                "GET with the bootstrap token",
                GateApiFixture.send(
                        GateApiFixture.request(open, "/v1/services").header("Authorization", "Bearer " + bootstrap)));
        // replicas share what there is to send, and this one has no secrets
        open.close();

        HttpRequest.Builder issuing = GateApiFixture.request(api, "/v1/tokens")
                .header("Authorization", "Bearer " + secret("token of the file"))
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"id\": \"issued\", \"scopes\": [\"read\", \"evaluate\", \"approve\"]}"));
        String issued = GateApiFixture.send(issuing).at("/token");
        LEAKS.secret("issued token", issued.substring(22));
        assertThat(kept("POST again", GateApiFixture.send(issuing)).status()).isEqualTo(409);
        for (String token : List.of(issued, issued.substring(0, issued.length() - 1), issued + "x")) {
            sent("GET", "/v1/services", "", "", "Authorization", "Bearer " + token);
            sent("GET", "/v1/tokens", "", "", "Authorization", "Bearer " + token);
            sent("GET", "/v1/services?access_token=" + token, "", "");
            sent("POST", "/sign-in", FORM, "token=" + token.substring(0, token.length() - 2));
        }
        Answer signedIn = GateApiFixture.send(GateApiFixture.request(api, "/sign-in")
                .header("Content-Type", FORM)
                .POST(HttpRequest.BodyPublishers.ofString("token=" + issued)));
        String cookie = signedIn.header("Set-Cookie").replaceAll(";.*", "");
        LEAKS.secret("session", cookie.substring(cookie.indexOf('=') + 1));
        for (String page : List.of("/gates", "/approvals", "/freezes", "/rollbacks", "/audit")) {
            sent("GET", page, "", "", "Cookie", cookie);
        }

        String form = "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt&subject_token=";
        for (RsaJsonWebKey key : List.of(CI_KEY, CiTokens.rsa("k-1"), CiTokens.rsa("k-2"))) {
            String ofCi = CiTokens.signed(CiTokens.claims(Instant.now()), key);
            LEAKS.secret("CI token", ofCi.substring(ofCi.lastIndexOf('.') + 1));
            HttpRequest.Builder exchange = GateApiFixture.request(api, "/v1/oidc/token")
                    .header("Content-Type", FORM)
                    .POST(HttpRequest.BodyPublishers.ofString(form + ofCi));
            Answer exchanged = GateApiFixture.send(exchange);
            if (exchanged.status() == 200) {
                LEAKS.secret("exchanged token", exchanged.at("/access_token").substring(22));
            } else {
                kept("exchange", exchanged);
            }
            kept("exchange again", GateApiFixture.send(exchange));
        }
        ObjectNode hook = Json.mapper().createObjectNode();
        hook.put("name", "checkout")
                .put("namespace", "test")
                .put("phase", "Progressing")
                .put("checksum", "1");
        hook.putObject("metadata")
                .put("token", issued)
                .put("environment", "production")
                .put("config", "{\"metrics\": [{\"name\": \"errors\", \"kind\": \"ratio\"}]}");
        for (String type : List.of("pre-rollout", "confirm-rollout", "rollout", "post-rollout", "event", "none")) {
            sent("POST", "/v1/flagger/" + type, JSON, hook.toString());
        }
        assertThat(asRoot("DELETE", "/v1/tokens/issued", "").status()).isEqualTo(200);
    }

    private static void useConnections() throws Exception {
        int number = 0;
        for (SignedDelivery delivery : SignedDelivery.all()) {
            String id = "c" + number++;
            setUp(
                    "/v1/connections/" + id,
                    "{\"source\": \"%s\", \"secret_env\": \"SLUICE_SECRET_CONNECTION\", \"secret_env_next\": \"SLUICE_SECRET_NEXT\", \"options\": %s}"
                            .formatted(delivery.source(), delivery.options()));
            for (String known : List.of(
                    secret("secret of a connection"),
                    secret("next secret of a connection"),
                    secret("secret in a file"))) {
                HttpRequest.Builder request = GateApiFixture.request(api, "/v1/webhooks/" + id + delivery.parameters())
                        .header("Content-Type", JSON)
                        .POST(HttpRequest.BodyPublishers.ofString(delivery.body()));
                delivery.headers(known).forEach(request::header);
                assertThat(kept("webhook " + delivery.source(), GateApiFixture.send(request))
                                .status())
                        .as(delivery.source())
                        .isEqualTo(known.equals(secret("secret in a file")) ? 401 : 202);
            }
            asRoot("PUT", "/v1/connections/" + id, "{\"source\": \"none\", \"secret_file\": \"file\"}");
            asRoot("PUT", "/v1/connections/" + id, "{\"source\": \"github\", \"secret_file\": \"absent\"}");
            asRoot("GET", "/v1/connections/" + id, "");
        }
    }

    private static void useCallers() throws Exception {
        setUp("/v1/github-apps/shop", """
                {"app_id": 12345, "api_url": "%s", "gate": "production", "owners": [7], "installations": [9],
                 "repositories": {"101": "checkout"}, "environments": {"production": "production"}, "version": "sha",
                 "check_run": "Sluice", "secret_env": "SLUICE_SECRET_HOOK",
                 "private_key": {"secret_env": "SLUICE_SECRET_KEY"}}""".formatted(echo.url()));
        setUp("/v1/gitlab-servers/main", """
                {"api_url": "%s", "projects": {"42": "checkout"},
                 "merge_requests": {"gate": "production", "environment": "production", "secret_env": "SLUICE_SECRET_CHECK"},
                 "token": {"secret_env": "SLUICE_SECRET_GITLAB"}}""".formatted(echo.url()));
        String rule = """
                {"action": "requested", "environment": "production", "event": "push",
                 "deployment_callback_url": "%s/repos/acme/checkout/actions/runs/5/deployment_protection_rule",
                 "deployment": {"id": 1, "sha": "%s", "ref": "main", "task": "deploy"},
                 "repository": {"id": 101, "full_name": "acme/checkout", "owner": {"id": 7}},
                 "installation": {"id": 9}, "sender": {"id": 3}}""".formatted(echo.url(), "a".repeat(40));
        String check = """
                {"object_kind": "merge_request", "project": {"id": 42}, "external_approval_rule": {"id": 1, "name": "Sluice"},
                 "object_attributes": {"iid": 7, "state": "opened", "source_branch": "b", "last_commit": {"id": "%s"}}}""".formatted("b".repeat(40));
        int before = echo.requests();
        for (String known : List.of(secret("secret of an app"), secret("secret in a file"))) {
            sent(
                    "POST",
                    "/v1/github-apps/shop/webhook",
                    JSON,
                    rule,
                    "X-GitHub-Event",
                    "deployment_protection_rule",
                    "X-GitHub-Delivery",
                    "guid-5",
                    "X-Hub-Signature-256",
                    SignedDelivery.hmac("sha256=", known, rule));
        }
        for (String known : List.of(secret("secret of a check"), secret("secret in a file"))) {
            sent(
                    "POST",
                    "/v1/gitlab-servers/main/status-check",
                    JSON,
                    check,
                    "X-GitLab-Signature",
                    SignedDelivery.hmac("", known, check));
        }
        await(() -> echo.requests() > before + 1, () -> ANSWERS + log.text());
    }

    private static void useSources() {
        for (String account : List.of("main", "basic", "dd", "none")) {
            for (int i = 0; i < 4; i++) {
                asRoot("GET", "/metadata/metricsService?metricsAccountName=" + account + "&filter=a", "");
            }
        }
        for (int i = 0; i < 4; i++) {
            asRoot(
                    "GET",
                    "/v1/dora/explain?service=checkout&environment=production&metric=change_fail_rate&window=30d",
                    "");
        }
    }

    private static void useEndpoints() throws Exception {
        setUp(
                "/v1/endpoints/opa",
                "{\"kind\": \"open-policy-agent\", \"url\": \"%s\", \"secret_env\": \"SLUICE_SECRET_OPA\"}"
                        .formatted(echo.url()));
        Map<String, String> orders = new HashMap<>();
        for (Map.Entry<String, String> kind : ENDPOINTS.entrySet()) {
            String name = kind.getKey();
            setUp(
                    "/v1/endpoints/" + name,
                    "{\"kind\": \"%s\", \"url\": \"%s/%s\", \"secret_env\": \"SLUICE_SECRET_%s\"%s}"
                            .formatted(
                                    name,
                                    echo.url(),
                                    name,
                                    name.replace('-', '_').toUpperCase(Locale.ROOT),
                                    kind.getValue()));
            setUp(
                    "/v1/rollback-plans/" + name + "/production",
                    "{\"on_failed_canary\": true, \"endpoint\": \"" + name + "\"}");
            GateApiFixture.put(jobs, GateApiFixture.row(name, 19, 20), 1);
            GateApiFixture.put(jobs, GateApiFixture.running(name, "v2", false), 1);
        }
        GateApiFixture.put(jobs, GateApiFixture.row("checkout", 19, 20), 1);
        GateApiFixture.progress(jobs, Instant.now());
        for (String service : ENDPOINTS.keySet()) {
            await(
                    () -> asRoot("GET", "/v1/services?service=" + service, "")
                            .text()
                            .contains("v2"),
                    () -> service + " does not run");
            orders.put(service, FailedCanary.ordered(broker.bootstrapServers(), jobs, service));
        }
        for (int i = 0; i < 4; i++) {
            asRoot(
                    "POST",
                    "/v1/gates/asked/evaluate",
                    "{\"service\":\"webhook\",\"environment\":\"production\",\"artifact\":{\"version\":\"%d\"}}"
                            .formatted(i));
        }
        await(() -> attempted().containsAll(orders.values()), () -> orders + " " + attempted());
        orders.values().forEach(order -> asRoot("GET", "/v1/rollbacks/" + order, ""));
    }

    private static List<String> attempted() {
        return records(broker.bootstrapServers(), Topic.ATTEMPTS).stream()
                .map(found -> Json.read(found.value(), DeliveryAttempt.class).order())
                .toList();
    }
}
