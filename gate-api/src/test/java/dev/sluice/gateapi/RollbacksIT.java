package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.TENANT;
import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.post;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.request;
import static dev.sluice.gateapi.GateApiFixture.send;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.sluice.dora.CurrentRow;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.embedded.Receiver;
import dev.sluice.embedded.Receiver.Received;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.deliver.Cluster;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackBook;
import dev.sluice.rollback.RollbackDesk;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RollbackPlanDocument;
import dev.sluice.wire.RollbackRequestDocument;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas of the gate API deliver what the domain orders, which the test publishes as the rollback job does. */
class RollbacksIT {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String JSON = "application/json";
    /** More than two replicas send at once. */
    private static final int WAITING = 300;

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static Receiver receiver;
    private static Cluster cluster;
    private static GateApi api;
    private static GateApi other;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        receiver = new Receiver();
        cluster = new Cluster();
        api = replica();
        other = replica();
        awaitReady(api);
        awaitReady(other);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
    }

    private static GateApi replica() {
        var problems = new Problems();
        EgressRules rules = EgressRules.read(
                "http://" + receiver.authority() + ",http://127.0.0.1:" + cluster.port(), "", problems);
        problems.throwIfAny();
        return GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withEgress(rules)
                .withEnvironment(Map.of(
                        "SLUICE_SECRET_DEPLOYER",
                        SECRET,
                        "SLUICE_SECRET_WEAK",
                        "secret",
                        "SLUICE_SECRET_CLUSTER",
                        "first")));
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable one : new AutoCloseable[] {jobs, api, other, receiver, cluster, broker}) {
            one.close();
        }
    }

    private static Answer put(String path, String body) {
        return send(request(api, path).header("Content-Type", JSON).PUT(BodyPublishers.ofString(body)));
    }

    private static Answer delete(String path) {
        return send(request(api, path).DELETE());
    }

    private static void endpoint(String name, String path) {
        Answer answer = put(
                "/v1/endpoints/" + name,
                "{\"kind\": \"webhook\", \"url\": \"%s\", \"secret_env\": \"SLUICE_SECRET_DEPLOYER\"}"
                        .formatted(receiver.url(path)));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    /** A service with an endpoint and a plan of its own, whose version 2 runs. */
    private static RollbackDesk service(String name) throws Exception {
        String endpoint = name.replaceAll("-?[^a-z-]", "");
        endpoint(endpoint, "/" + endpoint);
        endpoint(endpoint + "-pager", "/" + endpoint + "-pager");
        Answer answer = put(
                "/v1/rollback-plans/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/production",
                "{\"on_failed_canary\": true, \"endpoint\": \"%s\", \"escalation\": \"%s-pager\"}"
                        .formatted(endpoint, endpoint));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        Instant now = Instant.now();
        var desk = new RollbackDesk(new Series(TENANT, name, "production"), RollbackBook.EMPTY);
        Control plan = controls(Control.ROLLBACK_PLAN).stream()
                .filter(control -> control.id().equals(Keys.of(name, "production")))
                .findFirst()
                .orElseThrow();
        desk.plan(RollbackPlanDocument.of(plan).toDomain(), plan.at(), now);
        desk.succeeded(deployed(name, 1), now);
        desk.succeeded(deployed(name, 2), now);
        desk.runs(deployed(name, 2), now);
        runs(name, 2);
        return desk;
    }

    private static KnownDeployment deployed(String service, int version) {
        return new KnownDeployment(
                service + "/" + version,
                "v" + version,
                null,
                null,
                Instant.now().minus(Duration.ofMinutes(10 - version)),
                false);
    }

    private static CurrentRow current(String service, int version) {
        return new CurrentRow(
                TENANT,
                service,
                "production",
                service + "/" + version,
                "v" + version,
                null,
                null,
                Instant.now(),
                null,
                null,
                0,
                null,
                0,
                null,
                null,
                null,
                false,
                Instant.now());
    }

    private static void runs(String service, int version) throws Exception {
        publish(Topic.CURRENT, Keys.of(TENANT, service, "production"), current(service, version));
        await(
                () -> get(api, "/v1/services?service=" + service).text().contains(service + "/" + version)
                        && get(other, "/v1/services?service=" + service).text().contains(service + "/" + version),
                () -> get(api, "/v1/services").text());
    }

    private static void publish(Topic topic, String key, Object row) throws Exception {
        append(topic, key, row).get(10, TimeUnit.SECONDS);
    }

    private static Future<RecordMetadata> append(Topic topic, String key, Object row) {
        return jobs.send(new ProducerRecord<>(topic.topicName(), key, Json.bytes(row)));
    }

    private static void failedCanary(RollbackDesk desk, String service) throws Exception {
        Instant now = Instant.now();
        GateApiFixture.progress(jobs, now);
        desk.trigger(RollbackTrigger.failedCanary(service + "-run", now, "errors: 3 %", "v1", "v2", false), now);
        published(desk, service);
    }

    private static void published(RollbackDesk desk, String service) throws Exception {
        RollbackRow row = RollbackRow.of(
                new Series(TENANT, service, "production"), desk.book().order());
        publish(Topic.ROLLBACKS, row.key(), row);
    }

    private static List<DeliveryAttempt> attempts(String order) {
        return records(broker.bootstrapServers(), Topic.ATTEMPTS).stream()
                .map(record -> Json.read(record.value(), DeliveryAttempt.class))
                .filter(attempt -> attempt.order().equals(order))
                .toList();
    }

    private static List<Control> controls(String kind) {
        return records(broker.bootstrapServers(), Topic.CONTROL).stream()
                .filter(record -> record.value() != null && record.headers().toArray().length == 0)
                .map(record -> Json.read(record.value(), Control.class))
                .filter(control -> control.kind().equals(kind))
                .toList();
    }

    private static DeliveryAttempt attempt(String order, Outcome outcome) throws Exception {
        await(() -> attempts(order).stream().anyMatch(attempt -> attempt.outcome() == outcome), () -> attempts(order));
        return attempts(order).stream()
                .filter(attempt -> attempt.outcome() == outcome)
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode data(Received sent) {
        return Json.read(sent.body().getBytes(StandardCharsets.UTF_8), JsonNode.class)
                .path("data");
    }

    private static String id(RollbackDesk desk) {
        return requireNonNull(desk.book().order(), "order").id();
    }

    /** The job hears what came of it, and says so. */
    private static void heard(RollbackDesk desk, String service, DeliveryAttempt attempt) throws Exception {
        desk.reported(attempt.report(), Instant.now());
        published(desk, service);
    }

    @Test
    void anEndpointThatDoesNotAnswerHoldsUpNoOther() throws Exception {
        RollbackDesk silent = service("silent");
        RollbackDesk quick = service("quick");
        Integer[] silence = new Integer[WAITING];
        Arrays.fill(silence, Receiver.SILENCE);
        receiver.answers("/silent", silence);
        silent.trigger(
                RollbackTrigger.failedCanary("silent-run", Instant.now(), "errors: 3 %", "v1", "v2", false),
                Instant.now());
        RollbackOrder order = requireNonNull(silent.book().order(), "order");
        GateApiFixture.progress(jobs, Instant.now());
        List<RollbackRow> waiting = IntStream.range(0, WAITING)
                .mapToObj(number -> alike(order, "waiting-" + number))
                .toList();
        for (RollbackRow row : waiting) {
            var unused = append(Topic.CURRENT, row.key(), current(row.service(), 2));
            unused = append(Topic.ROLLBACKS, row.key(), row);
        }
        await(() -> receiver.at("/silent").size() > 1, () -> receiver.at("/silent"));

        failedCanary(quick, "quick");
        await(() -> !receiver.at("/quick").isEmpty(), () -> receiver.at("/silent"));

        assertThat(records(broker.bootstrapServers(), Topic.ATTEMPTS))
                .as("none of them has its answer")
                .noneMatch(record ->
                        Json.read(record.value(), DeliveryAttempt.class).order().startsWith("waiting-"));
        for (RollbackRow row : waiting) {
            publish(Topic.ROLLBACKS, row.key(), RollbackRow.of(row.series(), null));
        }
    }

    /** The same order for another service, called as that is. */
    private static RollbackRow alike(RollbackOrder order, String service) {
        return RollbackRow.of(
                new Series(TENANT, service, "production"),
                new RollbackOrder(
                        service,
                        order.trigger(),
                        deployed(service, 2),
                        order.from(),
                        deployed(service, 1),
                        order.state(),
                        order.steps(),
                        order.orderedAt(),
                        order.expiresAt(),
                        order.verification(),
                        null,
                        order.endpoint(),
                        order.escalation(),
                        0,
                        false,
                        null));
    }

    @Test
    void anOrderIsSentOnceOfTwoReplicas_signedAndWithWhatRuns() throws Exception {
        RollbackDesk desk = service("once");
        receiver.answers("/once", 200);

        failedCanary(desk, "once");
        RollbackRow ordered = RollbackRow.of(
                new Series(TENANT, "once", "production"), desk.book().order());
        DeliveryAttempt attempt = attempt(id(desk), Outcome.ACKNOWLEDGED);
        heard(desk, "once", attempt);
        await(
                () -> get(api, "/v1/rollbacks/" + id(desk)).at("/state").equals("acknowledged")
                        && get(other, "/v1/rollbacks/" + id(desk)).at("/state").equals("acknowledged"),
                () -> get(api, "/v1/rollbacks").text());
        // as a job says it again that goes on from a checkpoint of before
        publish(Topic.ROLLBACKS, ordered.key(), ordered);
        Thread.sleep(1_000);

        assertThat(attempt.words()).isEqualTo("answered with 200");
        assertThat(receiver.at("/once")).hasSize(1);
        Received sent = receiver.at("/once").get(0);
        assertThat(sent.header("webhook-id")).isEqualTo(id(desk));
        assertThat(sent.header("ce-id")).isEqualTo(id(desk));
        assertThat(sent.header("ce-type")).isEqualTo("dev.sluice.rollback.ordered.v1");
        assertThat(sent.header("ce-specversion")).isEqualTo("1.0");
        assertThat(sent.header("ce-subject")).isEqualTo("once/production");
        assertThat(sent.header("content-type")).isEqualTo(JSON);
        var signed = new Webhook(SECRET)
                .sign(sent.header("webhook-id"), Long.parseLong(sent.header("webhook-timestamp")), sent.body());
        assertThat(sent.header("webhook-signature")).isEqualTo(signed);
        assertThat(data(sent).at("/action").asText()).isEqualTo("roll_back");
        assertThat(data(sent).at("/expected/deployment").asText()).isEqualTo("once/2");
        assertThat(data(sent).at("/target/version").asText()).isEqualTo("v1");
        assertThat(data(sent).at("/reason").asText()).isEqualTo("errors: 3 %");
        Answer shown = get(api, "/v1/rollbacks/" + id(desk));
        await(() -> get(api, "/v1/rollbacks/" + id(desk)).at("/state").equals("acknowledged"), shown::text);
    }

    @Test
    void whoIsAwayIsAskedAgainUnderTheSameId() throws Exception {
        RollbackDesk desk = service("again");
        receiver.answers("/again", 503, 500);

        failedCanary(desk, "again");
        DeliveryAttempt attempt = attempt(id(desk), Outcome.DELIVERED);

        assertThat(attempt.attempt()).isEqualTo(3);
        assertThat(receiver.at("/again"))
                .hasSize(3)
                .extracting(one -> one.header("webhook-id"))
                .containsOnly(id(desk));
        assertThat(attempts(id(desk)))
                .extracting(DeliveryAttempt::words)
                .contains("answered with 503", "answered with 500");
        heard(desk, "again", attempt);
    }

    @Test
    void aRefusalIsNotSaidAgain_andPeopleAreTold() throws Exception {
        RollbackDesk desk = service("refused");
        receiver.answers("/refused", 409);

        failedCanary(desk, "refused");
        heard(desk, "refused", attempt(id(desk), Outcome.REFUSED));
        DeliveryAttempt told = attempt(id(desk), Outcome.ESCALATED);
        heard(desk, "refused", told);
        Thread.sleep(500);

        assertThat(receiver.at("/refused")).hasSize(1);
        assertThat(receiver.at("/refused-pager")).singleElement().satisfies(sent -> {
            assertThat(sent.header("webhook-id")).isEqualTo(id(desk) + "-escalated");
            assertThat(sent.header("ce-type")).isEqualTo("dev.sluice.rollback.escalated.v1");
            assertThat(data(sent).at("/state").asText()).isEqualTo("refused");
            assertThat(data(sent).at("/why").asText()).isEqualTo("answered with 409");
        });
    }

    @Test
    void anOrderOfAServiceOfAnyNameIsSent() throws Exception {
        RollbackDesk desk = service("zahlung-\u00e4");

        failedCanary(desk, "zahlung-\u00e4");
        heard(desk, "zahlung-\u00e4", attempt(id(desk), Outcome.DELIVERED));

        assertThat(receiver.at("/zahlung"))
                .singleElement()
                .satisfies(sent -> assertThat(sent.header("ce-subject")).isEqualTo("zahlung-%C3%A4/production"));
    }

    @Test
    void nothingIsSentWhereSomethingElseRuns() throws Exception {
        RollbackDesk desk = service("fenced");
        runs("fenced", 3);

        failedCanary(desk, "fenced");
        Thread.sleep(1_500);

        assertThat(receiver.at("/fenced")).isEmpty();
        assertThat(attempts(id(desk))).isEmpty();
    }

    @Test
    void nothingIsSentWhileRollbacksAreStopped() throws Exception {
        RollbackDesk desk = service("stopped");
        assertThat(get(api, "/v1/rollback-stop").at("/stopped")).isEqualTo("false");
        assertThat(put("/v1/rollback-stop", "{\"reason\": \"the deployer is being replaced\"}")
                        .status())
                .isEqualTo(200);
        try {
            await(
                    () -> get(other, "/v1/rollback-stop").at("/stopped").equals("true"),
                    () -> get(other, "/v1/rollback-stop").text());
            failedCanary(desk, "stopped");

            heard(desk, "stopped", attempt(id(desk), Outcome.STOPPED));
            assertThat(post(
                                    api,
                                    "/v1/rollbacks",
                                    JSON,
                                    "{\"service\": \"stopped\", \"environment\": \"production\","
                                            + " \"deployment\": \"stopped/2\", \"reason\": \"by hand\"}")
                            .status())
                    .isEqualTo(409);
        } finally {
            assertThat(delete("/v1/rollback-stop").status()).isEqualTo(200);
        }
        assertThat(receiver.at("/stopped")).isEmpty();
    }

    @Test
    void whoeverRollsBackSaysWhetherItWill() throws Exception {
        RollbackDesk desk = service("answered");
        failedCanary(desk, "answered");
        heard(desk, "answered", attempt(id(desk), Outcome.DELIVERED));
        await(
                () -> get(api, "/v1/rollbacks?service=answered").text().contains("\"delivered\""),
                () -> get(api, "/v1/rollbacks").text());

        Answer answer = post(
                api,
                "/v1/rollbacks/" + id(desk) + "/acknowledgement",
                JSON,
                "{\"accepted\": false, \"comment\": \"the database was migrated\"}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(attempt(id(desk), Outcome.REFUSED).words()).endsWith(": the database was migrated");
        heard(desk, "answered", attempt(id(desk), Outcome.REFUSED));
        await(
                () -> get(api, "/v1/rollbacks/" + id(desk)).at("/state").equals("refused"),
                () -> get(api, "/v1/rollbacks").text());
        assertThat(post(api, "/v1/rollbacks/" + id(desk) + "/acknowledgement", JSON, "{\"accepted\": false}")
                        .status())
                .isEqualTo(409);
        Answer repeated =
                post(api, "/v1/rollbacks/" + id(desk) + "/repeat", JSON, "{\"reason\": \"the database is back\"}");
        assertThat(repeated.status()).as(repeated.text()).isEqualTo(202);
        assertThat(repeated.at("/state")).isEqualTo("asked");
        assertThat(controls(Control.ROLLBACK_REQUEST)).anySatisfy(control -> {
            RollbackRequestDocument asked = RollbackRequestDocument.of(control);
            assertThat(asked.deployment()).isEqualTo("answered/2");
            assertThat(asked.version()).isEqualTo("v1");
        });
    }

    @Test
    void somebodyAsksForARollbackOfWhatRuns() throws Exception {
        RollbackDesk desk = service("asked");
        String wrong = "{\"service\": \"asked\", \"environment\": \"production\", \"deployment\": \"asked/1\","
                + " \"reason\": \"looks wrong\"}";
        assertThat(post(api, "/v1/rollbacks", JSON, wrong).status()).isEqualTo(409);

        Answer answer = post(api, "/v1/rollbacks", JSON, wrong.replace("asked/1", "asked/2"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String id = answer.at("/id");
        assertThat(get(api, "/v1/rollbacks/" + id).at("/state")).isEqualTo("asked");
        Control asked = controls(Control.ROLLBACK_REQUEST).stream()
                .filter(control -> RollbackRequestDocument.of(control).service().equals("asked"))
                .findFirst()
                .orElseThrow();
        desk.trigger(RollbackRequestDocument.of(asked).trigger(asked), Instant.now());
        assertThat(id(desk)).as("the job gives it the id that was told").isEqualTo(id);
        published(desk, "asked");
        heard(desk, "asked", attempt(id, Outcome.DELIVERED));
        await(
                () -> get(api, "/v1/rollbacks/" + id).at("/state").equals("delivered"),
                () -> get(api, "/v1/rollbacks/" + id).text());
        assertThat(post(api, "/v1/rollbacks", JSON, wrong.replace("asked/1", "asked/2"))
                        .status())
                .as("one at a time")
                .isEqualTo(409);
    }

    @Test
    void aRollbackThatIsADrillIsRecordedWithTheTimeThatItTook() throws Exception {
        RollbackDesk desk = service("rehearsed");
        Answer answer = post(
                api,
                "/v1/rollbacks",
                JSON,
                "{\"service\": \"rehearsed\", \"environment\": \"production\", \"deployment\": \"rehearsed/2\","
                        + " \"reason\": \"quarterly\", \"drill\": true}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        String id = answer.at("/id");
        assertThat(answer.json().path("drill").asBoolean()).isTrue();
        Control asked = controls(Control.ROLLBACK_REQUEST).stream()
                .filter(control -> RollbackRequestDocument.of(control).service().equals("rehearsed"))
                .findFirst()
                .orElseThrow();
        desk.trigger(RollbackRequestDocument.of(asked).trigger(asked), Instant.now());
        published(desk, "rehearsed");
        heard(desk, "rehearsed", attempt(id, Outcome.DELIVERED));
        assertThat(get(api, "/v1/rollback-drills?service=rehearsed").json().path("statements"))
                .isEmpty();

        Instant seen = asked.at().plusSeconds(42);
        desk.runs(new KnownDeployment("rehearsed/3", "v1", null, null, seen, false), seen);
        published(desk, "rehearsed");

        for (GateApi replica : List.of(api, other)) {
            String drills = "/v1/rollback-drills?service=rehearsed";
            await(
                    () -> get(replica, "/v1/rollbacks/" + id).at("/state").equals("verified"),
                    () -> get(replica, "/v1/rollbacks/" + id).text());
            assertThat(get(replica, "/v1/rollbacks/" + id).json().path("drill").asBoolean())
                    .isTrue();
            await(
                    () -> !get(replica, drills).json().path("statements").isEmpty(),
                    () -> get(replica, "/v1/rollbacks/" + id).text());
            assertThat(get(replica, drills).json().path("statements"))
                    .singleElement()
                    .satisfies(said -> {
                        assertThat(said.path("principal").asText()).isEqualTo("~sluice");
                        JsonNode drill = said.path("statement");
                        assertThat(drill.path("environment").asText()).isEqualTo("production");
                        assertThat(drill.path("succeeded").asBoolean()).isTrue();
                        assertThat(drill.path("recovery_seconds").asDouble()).isEqualTo(42);
                    });
        }
    }

    @Test
    void whatIsWrongWithAnEndpointOrAPlanIsToldAtOnce() throws Exception {
        for (String body : List.of(
                "{\"kind\": \"webhook\", \"url\": \"http://169.254.169.254/\", \"secret_env\": \"SLUICE_SECRET_DEPLOYER\"}",
                "{\"kind\": \"webhook\", \"url\": \"https://example.org/\", \"secret_env\": \"SLUICE_SECRET_WEAK\"}",
                "{\"kind\": \"webhook\", \"url\": \"https://example.org/\", \"secret_env\": \"PATH\"}",
                "{\"kind\": \"webhook\", \"url\": \"https://example.org/\"}",
                "{\"kind\": \"pigeon\", \"url\": \"https://example.org/\", \"secret_env\": \"SLUICE_SECRET_DEPLOYER\"}",
                "{\"kind\": \"webhook\", \"url\": \"https://example.org/\", \"secret_env\": \"SLUICE_SECRET_DEPLOYER\","
                        + " \"header\": \"x\"}")) {
            assertThat(put("/v1/endpoints/wrong", body).status()).as(body).isEqualTo(400);
        }
        for (String body : List.of(
                "{\"on_failed_canary\": true, \"endpoint\": \"nobody\"}",
                "{\"endpoint\": \"right\"}",
                "{\"on_failed_canary\": true, \"endpoint\": \"right\", \"mode\": \"guess\"}",
                "{\"on_failed_canary\": true, \"endpoint\": \"right\", \"expiry\": \"2d\"}",
                "{\"on_failed_canary\": true, \"endpoint\": \"right\", \"most_per_hour\": 0}",
                "{\"on_incident\": {\"within\": \"soon\"}, \"endpoint\": \"right\"}",
                "{\"on_burn\": {\"slo\": \"availability\"}, \"endpoint\": \"right\"}",
                "{\"on_burn\": {\"slo\": \"availability\", \"objective\": 1}, \"endpoint\": \"right\"}",
                "{\"on_burn\": {\"slo\": \"a\", \"objective\": 0.9, \"window\": \"1h\", \"within\": \"1h\"},"
                        + " \"endpoint\": \"right\"}")) {
            endpoint("right", "/right");
            assertThat(put("/v1/rollback-plans/wrong/production", body).status())
                    .as(body)
                    .isEqualTo(400);
        }
    }

    @Test
    void anEndpointIsShownWithoutItsPath_andStaysWhileAPlanNamesIt() throws Exception {
        service("kept");

        assertThat(get(api, "/v1/endpoints").text()).contains("kept-pager").doesNotContain("/kept-pager\"");
        assertThat(delete("/v1/endpoints/kept").status()).isEqualTo(409);
        assertThat(delete("/v1/rollback-plans/kept/production").status()).isEqualTo(200);
        assertThat(delete("/v1/endpoints/kept").status()).isEqualTo(200);
        assertThat(get(api, "/v1/rollback-plans").text()).doesNotContain("\"kept\"");
        assertThat(records(broker.bootstrapServers(), Topic.DECISIONS))
                .as("the audit log has who has set it up, and not where it is")
                .anySatisfy(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                        .contains("\"endpoint\"", "\"kept\"", "\"sha256\"")
                        .doesNotContain("/kept\""));
    }

    @Test
    void aDeploymentOfKubernetesIsRolledBack_once() throws Exception {
        RollbackDesk desk = service("undone");
        Answer endpoint = put(
                "/v1/endpoints/undone",
                "{\"kind\": \"kubernetes-deployment\", \"url\": \"http://127.0.0.1:%d\", \"namespace\": \"shop\","
                                .formatted(cluster.port())
                        + " \"deployment\": \"undone\", \"container\": \"undone\", \"secret_env\": \"SLUICE_SECRET_CLUSTER\"}");
        assertThat(endpoint.status()).as(endpoint.text()).isEqualTo(200);
        String template = "\"template\": {\"metadata\": {\"labels\": {\"app\": \"undone\"}},"
                + " \"spec\": {\"containers\": [{\"name\": \"undone\", \"image\": \"undone:%s\"}]}}}}";
        String uid = cluster.create(
                Cluster.DEPLOYMENTS,
                "{\"apiVersion\": \"apps/v1\", \"kind\": \"Deployment\", \"metadata\": {\"name\": \"undone\", \"namespace\": \"shop\"},"
                        + " \"spec\": {\"selector\": {\"matchLabels\": {\"app\": \"undone\"}}, "
                        + template.formatted("v2"));
        cluster.create(
                Cluster.SETS,
                "{\"apiVersion\": \"apps/v1\", \"kind\": \"ReplicaSet\", \"metadata\": {\"name\": \"undone-1\", \"namespace\": \"shop\","
                        + " \"labels\": {\"app\": \"undone\"}, \"ownerReferences\": [{\"uid\": \"" + uid
                        + "\", \"controller\": true}]}, \"spec\": {" + template.formatted("v1"));
        await(
                () -> get(other, "/v1/endpoints").text().contains("kubernetes-deployment"),
                () -> get(other, "/v1/endpoints").text());

        failedCanary(desk, "undone");
        String order = requireNonNull(desk.book().order()).id();
        await(() -> !attempts(order).isEmpty(), () -> get(api, "/v1/rollbacks").text());

        assertThat(attempts(order)).allSatisfy(attempt -> {
            assertThat(attempt.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
            assertThat(attempt.attempt()).isEqualTo(1);
        });
        assertThat(cluster.patches()).hasSize(1);
        assertThat(cluster.object(Cluster.DEPLOYMENTS + "/undone")
                        .at("/spec/template/spec/containers/0/image")
                        .asText())
                .isEqualTo("undone:v1");
    }

    @Test
    void aPendingDecisionIsToldWhenItIsFinal_thoughNobodyReadsIt() throws Exception {
        endpoint("pipeline", "/pipeline");
        receiver.answers("/pipeline", 503, 200);
        runs("told", 2);
        GateApiFixture.put(jobs, GateApiFixture.row("told", 20, 20), 1);
        await(
                () -> {
                    GateApiFixture.progress(jobs, Instant.now());
                    return !GateApiFixture.evaluate(api, "told").text().contains("unknown_service");
                },
                () -> GateApiFixture.evaluate(api, "told").text());
        String question = "{\"service\": \"told\", \"environment\": \"production\","
                + " \"artifact\": {\"version\": \"v3\"}, \"callback\": \"pipeline\"}";
        Answer asked = post(api, "/v1/gates/pre-deployment-approval/evaluate", JSON, question);
        assertThat(asked.status()).as(asked.text()).isEqualTo(202);
        assertThat(asked.at("/decision")).isEqualTo("pending");
        Answer approved = post(
                other,
                "/v1/approvals",
                JSON,
                "{\"service\": \"told\", \"environment\": \"production\", \"gate\": \"pre-deployment-approval\","
                        + " \"artifact\": {\"version\": \"v3\"}, \"decision\": \"reject\", \"expires_in\": \"1h\"}");
        assertThat(approved.status()).as(approved.text()).isEqualTo(201);
        await(
                () -> {
                    GateApiFixture.progress(jobs, Instant.now());
                    return receiver.at("/pipeline").size() == 2;
                },
                () -> get(api, "/v1/decisions/" + asked.at("/id")).text());
        Thread.sleep(1_500);

        assertThat(receiver.at("/pipeline")).hasSize(2).allSatisfy(sent -> {
            assertThat(sent.header("webhook-id")).isEqualTo(asked.at("/id"));
            assertThat(sent.header("ce-type")).isEqualTo("dev.sluice.decision.final.v1");
            assertThat(data(sent).at("/decision").asText()).isEqualTo("deny");
            assertThat(data(sent).at("/id").asText()).isEqualTo(asked.at("/id"));
        });
        assertThat(get(api, "/v1/decisions/" + asked.at("/id")).at("/decision")).isEqualTo("deny");
        assertThat(post(api, "/v1/gates/production/evaluate", JSON, question.replace("pipeline", "nobody"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anotherTenantsOrderIsNeitherSeenNorRepeated() throws Exception {
        RollbackDesk desk = service("ours");
        receiver.answers("/ours", 409);
        failedCanary(desk, "ours");
        heard(desk, "ours", attempt(id(desk), Outcome.REFUSED));
        await(() -> get(api, "/v1/rollbacks/" + id(desk)).at("/state").equals("refused"), () -> "");
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: acme, owner: acme, sha256: %s, tenant: acme, scopes: [read, trigger-rollback, manage-endpoints]}
                """.formatted(GateApiFixture.sha256("acme")));

        try (GateApi theirs = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE.withTokens(tokens)))) {
            awaitReady(theirs);
            String order = "/v1/rollbacks/" + id(desk);
            assertThat(asAcme(theirs, order, null).status()).isEqualTo(404);
            assertThat(asAcme(theirs, order + "/repeat", "{\"reason\": \"x\"}").status())
                    .isEqualTo(404);
            assertThat(asAcme(theirs, order + "/acknowledgement", "{\"accepted\": true}")
                            .status())
                    .isEqualTo(404);
            for (String list : List.of("/v1/rollbacks", "/v1/endpoints", "/v1/rollback-plans")) {
                assertThat(asAcme(theirs, list, null).text()).as(list).doesNotContain("ours");
            }
        }
    }

    private static Answer asAcme(GateApi theirs, String path, @Nullable String body) {
        var request = request(theirs, path).header("Authorization", "Bearer acme");
        return send(
                body == null
                        ? request.GET()
                        : request.header("Content-Type", JSON).POST(BodyPublishers.ofString(body)));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(get(api, "/v1/rollbacks/nothing").status()).isEqualTo(404);
        assertThat(delete("/v1/endpoints/nothing").status()).isEqualTo(404);
        assertThat(delete("/v1/rollback-plans/nothing/production").status()).isEqualTo(404);
        assertThat(post(api, "/v1/rollbacks/nothing/repeat", JSON, "{\"reason\": \"x\"}")
                        .status())
                .isEqualTo(404);
    }

    private static void drills(String name, LocalDateTime start) {
        endpoint(name, "/" + name);
        Answer answer = put("/v1/drill-schedules/" + name, """
                {"service": "%1$s", "environment": "staging", "rrule": "FREQ=DAILY", "start": "%2$s", "zone": "UTC",
                 "within": "6s", "endpoint": "%1$s"}""".formatted(name, start));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.at("/next")).isEqualTo(start.toInstant(ZoneOffset.UTC).toString());
    }

    /** While replicas share the work out anew one may tell what another has told a moment ago. */
    private static void awaitWorkSharedByBoth() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            await(
                    () -> admin.describeConsumerGroups(List.of("sluice-drills"))
                            .describedGroups()
                            .values()
                            .iterator()
                            .next()
                            .toCompletionStage()
                            .handle((group, absent) -> absent == null
                                    && group.groupState() == GroupState.STABLE
                                    && group.members().size() == 2)
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS),
                    () -> "the group is not stable");
        }
    }

    private static boolean isForgotten(String name) {
        return records(broker.bootstrapServers(), Topic.CONTROL).stream()
                .anyMatch(record -> record.value() == null
                        && Keys.of(TENANT, Control.DRILL_REMINDER, name).equals(record.key()));
    }

    @Test
    void whoeverRehearsesRollbacksIsToldOnceThatADrillIsDue_andOnceThatItWasMissed() throws Exception {
        drills("drill-later", LocalDateTime.of(2100, 1, 1, 9, 0));
        awaitWorkSharedByBoth();
        LocalDateTime start = LocalDateTime.now(ZoneOffset.UTC).plusSeconds(3).truncatedTo(ChronoUnit.SECONDS);
        drills("drill-missed", start);
        drills("drill-done", start);
        await(() -> receiver.at("/drill-done").size() == 1, () -> receiver.at("/drill-done"));
        await(
                () -> get(other, "/v1/drill-schedules/drill-done")
                        .at("/current/recorded")
                        .equals("false"),
                () -> get(other, "/v1/drill-schedules/drill-done").text());

        Answer done = post(
                api,
                "/v1/rollback-drills",
                JSON,
                "{\"service\": \"drill-done\", \"environment\": \"staging\", \"succeeded\": true, \"recovery\": \"1m\"}");
        assertThat(done.status()).as(done.text()).isEqualTo(201);
        assertThat(get(api, "/v1/drill-schedules/drill-done").at("/current/recorded"))
                .isEqualTo("true");
        await(() -> receiver.at("/drill-missed").size() == 2, () -> receiver.at("/drill-missed"));
        await(
                () -> get(other, "/metrics").text().contains("sluice_drills_missed 1.0"),
                () -> get(other, "/v1/drill-schedules").text());

        List<Received> told = receiver.at("/drill-missed");
        assertThat(told)
                .extracting(sent -> sent.header("ce-type"))
                .containsExactly("dev.sluice.drill.due.v1", "dev.sluice.drill.missed.v1");
        String due = start.toInstant(ZoneOffset.UTC).toString();
        assertThat(data(told.get(0)).at("/due").asText()).isEqualTo(due);
        assertThat(receiver.at("/drill-done")).hasSize(1);
        JsonNode listed = get(other, "/v1/drill-schedules").json().at("/schedules");
        assertThat(listed.at("/0/last_missed").isNull()).as(listed.toString()).isTrue();
        assertThat(listed.at("/2/last_missed/due").asText()).isEqualTo(due);
        assertThat(delete("/v1/endpoints/drill-missed").status()).isEqualTo(409);
        assertThat(delete("/v1/drill-schedules/drill-missed").status()).isEqualTo(200);
        assertThat(delete("/v1/drill-schedules/drill-missed").status()).isEqualTo(404);
        await(() -> isForgotten("drill-missed"), () -> controls(Control.DRILL_REMINDER));
        assertThat(receiver.at("/drill-missed")).hasSize(2);
    }
}
