package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.access.oidc.CiTokens;
import dev.sluice.gateapi.access.oidc.KeyServer;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, by which token, in gate APIs on one Kafka. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessIT {
    private static final String ROOT = "root-of-acme";
    private static final String OTHER = "root-of-other";
    private static final String JSON = "application/json";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static final List<String> SHOWN = new CopyOnWriteArrayList<>();

    private static final RsaJsonWebKey KEY = CiTokens.rsa("k-1");
    private static final JsonNode DOCUMENT = ApiDocument.load().json();
    private static final Set<String> OPEN = Set.of(
            "POST /v1/webhooks/{connection}",
            "POST /v1/flagger/{hook}",
            "POST /v1/github-apps/{name}/webhook",
            "POST /v1/gitlab-servers/{name}/status-check",
            "POST /v1/oidc/token",
            "GET /healthz",
            "GET /readyz",
            "GET /metrics",
            "GET /openapi.json",
            "GET /.well-known/jwks.json",
            "GET /sign-in",
            "POST /sign-in",
            "POST /sign-out",
            "GET /docs");

    private static KeyServer keys;
    private static GateApiConfig config;
    private static GateApi open;
    private static GateApi first;
    private static GateApi second;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: root, owner: ann, sha256: %s, tenant: acme, scopes: [admin]}
                  - {id: root-of-other, sha256: %s, tenant: other, scopes: [admin]}
                """.formatted(
                        GateApiFixture.sha256(ROOT), GateApiFixture.sha256(OTHER)));
        keys = KeyServer.start();
        keys.serve(KEY);
        Path oidc = Files.writeString(
                directory.resolve("oidc.yaml"), """
                issuers:
                  - issuer: %s
                    jwks_url: %s
                    audience: %s
                    kind: github
                    rules:
                      - name: shop-production
                        tenant: acme
                        scopes: [evaluate]
                        services: [shop]
                        environments: [production]
                        claims: {repository_id: 7, repository_owner_id: 8, environment: production}
                """.formatted(CiTokens.ISSUER, keys.url(), CiTokens.AUDIENCE));
        config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withRateLimits(new RateLimits.Settings(1_000, 5_000, 10_000))
                .withFiles(GateApiFiles.NONE.withTokens(tokens).withOidc(oidc).withSecrets(secrets()));
        open = GateApi.start(
                GateApiConfig.of(broker.bootstrapServers()).withPort(0).withHost("0.0.0.0"),
                Clock.systemUTC(),
                SHOWN::add);
        await(() -> !SHOWN.isEmpty(), () -> "no bootstrap token");
        first = GateApi.start(config);
        second = GateApi.start(config);
        awaitReady(first);
        awaitReady(second);
    }

    private static Path secrets() throws IOException {
        Path secrets = directory.resolve("secrets");
        for (String tenant : List.of("acme", "other")) {
            Path own = Files.createDirectories(secrets.resolve(tenant));
            Files.writeString(own.resolve("check"), "check");
            Files.writeString(own.resolve("gitlab"), "token");
        }
        return secrets;
    }

    @AfterAll
    static void stop() {
        for (GateApi api : new GateApi[] {open, first, second}) {
            if (api != null) {
                api.close();
            }
        }
        if (broker != null) {
            broker.close();
        }
        if (keys != null) {
            keys.close();
        }
    }

    private static Answer send(GateApi api, String method, String path, String token, String body) {
        var request = GateApiFixture.request(api, path).header("Authorization", "Bearer " + token);
        return GateApiFixture.send(
                body.isEmpty()
                        ? request.method(method, HttpRequest.BodyPublishers.noBody())
                        : request.header("Content-Type", JSON)
                                .method(method, HttpRequest.BodyPublishers.ofString(body)));
    }

    /** Sends what no document foretells the answer of. */
    private static int undocumented(GateApi api, String path, String token, String... headers) throws Exception {
        HttpRequest.Builder request = GateApiFixture.request(api, path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\": \"odd\", \"scopes\": [\"read\"]}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static Answer get(GateApi api, String path, String token) {
        return send(api, "GET", path, token, "");
    }

    private static String issue(String body) {
        Answer answer = send(first, "POST", "/v1/tokens", ROOT, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.at("/token");
    }

    private static void awaitKnown(GateApi api, String token) throws Exception {
        await(
                () -> get(api, "/v1/services", token).status() != 401,
                () -> get(api, "/v1/services", token).text());
    }

    @Test
    @Order(1)
    void theBootstrapTokenIsForTheFirstTokenOnly() throws Exception {
        assertThat(SHOWN).singleElement().asString().startsWith("Sluice has no token yet.");
        String bootstrap = SHOWN.get(0).replaceAll(".* ", "");
        assertThat(get(open, "/v1/services", bootstrap).status()).isEqualTo(403);
        assertThat(get(open, "/v1/tokens", bootstrap).status()).isEqualTo(403);
        assertThat(get(open, "/v1/connections", bootstrap).status()).isEqualTo(403);
        assertThat(get(open, "/healthz", bootstrap).status()).isEqualTo(200);
        assertThat(GateApiFixture.get(open, "/v1/services").status()).isEqualTo(401);
        for (String path : List.of("/v1/tokens/", "/v1//tokens", "/v1/%74okens", "/v1/tokens;a=b")) {
            assertThat(undocumented(open, path, bootstrap)).as(path).isIn(400, 403, 404);
        }

        assertThat(undocumented(open, "/v1/tokens", bootstrap, "X-HTTP-Method-Override", "GET"))
                .isEqualTo(400);

        Answer reader =
                send(open, "POST", "/v1/tokens", bootstrap, "{\"id\": \"first-reader\", \"scopes\": [\"read\"]}");
        assertThat(reader.status()).as(reader.text()).isEqualTo(201);
        assertThat(reader.at("/owner")).isEqualTo("first-reader");
        Answer admin =
                send(open, "POST", "/v1/tokens", bootstrap, "{\"id\": \"first-admin\", \"scopes\": [\"admin\"]}");
        assertThat(admin.status()).as(admin.text()).isEqualTo(201);
        assertThat(send(open, "POST", "/v1/tokens", bootstrap, "{\"id\": \"another\", \"scopes\": [\"admin\"]}")
                        .status())
                .isEqualTo(401);

        assertThat(get(open, "/v1/services", reader.at("/token")).status()).isEqualTo(200);
        assertThat(get(open, "/v1/tokens", admin.at("/token")).text())
                .contains("first-admin", "first-reader")
                .doesNotContain("bootstrap\",\"key_id");
        assertThat(send(open, "POST", "/v1/tokens", admin.at("/token"), "{\"id\": \"third\", \"scopes\": [\"admin\"]}")
                        .status())
                .isEqualTo(201);
        assertThat(SHOWN).hasSize(1);
    }

    @Test
    void aTokenIsShownOnce_andTheLogHasItsHashOnly() {
        Answer issued = send(
                first,
                "POST",
                "/v1/tokens",
                ROOT,
                "{\"id\": \"once\", \"scopes\": [\"read\", \"evaluate\"], \"expires_in\": \"1h\"}");

        String token = issued.at("/token");
        assertThat(issued.status()).isEqualTo(201);
        assertThat(issued.at("/owner")).isEqualTo("ann");
        assertThat(issued.at("/issued_by")).isEqualTo("root");
        assertThat(Instant.parse(issued.at("/expires_at")))
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3600));
        assertThat(get(first, "/v1/services", token).status()).isEqualTo(200);
        String listed = get(first, "/v1/tokens", ROOT).text();
        assertThat(listed)
                .contains("\"once\"")
                .contains(issued.at("/key_id"))
                .doesNotContain(token.substring(22), "sha256", Sha.of(token));
        assertThat(get(first, "/v1/tokens", OTHER).text()).doesNotContain("\"once\"");
        assertThat(records(broker.bootstrapServers(), Topic.CONTROL))
                .filteredOn(found -> found.key().equals("acme/token/once"))
                .singleElement()
                .satisfies(found -> assertThat(new String(found.value(), StandardCharsets.UTF_8))
                        .contains(Sha.of(token))
                        .doesNotContain(token.substring(22)));
    }

    /** The hash as it is written in the log. */
    private static final class Sha {
        static String of(String token) {
            return dev.sluice.wire.Sha256.hex(token);
        }
    }

    @Test
    void aTokenThatWasRevokedInOneReplicaIsVoidInTheOther_withinASecond() throws Exception {
        String token = issue("{\"id\": \"gone\", \"scopes\": [\"read\"]}");
        awaitKnown(second, token);
        assertThat(get(second, "/v1/services", token).status()).isEqualTo(200);

        assertThat(send(second, "DELETE", "/v1/tokens/gone", OTHER, "").status())
                .isEqualTo(404);
        assertThat(send(first, "DELETE", "/v1/tokens/gone", ROOT, "").status()).isEqualTo(200);

        assertThat(get(first, "/v1/services", token).status()).isEqualTo(401);
        Instant revoked = Instant.now();
        await(() -> get(second, "/v1/services", token).status() == 401, () -> "still let in");
        assertThat(Duration.between(revoked, Instant.now())).isLessThan(Duration.ofSeconds(1));
        assertThat(get(first, "/v1/services", token).at("/detail"))
                .isEqualTo(get(first, "/v1/services", "nosuch").at("/detail"));
        assertThat(get(first, "/v1/tokens", ROOT).text()).doesNotContain("\"gone\"");
        assertThat(send(first, "DELETE", "/v1/tokens/gone", ROOT, "").status()).isEqualTo(404);
    }

    private static Optional<Instant> lastUsed(GateApi api, String id) {
        Answer listed = get(api, "/v1/tokens", ROOT);
        assertThat(listed.status()).as(listed.text()).isEqualTo(200);
        for (JsonNode token : listed.json().path("tokens")) {
            if (token.path("id").asText().equals(id)) {
                return Optional.ofNullable(token.path("last_used_at").textValue())
                        .map(Instant::parse);
            }
        }
        throw new AssertionError("no token " + id + " in " + listed.text());
    }

    private static long usesInTheLog(String keyId, boolean forgotten) {
        return usesInTheLog(keyId, forgotten, -1);
    }

    /** All of a key are in one partition. */
    private static long usesInTheLog(String keyId, boolean forgotten, long after) {
        return records(broker.bootstrapServers(), Topic.CONTROL).stream()
                .filter(found -> ("acme/token-use/" + keyId).equals(found.key()))
                .filter(found -> (found.value() == null) == forgotten && found.offset() > after)
                .count();
    }

    @Test
    void whenATokenWasUsedLast_isKnownInEachReplicaAndAfterARestart_withOneWriteForManyUses() throws Exception {
        Answer issued = send(first, "POST", "/v1/tokens", ROOT, "{\"id\": \"used\", \"scopes\": [\"read\"]}");
        assertThat(lastUsed(first, "used")).isEmpty();
        Instant before = Instant.now().truncatedTo(ChronoUnit.MINUTES);

        awaitKnown(second, issued.at("/token"));
        for (int i = 0; i < 50; i++) {
            Answer answer = get(second, "/v1/services", issued.at("/token"));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        }

        assertThat(lastUsed(second, "used").orElseThrow())
                .isBetween(before, Instant.now())
                .isEqualTo(lastUsed(second, "used").orElseThrow().truncatedTo(ChronoUnit.MINUTES));
        await(
                () -> lastUsed(first, "used").isPresent(),
                () -> get(first, "/v1/tokens", ROOT).text());
        try (GateApi restarted = GateApi.start(config)) {
            awaitReady(restarted);
            assertThat(lastUsed(restarted, "used")).isEqualTo(lastUsed(first, "used"));
        }
        assertThat(usesInTheLog(issued.at("/key_id"), false)).isEqualTo(1);
    }

    @Test
    void theUseOfARevokedTokenDoesNotBringItBack_andIsForgotten() throws Exception {
        Answer issued = send(first, "POST", "/v1/tokens", ROOT, "{\"id\": \"lived\", \"scopes\": [\"read\"]}");
        String keyId = issued.at("/key_id");
        assertThat(get(first, "/v1/services", issued.at("/token")).status()).isEqualTo(200);
        await(() -> usesInTheLog(keyId, false) == 1, () -> "no use in the log");

        Answer revoked = send(first, "DELETE", "/v1/tokens/lived", ROOT, "");
        assertThat(Instant.parse(revoked.at("/last_used_at"))).isBefore(Instant.now());
        await(() -> usesInTheLog(keyId, true) > 0, () -> "the use is not forgotten");
        // a use that another replica has seen just before
        long at;
        try (KafkaProducer<String, byte[]> late = GateApiFixture.jobs(broker.bootstrapServers())) {
            var use = new Control(
                    "acme",
                    Control.TOKEN_USE,
                    keyId,
                    "sluice",
                    Instant.now(),
                    false,
                    Json.mapper()
                            .createObjectNode()
                            .put("last_used_at", Instant.now().toString()));
            at = late.send(new ProducerRecord<>(Topic.CONTROL.topicName(), use.key(), Json.bytes(use)))
                    .get()
                    .offset();
        }
        await(() -> usesInTheLog(keyId, true, at) > 0, () -> "the late use is not forgotten");

        for (GateApi api : List.of(first, second)) {
            assertThat(get(api, "/v1/services", issued.at("/token")).status()).isEqualTo(401);
            assertThat(get(api, "/v1/tokens", ROOT).text()).doesNotContain("\"lived\"");
        }
        Answer again = send(first, "POST", "/v1/tokens", ROOT, "{\"id\": \"lived\", \"scopes\": [\"read\"]}");
        assertThat(again.status()).isEqualTo(201);
        assertThat(lastUsed(first, "lived"))
                .as("another token of the same name")
                .isEmpty();
    }

    @Test
    void anIdIsTaken_byALiveTokenAndByTheFile_inTheTenantOnly() {
        String body = "{\"id\": \"%s\", \"scopes\": [\"read\"]}";
        issue(body.formatted("twice"));

        assertThat(send(first, "POST", "/v1/tokens", ROOT, body.formatted("twice"))
                        .status())
                .isEqualTo(409);
        assertThat(send(first, "POST", "/v1/tokens", ROOT, body.formatted("root"))
                        .status())
                .isEqualTo(409);
        assertThat(send(first, "POST", "/v1/tokens", ROOT, body.formatted("bootstrap"))
                        .at("/pointer"))
                .isEqualTo("/id");
        assertThat(send(first, "POST", "/v1/tokens", OTHER, body.formatted("twice"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void theTenantAndTheRoleOfABodyAreRefused() {
        for (String field : List.of("tenant", "tenant_id", "role", "allowed")) {
            Answer answer = send(
                    first,
                    "POST",
                    "/v1/tokens",
                    ROOT,
                    "{\"id\": \"mass\", \"scopes\": [\"read\"], \"" + field + "\": \"other\"}");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.at("/pointer")).isEqualTo("/" + field);
        }
    }

    @Test
    void aTokenThatIsNotQuiteTheOneIsRefused_inWhateverWay() {
        String token = issue("{\"id\": \"exact\", \"scopes\": [\"read\"]}");
        assertThat(get(first, "/v1/services", token).status()).isEqualTo(200);

        for (String other : List.of(
                token.substring(0, token.length() - 1),
                token.toLowerCase(Locale.ROOT),
                token.toUpperCase(Locale.ROOT),
                token + "x",
                " " + token,
                token + "%00",
                token.substring(0, 30) + " " + token.substring(30))) {
            assertThat(get(first, "/v1/services", other).status()).as(other).isEqualTo(401);
        }
        assertThat(GateApiFixture.get(first, "/v1/services?access_token=" + token)
                        .status())
                .isEqualTo(401);
        assertThat(GateApiFixture.get(first, "/v1/services?token=" + token).status())
                .isEqualTo(401);
    }

    @Test
    void aTokenIsForItsServicesAndEnvironmentsOnly() {
        String token = issue("{\"id\": \"bound\", \"scopes\": [\"evaluate\", \"admin\"], \"services\": [\"shop\"],"
                + " \"environments\": [\"staging\"]}");

        assertThat(evaluated(token, "shop", "staging")).isIn(200, 202);
        assertThat(evaluated(token, "shop", "production")).isEqualTo(403);
        assertThat(evaluated(token, "cart", "staging")).isEqualTo(403);
        assertThat(evaluated(token, "SHOP", "staging")).isEqualTo(403);
        assertThat(send(first, "POST", "/v1/canaries", token, run("shop", "staging"))
                        .status())
                .isEqualTo(201);
        assertThat(send(first, "POST", "/v1/canaries", token, run("shop", "production"))
                        .status())
                .isEqualTo(403);
        String wider = "{\"id\": \"wider\", \"scopes\": [\"read\"]%s}";
        assertThat(send(first, "POST", "/v1/tokens", token, wider.formatted("")).status())
                .isEqualTo(403);
        assertThat(send(
                                first,
                                "POST",
                                "/v1/tokens",
                                token,
                                wider.formatted(", \"services\": [\"shop\"], \"environments\": [\"staging\"]"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void whoeverDoesNotReachACanaryNeitherMovesNorEndsIt_byWhateverRoute() {
        String all = issue("{\"id\": \"starter\", \"scopes\": [\"evaluate\"]}");
        String bound = issue("{\"id\": \"elsewhere\", \"scopes\": [\"evaluate\"], \"services\": [\"cart\"]}");
        ObjectNode run = (ObjectNode) json(run("shop", "production"));
        String body = run.put("id", "reach-1").toString();
        assertThat(send(first, "POST", "/v1/canaries", all, body).status()).isEqualTo(201);

        assertThat(send(first, "POST", "/v1/canaries", bound, body).status()).isEqualTo(403);
        assertThat(send(first, "POST", "/v1/canaries/reach-1/stages", bound, "{}")
                        .status())
                .isEqualTo(403);
        assertThat(send(first, "POST", "/v1/canaries/reach-1/end", bound, "{}").status())
                .isEqualTo(403);
        run.remove("id");
        assertThat(send(first, "POST", "/v1/spinnaker/canaries/reach-2", bound, run.toString())
                        .status())
                .isEqualTo(403);
        run.put("namespace", "shop").put("rollout", "shop").put("revision", "1").put("canary", "2");
        assertThat(send(first, "POST", "/v1/argo-rollouts/verdict", bound, run.toString())
                        .status())
                .isEqualTo(403);
        assertThat(send(first, "PUT", "/pipelines/7a4e2a1c-1b8e-4f53-8d3f-0c1d2e3f4a5b/cancel", bound, "")
                        .status())
                .isEqualTo(403);
        assertThat(send(first, "POST", "/v1/canaries/reach-1/end", all, "{}").status())
                .isEqualTo(200);
    }

    private static Answer exchange(GateApi api, String form) {
        return GateApiFixture.post(api, "/v1/oidc/token", "application/x-www-form-urlencoded", form);
    }

    private static String form(String token) {
        return "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt&subject_token=" + token;
    }

    @Test
    void aTokenOfCiIsExchangedForOneOfTenMinutes_once() throws Exception {
        String ciToken = CiTokens.signed(CiTokens.claims(Instant.now()), KEY);

        Answer exchanged = exchange(first, form(ciToken));

        assertThat(exchanged.status()).as(exchanged.text()).isEqualTo(200);
        assertThat(exchanged.at("/expires_in")).isEqualTo("600");
        String token = exchanged.at("/access_token");
        assertThat(evaluated(token, "shop", "production")).isIn(200, 202);
        assertThat(evaluated(token, "shop", "staging")).isEqualTo(403);
        assertThat(get(first, "/v1/services", token).status()).isEqualTo(403);
        JsonNode listed = get(first, "/v1/tokens", ROOT).json().path("tokens");
        assertThat(listed).anySatisfy(one -> {
            assertThat(one.path("id").asText()).startsWith("shop-production.");
            assertThat(one.path("origin").asText()).isEqualTo("oidc");
            assertThat(one.path("owner").asText())
                    .isEqualTo(CiTokens.ISSUER + " repository_id=7 repository_owner_id=8");
            assertThat(Instant.parse(one.path("expires_at").asText()))
                    .isBefore(Instant.now().plusSeconds(601));
        });
        assertThat(exchange(first, form(ciToken)).status()).isEqualTo(401);
        Map<String, Object> otherRepository = CiTokens.claims(Instant.now());
        otherRepository.put("repository_id", "9");
        assertThat(exchange(first, form(CiTokens.signed(otherRepository, KEY))).status())
                .isEqualTo(403);
        assertThat(exchange(first, form(CiTokens.signed(CiTokens.claims(Instant.now()), CiTokens.rsa("k-1"))))
                        .at("/detail"))
                .isEqualTo("the token is not valid");
    }

    @Test
    void ofManyExchangesAtOnceOneSucceeds() {
        String form = form(CiTokens.signed(CiTokens.claims(Instant.now()), KEY));

        List<CompletableFuture<Integer>> answers = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> exchange(first, form).status()))
                .limit(16)
                .toList();

        assertThat(answers.stream().map(CompletableFuture::join).sorted().toList())
                .startsWith(200, 401)
                .filteredOn(status -> status == 200)
                .hasSize(1);
    }

    @Test
    void theFormIsReadStrictly() {
        String good = form("a.b.c");

        assertThat(exchange(first, good).status()).isEqualTo(401);
        assertThat(exchange(first, good + "&subject_token=d.e.f").status()).isEqualTo(400);
        assertThat(exchange(first, good + "&actor_token=x").status()).isEqualTo(400);
        assertThat(exchange(first, good + "&scope=admin").status()).isEqualTo(400);
        assertThat(exchange(first, good.replace("token-exchange", "password")).status())
                .isEqualTo(400);
        assertThat(exchange(first, good.replace(":jwt", ":saml2")).status()).isEqualTo(400);
        assertThat(exchange(first, good + "&requested_token_type=urn:ietf:params:oauth:token-type:refresh_token")
                        .status())
                .isEqualTo(400);
        assertThat(exchange(first, "").status()).isEqualTo(400);
        assertThat(exchange(first, "%zz=1").status()).isEqualTo(400);
        assertThat(GateApiFixture.post(first, "/v1/oidc/token", JSON, "{}").status())
                .isEqualTo(415);
    }

    @Test
    void aTokenInTheQueryIsNeitherReadNorLogged() {
        String token = issue("{\"id\": \"in-query\", \"scopes\": [\"read\"]}");
        var logged = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try {
            for (String name : List.of("access_token", "token", "authorization", "bearer")) {
                assertThat(GateApiFixture.get(first, "/v1/services?" + name + "=" + token)
                                .status())
                        .isEqualTo(401);
            }
        } finally {
            System.setErr(before);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8)).doesNotContain(token.substring(22));
    }

    /** The name is a part of the path of a webhook, one for all. */
    @Test
    void whoMayAskGatesIsNeitherSeenNorChangedByAnotherTenant() {
        String server = """
                {"api_url": "https://gitlab.invalid", "projects": {"1": "shop"},
                 "merge_requests": {"gate": "g", "environment": "e", "secret_file": "check"},
                 "token": {"secret_file": "gitlab"}}""";
        String path = "/v1/gitlab-servers/of-acme";

        Answer set = send(first, "PUT", path, ROOT, server);
        Answer taken = send(first, "PUT", path, OTHER, server);

        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(taken.status()).as(taken.text()).isEqualTo(409);
        assertThat(get(first, "/v1/gitlab-servers", OTHER).text()).doesNotContain("of-acme");
        assertThat(send(first, "DELETE", path, OTHER, "").status()).isEqualTo(404);
        assertThat(get(first, "/v1/gitlab-servers", ROOT).text()).contains("of-acme");
        assertThat(send(first, "DELETE", path, ROOT, "").status()).isEqualTo(200);
    }

    /** What stands in the document, for each operation and each scope: who has another one is refused, whoever has it is not. */
    @Test
    void eachOperationTakesItsOwnScopeOnly() {
        Map<String, String> tokens = new TreeMap<>();
        for (String scope : Verb.scopes().split(", ", -1)) {
            tokens.put(scope, issue("{\"id\": \"only-" + scope + "\", \"scopes\": [\"" + scope + "\"]}"));
        }
        assertThat(tokens).hasSizeGreaterThanOrEqualTo(6);
        var checked = new ArrayList<String>();
        DOCUMENT.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    String name = method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                    JsonNode operation = method.getValue();
                    assertThat(operation.path("security").isArray()).as(name).isTrue();
                    if (OPEN.contains(name)) {
                        assertThat(operation.path("security")).as(name).isEmpty();
                        return;
                    }
                    JsonNode scopes = operation.path("security").path(0).path("token");
                    assertThat(scopes).as(name + " names one scope").hasSize(1);
                    assertThat(tokens).as(name).containsKey(scopes.get(0).asText());
                    JsonNode request = operation.path("x-sluice-requests").path(0);
                    assertThat(sent(name, operation, request, null))
                            .as(name + " without a token")
                            .isEqualTo(401);
                    tokens.forEach((scope, token) -> {
                        int status = sent(name, operation, request, token);
                        if (scope.equals(scopes.get(0).asText())) {
                            assertThat(status).as(name + " with " + scope).isNotIn(401, 403, 429);
                        } else {
                            assertThat(status).as(name + " with " + scope).isEqualTo(403);
                        }
                        checked.add(name + " " + scope);
                    });
                }));
        long protectedRoutes = first.routes().stream()
                .filter(route -> !route.verb().isPublic())
                .count();
        assertThat(checked).hasSize((int) protectedRoutes * tokens.size());
    }

    private static int sent(String name, JsonNode operation, JsonNode request, @Nullable String token) {
        String[] named = name.split(" ", 2);
        HttpRequest.Builder builder =
                DocumentedOperation.of(named[0], named[1], operation, request).request(first);
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        return GateApiFixture.send(builder).status();
    }

    /** Sends bytes, and returns the status line of what is answered first; empty where nothing is. */
    private static String raw(String... lines) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), first.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/tokens",
                "/v1/tokens/",
                "/v1/tokens?x=1",
                "/healthz/../v1/tokens",
                "/healthz/..;/v1/tokens",
                "/docs/%2e%2e/v1/tokens",
                "/v1;x=/tokens",
                "/v1//tokens",
                "//v1/tokens",
                "/v1/%74okens",
                "/v1/tokens%2f",
                "/V1/TOKENS",
                "http://127.0.0.1/v1/tokens"
            })
    void noPathLeadsPastTheToken(String path) throws Exception {
        for (String method : List.of("GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "get")) {
            assertThat(raw(method + " " + path + " HTTP/1.1", "Host: 127.0.0.1", "Connection: close", "", ""))
                    .as(method + " " + path)
                    .matches("HTTP/1.1 (400|401|404|405|501) .*|");
        }
    }

    @Test
    void aHeaderDoesNotChangeTheMethod() throws Exception {
        String token = issue("{\"id\": \"method\", \"scopes\": [\"admin\"]}");

        String[] request = {
            "GET /v1/tokens?_method=POST HTTP/1.1",
            "Host: 127.0.0.1",
            "Authorization: Bearer " + token,
            "",
            "Connection: close",
            "",
            ""
        };
        for (String header : List.of("X-HTTP-Method", "X-Method-Override", "X-HTTP-Method-Override")) {
            request[3] = header + ": DELETE";
            assertThat(raw(request))
                    .startsWith(
                            header.contains("Method-O") && header.contains("HTTP") ? "HTTP/1.1 400" : "HTTP/1.1 200");
        }
        assertThat(get(first, "/v1/tokens", ROOT).text()).contains("\"method\"");
    }

    @Test
    void aRequestThatEndsInTwoPlacesIsRefused() throws Exception {
        String hidden = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
        List<String[]> requests = List.of(
                new String[] {"Content-Length: 4", "Transfer-Encoding: chunked", "", "0", "", hidden},
                new String[] {"Transfer-Encoding: chunked", "Content-Length: 4", "", "0", "", hidden},
                new String[] {"Content-Length: 4", "Content-Length: 60", "", "abcd" + hidden},
                new String[] {"Transfer-Encoding: xchunked", "", "0", "", hidden},
                new String[] {"Content-Length: +4", "", "abcd" + hidden},
                new String[] {"Content-Length : 4", "", "abcd" + hidden},
                new String[] {"Authorization: Bearer a", " b", "", hidden});
        for (String[] rest : requests) {
            var lines = new ArrayList<String>(List.of("POST /v1/tokens HTTP/1.1", "Host: 127.0.0.1"));
            lines.addAll(List.of(rest));
            assertThat(raw(lines.toArray(String[]::new))).as(rest[0]).matches("HTTP/1.1 (400|401|501) .*");
        }
        assertThat(raw("GET /healthz HTTP/1.1", "Host: 127.0.0.1", "X: " + "x".repeat(20_000), "", ""))
                .startsWith("HTTP/1.1 431");
    }

    private static Answer services(GateApi api, String token, String... headers) {
        var request = GateApiFixture.request(api, "/v1/services").header("Authorization", "Bearer " + token);
        return GateApiFixture.send(headers.length == 0 ? request : request.headers(headers));
    }

    @Test
    void whoAsksTooOftenIsToldSo_andAnAddressThatFailsTooOften_whateverItSaysItIs() throws Exception {
        String token = issue("{\"id\": \"eager\", \"scopes\": [\"read\"]}");
        try (GateApi narrow = GateApi.start(config.withRateLimits(new RateLimits.Settings(1, 100, 3)))) {
            awaitReady(narrow);
            List<Integer> answers = Stream.generate(
                            () -> services(narrow, token).status())
                    .limit(20)
                    .toList();
            assertThat(answers).startsWith(200).contains(429);

            var failures = new ArrayList<Integer>();
            for (int i = 0; i < 6; i++) {
                failures.add(
                        services(narrow, "guess" + i, "X-Forwarded-For", "203.0.113." + i, "Forwarded", "for=[::1]")
                                .status());
            }
            assertThat(failures).containsExactly(401, 401, 401, 429, 429, 429);
            Answer refused = services(narrow, ROOT);
            assertThat(refused.status()).as("of the file: not even looked at").isEqualTo(429);
            assertThat(refused.at("/type")).isEqualTo("urn:sluice:problem:too-many-requests");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 20);
            String looksIssued = "slc_live_" + "0".repeat(12) + "_" + "0".repeat(43) + "_000000";
            assertThat(services(narrow, looksIssued).status()).isEqualTo(429);
            assertThat(exchange(narrow, form("a.b.c")).status()).isEqualTo(429);
            await(() -> services(narrow, token).status() == 200, () -> "an issued one is still let in");
            assertThat(GateApiFixture.get(narrow, "/healthz").status()).isEqualTo(200);
            assertThat(GateApiFixture.get(narrow, "/metrics").status()).isEqualTo(200);
        }
    }

    private static int evaluated(String token, String service, String environment) {
        return send(
                        first,
                        "POST",
                        "/v1/gates/production/evaluate",
                        token,
                        "{\"service\": \"" + service + "\", \"environment\": \"" + environment + "\"}")
                .status();
    }

    private static String run(String service, String environment) {
        return "{\"service\": \"" + service + "\", \"environment\": \"" + environment
                + "\", \"config\": {\"metrics\": [{\"name\": \"cpu\", \"kind\": \"gauge\"}]}}";
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }
}
