package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.deliveries;
import static dev.sluice.gateapi.GateApiFixture.header;
import static dev.sluice.gateapi.GateApiFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections that the API sets up, in two replicas and for two tenants. */
class ConnectionsIT {
    private static final String ACME = "slc_acme";
    private static final String OTHER = "slc_other";
    private static final String READER = "slc_reader";
    private static final String SECRET = "a secret";
    private static final String OF_VARIABLE = "{\"source\":\"alertmanager\",\"secret_env\":\"SLUICE_SECRET_ALERTS\"}";
    private static final String OF_FILE = "{\"source\":\"alertmanager\",\"secret_file\":\"%s\"}";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static GateApiConfig config;
    private static GateApi first;
    private static GateApi second;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: ann, sha256: %s, tenant: default, scopes: [admin]}
                  - {id: bob, sha256: %s, tenant: other, scopes: [admin]}
                  - {id: eve, sha256: %s, tenant: default, scopes: [receive, correct, evaluate, read, operate]}
                """.formatted(
                        GateApiFixture.sha256(ACME), GateApiFixture.sha256(OTHER), GateApiFixture.sha256(READER)));
        Path connections = Files.writeString(
                directory.resolve("connections.yaml"),
                "connections: [{id: filed, source: alertmanager, tenant: default, secret_env: PLAIN}]");
        Path secrets = Files.createDirectory(directory.resolve("secrets"));
        Files.writeString(secrets.resolve("alerts"), "of a file\n");
        Files.writeString(secrets.resolve("lost"), "to be lost\n");
        Files.writeString(Files.createDirectory(secrets.resolve("other")).resolve("alerts"), "of another\n");
        Files.writeString(directory.resolve("outside"), "not to be had");
        Files.createSymbolicLink(secrets.resolve("link"), directory.resolve("outside"));
        config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE
                        .withTokens(tokens)
                        .withConnections(connections)
                        .withSecrets(secrets))
                .withEnvironment(Map.of("SLUICE_SECRET_ALERTS", SECRET, "PLAIN", "plain"));
        first = GateApi.start(config);
        second = GateApi.start(config);
        awaitReady(first);
        awaitReady(second);
    }

    @AfterAll
    static void stop() {
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static HttpRequest.Builder request(GateApi api, String token, String path) {
        return GateApiFixture.request(api, "/v1/connections" + path).header("Authorization", "Bearer " + token);
    }

    private static Answer put(GateApi api, String token, String id, String body) {
        return GateApiFixture.send(request(api, token, "/" + id)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static Answer get(GateApi api, String token, String id) {
        return GateApiFixture.send(request(api, token, "/" + id).GET());
    }

    private static Answer delete(GateApi api, String token, String id) {
        return GateApiFixture.send(request(api, token, "/" + id).DELETE());
    }

    private static List<String> listed(GateApi api, String token) {
        var ids = new ArrayList<String>();
        GateApiFixture.send(request(api, token, "").GET())
                .json()
                .path("connections")
                .forEach(one -> ids.add(
                        one.path("origin").asText() + " " + one.path("id").asText()));
        return ids;
    }

    private static int webhook(GateApi api, String id, String secret) {
        return GateApiFixture.post(
                        api, "/v1/webhooks/" + id, "application/json", "{}", "Authorization", "Bearer " + secret)
                .status();
    }

    private static void awaitWebhook(GateApi api, String id, String secret, int status) throws Exception {
        await(() -> webhook(api, id, secret) == status, () -> webhook(api, id, secret));
    }

    @Test
    void aConnectionWorksAtOnce_inAllReplicas_untilItIsDeleted() throws Exception {
        Answer put = put(first, ACME, "alerts", OF_VARIABLE);

        assertThat(put.status()).as(put.text()).isEqualTo(200);
        assertThat(webhook(first, "alerts", SECRET)).isEqualTo(202);
        assertThat(webhook(first, "alerts", "another")).isEqualTo(401);
        awaitWebhook(second, "alerts", SECRET, 202);
        assertThat(get(second, ACME, "alerts").json()).isEqualTo(put.json());

        Answer deleted = delete(second, ACME, "alerts");

        assertThat(deleted.status()).as(deleted.text()).isEqualTo(200);
        assertThat(webhook(second, "alerts", SECRET)).isEqualTo(404);
        awaitWebhook(first, "alerts", SECRET, 404);
        assertThat(get(first, ACME, "alerts").status()).isEqualTo(404);
        assertThat(delete(first, ACME, "alerts").status()).isEqualTo(404);
    }

    @Test
    void theLogSaysWhoHasSetItUp_andDeliveriesSayByWhichRecord() {
        Answer put = put(first, ACME, "logged", OF_VARIABLE);
        assertThat(webhook(first, "logged", SECRET)).isEqualTo(202);

        var written = records(broker.bootstrapServers(), Topic.CONTROL).stream()
                .filter(found -> "default/connection/logged".equals(found.key()))
                .toList();
        assertThat(written).hasSize(1);
        Control control = Json.read(written.get(0).value(), Control.class);
        assertThat(control.principal()).isEqualTo("ann");
        assertThat(control.document()).isEqualTo(put.json().path("document"));
        assertThat(new String(written.get(0).value(), StandardCharsets.UTF_8)).doesNotContain(SECRET);
        assertThat(put.text()).contains("SLUICE_SECRET_ALERTS").doesNotContain(SECRET);
        assertThat(deliveries(broker.bootstrapServers()))
                .filteredOn(found -> "logged".equals(header(found, RecordHeaders.CONNECTION)))
                .singleElement()
                .satisfies(found -> {
                    assertThat(header(found, RecordHeaders.TENANT)).isEqualTo("default");
                    assertThat(header(found, RecordHeaders.CONTROL_OFFSET))
                            .isEqualTo(Long.toString(written.get(0).offset()));
                });
    }

    @Test
    void aChangeReplacesTheSecretAtOnce_andTheNextOneIsTakenToo() {
        put(first, ACME, "rotated", OF_VARIABLE);
        assertThat(webhook(first, "rotated", SECRET)).isEqualTo(202);
        put(
                first,
                ACME,
                "rotated",
                "{\"source\":\"alertmanager\",\"secret_env\":\"SLUICE_SECRET_ALERTS\",\"secret_file_next\":\"alerts\"}");
        assertThat(webhook(first, "rotated", SECRET)).isEqualTo(202);
        assertThat(webhook(first, "rotated", "of a file")).isEqualTo(202);

        put(first, ACME, "rotated", OF_FILE.formatted("alerts"));

        assertThat(webhook(first, "rotated", SECRET)).isEqualTo(401);
        assertThat(webhook(first, "rotated", "of a file")).isEqualTo(202);
    }

    @Test
    void whatIsShownCanBePutBack() {
        Answer put = put(first, ACME, "again", """
                {"source": "alertmanager", "secret_env": "SLUICE_SECRET_ALERTS", "services": {"a": "b"},
                 "service": "shop", "environments": ["production"], "environment": "production",
                 "workflows": [{"repository": "*", "workflow": "Deploy", "environment": "production"}],
                 "paths": [{"repository": "acme/mono", "service": "cart", "include": ["cart/**"]}],
                 "options": {"service_label": "app"}}""");
        assertThat(put.status()).as(put.text()).isEqualTo(200);

        Answer again = put(first, ACME, "again", put.json().path("document").toString());

        assertThat(again.json().path("document")).isEqualTo(put.json().path("document"));
    }

    @Test
    void aReplicaThatStartsLaterIsReadyWhenItKnowsThem() throws Exception {
        put(first, ACME, "early", OF_VARIABLE);

        try (GateApi third = GateApi.start(config)) {
            awaitReady(third);
            assertThat(webhook(third, "early", SECRET)).isEqualTo(202);
        }
    }

    @Test
    void aConnectionOfTheFileIsShown_andNotChanged() {
        assertThat(get(first, ACME, "filed").at("/origin")).isEqualTo("file");
        assertThat(get(first, ACME, "filed").at("/document/secret_env")).isEqualTo("PLAIN");

        Answer put = put(first, ACME, "filed", OF_VARIABLE);
        Answer deleted = delete(first, ACME, "filed");

        assertThat(put.status()).isEqualTo(409);
        assertThat(put.at("/detail")).contains("set up by the file of connections");
        assertThat(deleted.status()).isEqualTo(409);
        assertThat(webhook(first, "filed", "plain")).isEqualTo(202);
    }

    @Test
    void anotherTenantsConnectionIsInvisible_andItsIdTaken() {
        put(first, ACME, "mine", OF_VARIABLE);

        assertThat(get(first, OTHER, "mine").status()).isEqualTo(404);
        assertThat(delete(first, OTHER, "mine").status()).isEqualTo(404);
        assertThat(get(first, OTHER, "filed").status()).isEqualTo(404);
        assertThat(delete(first, OTHER, "filed").status()).isEqualTo(404);
        assertThat(listed(first, OTHER)).isEmpty();
        assertThat(listed(first, ACME)).contains("api mine", "file filed").isSortedAccordingTo(byId());
        for (String id : List.of("mine", "filed")) {
            Answer taken = put(first, OTHER, id, OF_FILE.formatted("alerts"));
            assertThat(taken.status()).isEqualTo(409);
            assertThat(taken.at("/detail")).contains("the id is taken").doesNotContain("file");
        }
        assertThat(webhook(first, "mine", SECRET)).isEqualTo(202);
    }

    private static Comparator<String> byId() {
        return Comparator.comparing(shown -> shown.substring(shown.indexOf(' ')));
    }

    /** Who names a secret can have it used where they like, so that one tenant must not name another's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'source':'alertmanager','secret_env':'SLUICE_SECRET_ALERTS'} | /secret_env | in files of its own directory only",
                "{'source':'alertmanager','secret_file':'../alerts'} | /secret_file | must lie below",
                "{'source':'alertmanager','secret_file':'lost'} | /secret_file | file lost cannot be read",
            })
    void aTenantHasSecretsOfItsOwnDirectoryOnly(String body, String pointer, String problem) {
        Answer answer = put(first, OTHER, "borrowed", body.replace('\'', '"'));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.at("/pointer")).isEqualTo(pointer);
        assertThat(answer.at("/detail")).contains(problem);
        assertThat(get(first, OTHER, "borrowed").status()).isEqualTo(404);
    }

    @Test
    void aFileOfATenantIsThatOfItsDirectory() {
        put(first, OTHER, "of-other", OF_FILE.formatted("alerts"));

        assertThat(webhook(first, "of-other", "of another")).isEqualTo(202);
        assertThat(webhook(first, "of-other", "of a file")).isEqualTo(401);
        assertThat(delete(first, OTHER, "of-other").status()).isEqualTo(200);
    }

    @Test
    void aSignatureOfOneConnectionIsNoneAtAnother_ofTheSameTenantOrOfAnother() throws Exception {
        List<String> places = new ArrayList<>();
        for (String place : List.of("one", "two", "three")) {
            boolean isOthers = place.equals("three");
            Path secrets = directory.resolve(isOthers ? "secrets/other" : "secrets");
            Files.writeString(secrets.resolve("of-" + place), "secret of " + place);
            Files.writeString(secrets.resolve("key"), Pem.next());
            String token = isOthers ? OTHER : ACME;
            for (int i = 0; i < SignedDelivery.all().size(); i++) {
                SignedDelivery delivery = SignedDelivery.all().get(i);
                Answer put = put(
                        first,
                        token,
                        place + i,
                        "{\"source\": \"%s\", \"secret_file\": \"of-%s\", \"options\": %s}"
                                .formatted(delivery.source(), place, delivery.options()));
                assertThat(put.status()).as(put.text()).isEqualTo(200);
                places.add(place + i);
            }
            setUpCallers(token, place);
        }
        for (int i = 0; i < SignedDelivery.all().size(); i++) {
            SignedDelivery delivery = SignedDelivery.all().get(i);
            for (String place : places) {
                int status = sent(delivery, "secret of one", "/v1/webhooks/" + place + delivery.parameters());
                if (place.equals("one" + i)) {
                    assertThat(status).as(delivery.source() + " at " + place).isEqualTo(202);
                } else if (!place.startsWith("one")) {
                    assertThat(status).as(delivery.source() + " at " + place).isEqualTo(401);
                }
            }
        }
        SignedDelivery ofGithub = SignedDelivery.all().get(0);
        assertThat(sent(ofGithub, "secret of one", "/v1/github-apps/one/webhook"))
                .isEqualTo(202);
        assertThat(sent(ofGithub, "secret of one", "/v1/github-apps/two/webhook"))
                .isEqualTo(401);
        assertThat(sent(ofGithub, "secret of one", "/v1/github-apps/three/webhook"))
                .isEqualTo(401);
        assertThat(askedByGitlab("secret of one", "one")).isEqualTo(202);
        assertThat(askedByGitlab("secret of one", "two")).isEqualTo(401);
        assertThat(askedByGitlab("secret of one", "three")).isEqualTo(401);
    }

    private static void setUpCallers(String token, String name) {
        String app = """
                {"app_id": 1, "api_url": "https://github.example.org/api/v3", "gate": "production", "owners": [7],
                 "installations": [9], "repositories": {"1": "checkout"}, "environments": {"production": "production"},
                 "version": "sha", "secret_file": "of-%1$s", "private_key": {"secret_file": "key"}}""";
        String server = """
                {"api_url": "https://gitlab.example.org/api/v4", "projects": {"42": "checkout"},
                 "merge_requests": {"gate": "merge", "environment": "production", "secret_file": "of-%1$s"},
                 "token": {"secret_file": "of-%1$s"}}""";
        for (String[] one : new String[][] {{"/v1/github-apps/", app}, {"/v1/gitlab-servers/", server}}) {
            Answer put = GateApiFixture.send(GateApiFixture.request(first, one[0] + name)
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .PUT(HttpRequest.BodyPublishers.ofString(one[1].formatted(name))));
            assertThat(put.status()).as(put.text()).isEqualTo(200);
        }
    }

    private static int askedByGitlab(String secret, String name) {
        String body = "{\"object_kind\": \"merge_request\"}";
        return GateApiFixture.post(
                        first,
                        "/v1/gitlab-servers/" + name + "/status-check",
                        "application/json",
                        body,
                        "X-GitLab-Signature",
                        SignedDelivery.hmac("", secret, body))
                .status();
    }

    private static int sent(SignedDelivery delivery, String secret, String target) {
        HttpRequest.Builder request = GateApiFixture.request(first, target)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(delivery.body()));
        delivery.headers(secret).forEach(request::header);
        return GateApiFixture.send(request).status();
    }

    /** As it is when two replicas take the id for two tenants at the same moment. */
    @Test
    void anIdThatTwoTenantsHaveIsNobodysUntilOneGivesItUp() throws Exception {
        put(first, ACME, "both", OF_VARIABLE);
        assertThat(webhook(first, "both", SECRET)).isEqualTo(202);
        var others = new Control(
                "other",
                Control.CONNECTION,
                "both",
                "bob",
                Instant.EPOCH,
                false,
                Json.mapper().readTree(OF_VARIABLE));
        try (var producer = GateApiFixture.jobs(broker.bootstrapServers())) {
            producer.send(new ProducerRecord<>(Topic.CONTROL.topicName(), others.key(), Json.bytes(others)))
                    .get(10, TimeUnit.SECONDS);
        }

        awaitWebhook(first, "both", SECRET, 404);
        awaitWebhook(second, "both", SECRET, 404);
        assertThat(delete(first, OTHER, "both").status()).isEqualTo(200);
        assertThat(webhook(first, "both", SECRET)).isEqualTo(202);
    }

    @Test
    void aSecretThatIsGoneClosesTheConnection() throws Exception {
        put(first, ACME, "lost", OF_FILE.formatted("lost"));
        Files.delete(directory.resolve("secrets").resolve("lost"));

        assertThat(webhook(first, "lost", "to be lost")).isEqualTo(503);
    }

    @Test
    void aSecretWhoseFileIsReplacedHoldsAtOnce_inAllReplicas() throws Exception {
        Path file = Files.writeString(directory.resolve("secrets").resolve("rotated"), "the old one\n");
        put(first, ACME, "rotated", OF_FILE.formatted("rotated"));
        awaitWebhook(second, "rotated", "the old one", 202);
        assertThat(webhook(first, "rotated", "the old one")).isEqualTo(202);

        Files.writeString(file, "another one\n");

        for (GateApi api : List.of(first, second)) {
            assertThat(webhook(api, "rotated", "the old one")).isEqualTo(401);
            assertThat(webhook(api, "rotated", "another one")).isEqualTo(202);
        }
        Files.delete(file);
        assertThat(webhook(first, "rotated", "another one")).isEqualTo(503);
    }

    @Test
    void onlyTheScopeAdminLetsIn() {
        assertThat(put(first, READER, "refused", OF_VARIABLE).status()).isEqualTo(403);
        assertThat(get(first, READER, "filed").status()).isEqualTo(403);
        assertThat(delete(first, READER, "filed").status()).isEqualTo(403);
        assertThat(put(first, "slc_nobody", "refused", OF_VARIABLE).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'source':'alertmanager','secret_file':'../outside'} | /secret_file | must lie below",
                "{'source':'alertmanager','secret_file':'link'} | /secret_file | must lie below",
                "{'source':'alertmanager','secret_file':'/etc/passwd'} | /secret_file | must lie below",
                "{'source':'alertmanager','secret_file':'nosuch'} | /secret_file | file nosuch cannot be read",
                "{'source':'alertmanager','secret_env':'PLAIN'} | /secret_env | must begin with SLUICE_SECRET_",
                "{'source':'alertmanager','secret_env':'SLUICE_SECRET_NONE'} | /secret_env | is not set",
                "{'source':'alertmanager'} | '' | needs secret_env or secret_file",
                "{'source':'alertmanager','secret_env':'SLUICE_SECRET_ALERTS','tenant':'x'} | /tenant | unknown field",
                "{'source':'nosuch','secret_env':'SLUICE_SECRET_ALERTS'} | /source | must be a known source",
                "{'source':'alertmanager','secret_env':'SLUICE_SECRET_ALERTS','paths':'x'} | /paths | must be a list",
                "{'source':'github','secret_env':'SLUICE_SECRET_ALERTS','paths':[{'repository':'a/b','service':'c','include':['[a']}]} | /paths/0 | has no ] for its [",
                "[] | '' | must be an object",
            })
    void whatIsWrongIsRefused_andNothingIsSetUp(String body, String pointer, String detail) {
        Answer answer = put(first, ACME, "wrong", body.replace('\'', '"'));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.at("/pointer")).isEqualTo(pointer);
        assertThat(answer.at("/detail")).contains(detail);
        assertThat(get(first, ACME, "wrong").status()).isEqualTo(404);
    }

    @Test
    void whatIsNoJsonAndWhatIsNoIdIsRefused() {
        Answer text = GateApiFixture.send(request(first, ACME, "/wrong")
                .header("Content-Type", "text/plain")
                .PUT(HttpRequest.BodyPublishers.ofString(OF_VARIABLE)));

        assertThat(text.status()).isEqualTo(415);
        assertThat(put(first, ACME, "~wrong", OF_VARIABLE).status()).isEqualTo(400);
        assertThat(put(first, ACME, "wrong", " ".repeat((64 << 10) + 1)).status())
                .isEqualTo(413);
    }

    @Test
    void aChangeThatIsNotReadBackIsNotAnswered() throws Exception {
        first.viewReader().pause();
        try {
            Answer late = put(first, ACME, "late", OF_VARIABLE);

            assertThat(late.status()).as(late.text()).isEqualTo(503);
            assertThat(late.took()).isLessThan(Duration.ofSeconds(10));
        } finally {
            first.viewReader().resume();
        }
        awaitWebhook(first, "late", SECRET, 202);
    }
}
