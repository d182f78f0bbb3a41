package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.FreePorts;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Controllers of rollouts by their own protocols, against a real log; how runs stand is written by the test. */
class ControllersIT {
    private static final String TOKEN = "slc_controller";
    private static final String READER = "slc_reader";
    private static final String OTHER = "slc_other";
    private static final String CONFIG = "{\"metrics\":[{\"name\":\"errors\",\"kind\":\"ratio\"}]}";
    private static final String NOTHING_YET = "nothing has been judged yet";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static GateApiConfig config;
    private static GateApi api;
    /** One that has read nothing: its Kafka is not there. */
    private static GateApi unread;

    private static KafkaProducer<String, byte[]> job;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: controller, sha256: %s, tenant: acme, scopes: [evaluate, read]}
                  - {id: reader, sha256: %s, tenant: acme, scopes: [read]}
                  - {id: other, sha256: %s, tenant: other, scopes: [evaluate, read]}
                """.formatted(
                        GateApiFixture.sha256(TOKEN), GateApiFixture.sha256(READER), GateApiFixture.sha256(OTHER)));
        GateApiFiles files = GateApiFiles.NONE.withTokens(tokens);
        config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                // what is made up here comes from one address
                .withRateLimits(new RateLimits.Settings(1_000, 5_000, 100_000))
                .withFiles(files);
        api = GateApi.start(config);
        unread = GateApi.start(
                GateApiConfig.of("127.0.0.1:" + FreePorts.pick()).withPort(0).withFiles(files));
        awaitReady(api);
        job = GateApiFixture.jobs(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        for (GateApi one : new GateApi[] {api, unread}) {
            if (one != null) {
                one.close();
            }
        }
        if (job != null) {
            job.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static Answer get(String path) {
        return get(api, TOKEN, path);
    }

    private static Answer get(GateApi from, String token, String path) {
        return GateApiFixture.send(GateApiFixture.request(from, path)
                .header("Authorization", "Bearer " + token)
                .GET());
    }

    private static Answer post(String path, String body) {
        return post(api, TOKEN, path, body);
    }

    private static Answer post(GateApi to, String token, String path, String body) {
        return GateApiFixture.post(to, path, "application/json", body, "Authorization", "Bearer " + token);
    }

    private static String hook(String name, String checksum, String phase) {
        return hook(name, checksum, phase, TOKEN, CONFIG);
    }

    private static String hook(String name, String checksum, String phase, String token, String config) {
        ObjectNode payload = Json.mapper().createObjectNode();
        payload.put("name", name).put("namespace", "test").put("phase", phase).put("checksum", checksum);
        payload.putObject("metadata")
                .put("token", token)
                .put("environment", "production")
                .put("config", config);
        return payload.toString();
    }

    /** Flagger sends no header with a token. */
    private static Answer flagger(String type, String body) {
        return flagger(api, type, body);
    }

    private static Answer flagger(GateApi to, String type, String body) {
        return GateApiFixture.post(to, "/v1/flagger/" + type, "application/json", body);
    }

    private static String body(Answer answer) {
        return new String(answer.response().body(), StandardCharsets.UTF_8);
    }

    private static String argo(String rollout, String revision, String stage) {
        return "{\"namespace\":\"shop\",\"rollout\":\"" + rollout + "\",\"revision\":\"" + revision
                + "\",\"stable\":\"6f9c\",\"canary\":\"7b8d\",\"environment\":\"production\",\"stage\":\"" + stage
                + "\",\"config\":" + CONFIG + "}";
    }

    private static CanaryStanding standing(String tenant, String id, String state, int stages, boolean ended)
            throws IOException {
        JsonNode verdict = Json.mapper().readTree("""
                {"state": "%s", "at": "2026-03-01T12:00:00Z", "reasons": ["because"], "log_e": 4.5,
                 "log_e_to_fail": 5, "log_e_to_pass": null, "seconds_to_pass": 12.5, "seconds_to_fail": null,
                 "metrics": [{"name": "errors", "kind": "ratio", "verdict": "%s", "direction": "increase",
                   "estimate": 2.25, "interval": [1.1, null], "tolerance": 0.1, "margin": 0.5, "log_e_fail": 4.5,
                   "log_e_pass": -2, "baseline": {"n": 100, "events": 1}, "canary": {"n": 10, "events": 3},
                   "resolution_floor": null, "reason": "more"}]}""".formatted(state, state));
        return new CanaryStanding(
                tenant,
                id,
                "sha256:0",
                ended,
                stages,
                Instant.now().plusSeconds(3600),
                12,
                0,
                List.of(),
                null,
                verdict,
                false);
    }

    /** The job says how a run stands, in all stages that were told, and this replica has read it. */
    private static void says(String id, String state) throws Exception {
        says(id, state, get("/v1/canaries/" + id).json().path("stages").size(), false);
    }

    private static void says(String id, String state, int stages, boolean ended) throws Exception {
        write(standing("acme", id, state, stages, ended));
        await(
                () -> get("/v1/canaries/" + id).at("/state").equals(state),
                () -> get("/v1/canaries/" + id).text());
    }

    private static void write(CanaryStanding standing) throws Exception {
        job.send(new ProducerRecord<>(Topic.VERDICTS.topicName(), standing.key(), Json.bytes(standing)))
                .get(10, TimeUnit.SECONDS);
    }

    private static List<Control> controls(String id) {
        return records(broker.bootstrapServers(), Topic.CONTROL).stream()
                .map(found -> Json.read(found.value(), Control.class))
                .filter(control -> control.id().equals(id))
                .toList();
    }

    private static String started(String name, String checksum) {
        Answer answer = flagger("pre-rollout", hook(name, checksum, "Progressing"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return body(answer).substring("canary run ".length());
    }

    @Test
    void aRolloutOfFlagger_fromTheFirstHookToTheLast() throws Exception {
        String of = hook("good", "1", "Progressing");
        assertThat(flagger("confirm-rollout", of).text()).isEqualTo("200 the canary can be judged");
        assertThat(flagger("rollout", of).text())
                .isEqualTo("412 there is no canary run of this revision: a hook of type pre-rollout starts it");

        String id = started("good", "1");
        assertThat(started("good", "1")).isEqualTo(id);
        assertThat(get("/v1/canaries/" + id).at("/environment")).isEqualTo("production");
        assertThat(flagger("confirm-traffic-increase", of).text()).isEqualTo("200 the first step");
        assertThat(flagger("confirm-traffic-increase", of).text())
                .isEqualTo("409 not proven good; Pending: " + NOTHING_YET);
        assertThat(flagger("rollout", of).text()).isEqualTo("200 Pending: " + NOTHING_YET);
        says(id, "Running");
        assertThat(flagger("rollout", of).text()).isEqualTo("200 Running: because");
        says(id, "Successful");
        assertThat(flagger("confirm-traffic-increase", of).text()).isEqualTo("200 Successful: because");
        assertThat(flagger("confirm-traffic-increase", of).status())
                .as("what was proven was proven of the traffic before")
                .isEqualTo(409);
        assertThat(flagger("confirm-promotion", of).status()).isEqualTo(409);
        says(id, "Successful");
        assertThat(flagger("confirm-promotion", of).text()).isEqualTo("200 Successful: because");
        assertThat(flagger("rollback", of).text()).isEqualTo("409 no reason to roll back; Successful: because");
        assertThat(flagger("post-rollout", of).status()).isEqualTo(400);
        assertThat(flagger("post-rollout", hook("good", "1", "Succeeded")).text())
                .isEqualTo("200 canary run " + id + " has ended");
        assertThat(flagger("post-rollout", hook("good", "1", "Succeeded")).status())
                .isEqualTo(200);
        assertThat(flagger("confirm-promotion", of).text()).isEqualTo("412 the canary run of this revision has ended");

        List<Control> controls = controls(id);
        CanaryRunDocument document = CanaryRunDocument.of(controls.get(controls.size() - 1));
        assertThat(controls)
                .hasSize(4)
                .allSatisfy(control -> assertThat(control.principal()).isEqualTo("controller"));
        assertThat(document.service()).isEqualTo("good");
        assertThat(document.canary()).isEqualTo("1");
        assertThat(document.stages()).hasSize(2);
        assertThat(document.isEnded()).isTrue();
        assertThat(document.json().toString()).doesNotContain(TOKEN);
    }

    @Test
    void aFailureRollsBack_andTheSameRevisionMayBeTriedAgain() throws Exception {
        String of = hook("bad", "1", "Progressing");
        String id = started("bad", "1");
        assertThat(flagger("rollback", of).text()).isEqualTo("409 no reason to roll back; Pending: " + NOTHING_YET);
        says(id, "Failed");

        assertThat(flagger("rollback", of).text()).isEqualTo("200 roll back: because");
        assertThat(flagger("rollout", of).text()).isEqualTo("403 Failed: because");
        assertThat(flagger("pre-rollout", of).text()).isEqualTo("403 Failed: because");
        assertThat(flagger("post-rollout", hook("bad", "1", "Failed")).status()).isEqualTo(200);
        assertThat(flagger("rollback", of).text())
                .as("it is asked before the new run is started")
                .isEqualTo("412 the canary run of this revision has ended");

        String again = started("bad", "1");
        assertThat(again).isNotEqualTo(id);
        assertThat(flagger("rollback", of).status()).isEqualTo(409);
    }

    @Test
    void aNewRevisionEndsTheRunOfTheOneBefore() throws Exception {
        String first = started("changed", "1");
        says(first, "Failed");
        String second = started("changed", "2");

        assertThat(get("/v1/canaries/" + first).json().path("ended_at").isNull())
                .isFalse();
        assertThat(flagger("rollback", hook("changed", "2", "Progressing")).status())
                .isEqualTo(409);
        assertThat(flagger("rollback", hook("changed", "1", "Progressing")).status())
                .isEqualTo(412);
        assertThat(started("changed", "1")).isNotIn(first, second);
    }

    @Test
    void anAnalysisThatBeginsAnewHasARunOfItsOwn() throws Exception {
        String of = hook("restarted", "1", "Progressing");
        String first = started("restarted", "1");
        assertThat(flagger("confirm-traffic-increase", of).status()).isEqualTo(200);

        String second = started("restarted", "1");

        assertThat(second).isNotEqualTo(first);
        assertThat(flagger("confirm-traffic-increase", of).text()).isEqualTo("200 the first step");
        assertThat(get("/v1/canaries/" + first).json().path("ended_at").isNull())
                .isFalse();
    }

    /** The last word of a run at its horizon is of the past. */
    @Test
    void aPassOfThePastIsNone() throws Exception {
        String id = started("late", "1");
        says(id, "Successful", 0, true);

        assertThat(flagger("confirm-promotion", hook("late", "1", "WaitingPromotion"))
                        .status())
                .isEqualTo(412);
        assertThat(get("/api/v1/query?query=sluice_canary_score%7Brun%3D%22" + id + "%22%7D")
                        .json()
                        .at("/data/result"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "confirm-rollout | {'metrics':[]} | 400 /config/metrics: ",
                "pre-rollout | {'metrics':[]} | 400 /config/metrics: ",
                "pre-rollout | {'metrics':[{'name':'a','kind':'rate'}]} | 400 /config/metrics/0/kind: ",
                "pre-rollout | { | 400 /metadata/config: not JSON",
            })
    void aConfigThatIsWrongIsANo_withWhatIsWrong(String type, String config, String text) {
        Answer answer = flagger(type, hook("wrong", "1", "Progressing", TOKEN, config.replace('\'', '"')));

        assertThat(answer.text()).startsWith(text);
    }

    @Test
    void anotherConfigOfTheSameRevisionIsANo() {
        started("twice", "1");

        assertThat(flagger("pre-rollout", hook("twice", "1", "Progressing", TOKEN, CONFIG.replace("errors", "5xx")))
                        .text())
                .isEqualTo("409 there is another canary run of this id");
    }

    @Test
    void eventsAreTaken_andNotUsed() {
        assertThat(flagger("event", hook("events", "1", "Initialized")).text()).isEqualTo("200 events are not used");
    }

    /** What the job said last is not what it would say now: it has fallen silent. */
    @Test
    void aPassThatWasNotSaidAgainIsNone() throws Exception {
        String of = hook("silent", "1", "Progressing");
        String id = started("silent", "1");
        CanaryStanding said = standing("acme", id, "Successful", 0, false);
        var silent = new CanaryStanding(
                said.tenant(),
                said.run(),
                said.configDigest(),
                false,
                0,
                Instant.now().minusSeconds(1),
                12,
                0,
                List.of(),
                null,
                said.verdict(),
                false);
        write(silent);
        await(
                () -> get("/v1/canaries/" + id).at("/state").equals("Inconclusive"),
                () -> get("/v1/canaries/" + id).text());

        assertThat(flagger("confirm-promotion", of).status()).isEqualTo(409);
        assertThat(flagger("rollout", of).text()).startsWith("409 not judged; Inconclusive: nothing was judged since");
        assertThat(flagger("rollback", of).status()).isEqualTo(409);
        assertThat(get("/v1/argo-rollouts/verdict?run=" + id).at("/verdict")).isEqualTo("Inconclusive");
        assertThat(get("/v1/spinnaker/canaries/" + id).at("/status")).isEqualTo("RUNNING");
        assertThat(get(query("sluice_canary_score{run=\"" + id + "\"}")).json().at("/data/result"))
                .isEmpty();
    }

    @Test
    void whatTheLogDoesNotTakeIsANo_andAskedAgainItIsDoneOnce() throws Exception {
        api.viewReader().pause();
        try {
            assertThat(flagger("pre-rollout", hook("lost", "1", "Progressing")).status())
                    .isEqualTo(412);
        } finally {
            api.viewReader().resume();
        }
        await(
                () -> flagger("pre-rollout", hook("lost", "1", "Progressing")).status() == 200,
                () -> flagger("pre-rollout", hook("lost", "1", "Progressing")).text());
        assertThat(controls(started("lost", "1"))).hasSize(1);
    }

    /** A replica that lags would take the proof of the traffic before for one of the traffic of now. */
    @Test
    void aStepIsAnsweredOnce_whicheverReplicaIsAsked() throws Exception {
        String of = hook("replicated", "1", "Progressing");
        started("replicated", "1");
        try (GateApi second = GateApi.start(config)) {
            awaitReady(second);
            second.viewReader().pause();
            try {
                assertThat(flagger("confirm-traffic-increase", of).text()).isEqualTo("200 the first step");
                assertThat(flagger(second, "confirm-traffic-increase", of).status())
                        .isEqualTo(412);
            } finally {
                second.viewReader().resume();
            }
            await(
                    () -> flagger(second, "confirm-traffic-increase", of).status() == 409,
                    () -> flagger(second, "confirm-traffic-increase", of).text());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "confirm-rollout",
                "pre-rollout",
                "rollout",
                "confirm-traffic-increase",
                "confirm-promotion",
                "post-rollout",
                "rollback"
            })
    void whatIsNotKnownIsANo_andNever5xx(String type) {
        Answer answer = flagger(unread, type, hook("podinfo", "1", "Succeeded"));

        assertThat(answer.text()).isEqualTo("412 the canary runs have not been read from the log yet");
        assertThat(answer.header("Content-Type")).isEqualToIgnoringWhitespace("text/plain;charset=utf-8");
    }

    @Test
    void theTokenStandsInTheMetadata_orInAHeader_andNowhereElse() throws Exception {
        String id = started("guarded", "1");
        says(id, "Failed");
        String good = hook("guarded", "1", "Progressing");
        String none = good.replace("\"token\":\"" + TOKEN + "\",", "");

        assertThat(flagger("rollback", good).status()).isEqualTo(200);
        assertThat(post("/v1/flagger/rollback", none).status()).isEqualTo(200);
        assertThat(flagger("rollback", none).text())
                .isEqualTo("401 a header Authorization: Bearer with a token is required");
        assertThat(flagger("rollback?token=" + TOKEN, none).status()).isEqualTo(401);
        assertThat(flagger("rollback", good.replace(TOKEN, "slc_nobody")).text())
                .isEqualTo("401 the token is not valid");
        assertThat(flagger("rollback", good.replace(TOKEN, READER)).text())
                .isEqualTo("403 the token lacks the scope evaluate");
        assertThat(flagger("rollback", good.replace(TOKEN, OTHER)).status())
                .as("another tenant has no such run")
                .isEqualTo(412);
        assertThat(post(api, READER, "/v1/flagger/rollback", good).status())
                .as("a header goes first")
                .isEqualTo(403);
        assertThat(get(api, TOKEN, "/v1/flagger/rollback").status()).isEqualTo(405);
        assertThat(flagger("ROLLBACK", good).text()).isEqualTo("404 Flagger has no hook of this type");
        assertThat(get("/v1/canaries?token=" + TOKEN).status()).isEqualTo(200);
        assertThat(GateApiFixture.get(api, "/v1/canaries").status()).isEqualTo(401);
    }

    /** Flagger rolls back on whatever is a yes: only one body is. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void whateverElseIsSent_nothingIsRolledBack(long seed) throws Exception {
        String name = "fuzzed-" + seed;
        String id = started(name, "85d557f47b");
        says(id, "Failed");
        started(name + "-good", "85d557f47b");
        String good = hook(name, "85d557f47b", "Progressing");
        JsonNode expected = Json.mapper().readTree(good);
        var random = new Random(seed);

        for (int i = 0; i < 250; i++) {
            String body = mutated(random, good, name);
            if (saysTheSame(body, expected)) {
                continue;
            }
            String path = random.nextInt(8) == 0 ? "rollback?phase=Failed" : "rollback";
            String type = random.nextInt(8) == 0 ? "text/plain" : "application/json";

            Answer answer = GateApiFixture.post(api, "/v1/flagger/" + path, type, body);

            assertThat(answer.status())
                    .as("seed %d, %d: %s %s answered %s", seed, i, type, body, answer.text())
                    .isBetween(400, 499)
                    .isNotEqualTo(429);
        }
        assertThat(flagger("rollback", good).status()).as("seed %d", seed).isEqualTo(200);
    }

    private static boolean saysTheSame(String body, JsonNode expected) {
        try {
            JsonNode given = Json.mapper().readTree(body);
            return given != null
                    && List.of("/name", "/namespace", "/checksum", "/metadata/token").stream()
                            .allMatch(pointer -> given.at(pointer).equals(expected.at(pointer)));
        } catch (IOException e) {
            return false;
        }
    }

    private static String mutated(Random random, String good, String name) throws IOException {
        ObjectNode body = (ObjectNode) Json.mapper().readTree(good);
        List<String> fields = List.of("name", "namespace", "checksum", "phase", "metadata");
        String field = fields.get(random.nextInt(fields.size()));
        switch (random.nextInt(8)) {
            case 0 -> body.remove(field);
            case 1 -> body.putNull(field);
            case 2 -> body.put(field, random.nextInt());
            case 3 -> body.put("name", name + "-good");
            case 4 -> body.put(field, body.path(field).asText() + (char) (' ' + random.nextInt(90)));
            case 5 ->
                ((ObjectNode) body.path("metadata")).put("token", TOKEN.substring(random.nextInt(TOKEN.length())));
            case 6 -> body.put("checksum", Integer.toHexString(random.nextInt()));
            default -> {
                char[] text = good.toCharArray();
                for (int i = 0; i <= random.nextInt(3); i++) {
                    text[random.nextInt(text.length)] = (char) (' ' + random.nextInt(95));
                }
                return new String(text, 0, random.nextBoolean() ? text.length : random.nextInt(text.length));
            }
        }
        return body.toString();
    }

    private static String guide(String name) throws IOException {
        return Files.readString(Path.of(System.getProperty("sluice.root"), "docs", "guides", name));
    }

    /** Returns the bodies that a guide sends by curl, in order. */
    private static List<String> sent(String guide) {
        return Pattern.compile("-d '(\\{.*?})'\n", Pattern.DOTALL)
                .matcher(guide)
                .results()
                .map(body -> body.group(1).strip())
                .toList();
    }

    @Test
    void whatTheGuideToArgoTriesByHandIsAnsweredSo() throws Exception {
        String guide = guide("argo-rollouts.md");
        List<String> sent = sent(guide);
        String answer = guide.substring(guide.indexOf("```json\n", guide.indexOf("## Try it by hand")) + 8);

        JsonNode expected = Json.mapper().readTree(answer.substring(0, answer.indexOf("```")));

        assertThat(sent).hasSize(2);
        assertThat(post("/v1/argo-rollouts/verdict", sent.get(0)).json()).isEqualTo(expected);
        assertThat(post("/v1/argo-rollouts/end", sent.get(1)).at("/run"))
                .isEqualTo(expected.path("run").asText());
        assertThat(get("/v1/canaries/" + expected.path("run").asText())
                        .json()
                        .path("ended_at")
                        .isNull())
                .isFalse();
    }

    @Test
    void whatTheGuideToFlaggerTriesByHandIsAnsweredSo() throws Exception {
        String guide = guide("flagger.md");
        List<String> sent = sent(guide);
        List<MatchResult> tried = Pattern.compile("^\\$ hook (\\S+)\n(.+) (\\d{3})$", Pattern.MULTILINE)
                .matcher(guide)
                .results()
                .toList();

        assertThat(sent).hasSize(1);
        assertThat(tried).extracting(hook -> hook.group(1)).containsExactly("pre-rollout", "rollout", "rollback");
        for (MatchResult hook : tried) {
            assertThat(flagger(hook.group(1), sent.get(0).replace("slc_replace_me", TOKEN))
                            .text())
                    .isEqualTo(hook.group(3) + " " + hook.group(2));
        }
        assertThat(guide)
                .contains("canary end " + tried.get(0).group(2).substring("canary run ".length()) + "` ends it");
    }

    @Test
    void aRolloutOfArgo_fromTheFirstMeasurementToTheLast() throws Exception {
        Answer first = post("/v1/argo-rollouts/verdict", argo("checkout", "12", "1"));
        String id = first.at("/run");
        assertThat(first.json())
                .isEqualTo(Json.mapper()
                        .readTree("{\"verdict\":\"Running\",\"reason\":\"" + NOTHING_YET + "\",\"run\":\"" + id
                                + "\",\"link\":\"/v1/canaries/" + id + "\"}"));
        assertThat(post("/v1/argo-rollouts/verdict", argo("checkout", "12", "1"))
                        .json())
                .isEqualTo(first.json());
        says(id, "Successful");
        Answer passed = post("/v1/argo-rollouts/verdict", argo("checkout", "12", "1"));
        assertThat(passed.at("/verdict")).isEqualTo("Successful");
        assertThat(passed.at("/decided")).isEqualTo("Successful");
        assertThat(passed.at("/reason")).isEqualTo("because");

        Answer next = post("/v1/argo-rollouts/verdict", argo("checkout", "12", "3"));
        assertThat(next.at("/verdict")).as("the stage was not judged yet").isEqualTo("Running");
        assertThat(next.json().has("decided")).isFalse();
        assertThat(get("/v1/canaries/" + id).json().path("stages")).hasSize(2);
        says(id, "Failed");
        assertThat(post("/v1/argo-rollouts/verdict", argo("checkout", "12", "3"))
                        .at("/verdict"))
                .isEqualTo("Failed");
        assertThat(controls(id)).as("polls write nothing").hasSize(2);

        Answer nextRevision = post("/v1/argo-rollouts/verdict", argo("checkout", "13", "1"));
        assertThat(nextRevision.at("/run")).isNotEqualTo(id);
        assertThat(nextRevision.at("/verdict")).isEqualTo("Running");
    }

    @Test
    void aRolloutOfArgoThatWasAborted_mayBeTriedAgain() throws Exception {
        String start = argo("retried", "4", "1");
        String id = post("/v1/argo-rollouts/verdict", start).at("/run");
        says(id, "Failed");
        String end = "{\"namespace\":\"shop\",\"rollout\":\"retried\",\"revision\":\"4\",\"canary\":\"7b8d\"}";

        assertThat(post("/v1/argo-rollouts/end", end).at("/run")).isEqualTo(id);
        assertThat(post("/v1/argo-rollouts/end", end).at("/run")).isEqualTo(id);
        Answer underWay = post("/v1/argo-rollouts/verdict", argo("retried", "4", "2"));
        Answer again = post("/v1/argo-rollouts/verdict", start);

        assertThat(underWay.at("/verdict")).isEqualTo("Error");
        assertThat(again.at("/run")).isNotEqualTo(id);
        assertThat(again.at("/verdict")).isEqualTo("Running");
        assertThat(post("/v1/argo-rollouts/end", end.replace("retried", "nosuch"))
                        .at("/reason"))
                .isEqualTo("there is no canary run of this rollout");
    }

    @Test
    void argoFindsARunThatOthersHaveStarted() throws Exception {
        post(
                "/v1/canaries",
                "{\"id\":\"by-pipeline\",\"service\":\"cart\",\"environment\":\"production\",\"baseline\":\"1\",\"canary\":\"2\",\"config\":"
                        + CONFIG + "}");
        says("by-pipeline", "Successful");
        String versions = "/v1/argo-rollouts/verdict?service=cart&environment=production&canary=2";

        assertThat(get("/v1/argo-rollouts/verdict?run=by-pipeline").at("/verdict"))
                .isEqualTo("Successful");
        assertThat(get(versions).at("/verdict")).isEqualTo("Successful");
        assertThat(get(versions + "&baseline=1").at("/run")).isEqualTo("by-pipeline");
        assertThat(get(versions + "&baseline=0").at("/verdict")).isEqualTo("Error");
        assertThat(get(versions.replace("production", "staging")).at("/verdict"))
                .isEqualTo("Error");
        assertThat(get(api, OTHER, versions).at("/verdict")).isEqualTo("Error");
        post("/v1/canaries/by-pipeline/end", "{}");
        says("by-pipeline", "Successful", 0, true);
        assertThat(get(versions).at("/verdict"))
                .as("a pass of an earlier rollout is none of this one")
                .isEqualTo("Error");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/argo-rollouts/verdict?run=nosuch | there is no canary run nosuch",
                "/v1/argo-rollouts/verdict | query parameter service is missing",
                "/v1/argo-rollouts/verdict?service=a&canary=2 | query parameter environment is missing",
                "/v1/argo-rollouts/verdict?service=a&environment=b&canary=2 | there is no canary run of these versions",
            })
    void whatIsUnknownIsAnErrorWithAReason_andStatus200(String path, String reason) {
        Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.at("/verdict")).isEqualTo("Error");
        assertThat(answer.at("/reason")).isEqualTo(reason);
    }

    @Test
    void argoIsToldWhatIsWrong_withStatus200() {
        for (String body :
                List.of("", "{", "[]", "{}", argo("a", "1", "0"), argo("a", "1", "101"), argo("a", "", "1"))) {
            Answer answer = post("/v1/argo-rollouts/verdict", body);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.at("/verdict")).isEqualTo("Error");
            assertThat(answer.at("/reason")).isNotBlank();
        }
        Answer config = post("/v1/argo-rollouts/verdict", argo("a", "1", "1").replace("ratio", "rate"));
        assertThat(config.at("/reason")).startsWith("/config/metrics/0/kind: ");
        assertThat(post(unread, TOKEN, "/v1/argo-rollouts/verdict", argo("a", "1", "1"))
                        .at("/verdict"))
                .isEqualTo("Error");
        assertThat(get(unread, TOKEN, "/v1/argo-rollouts/verdict?run=a").at("/reason"))
                .isEqualTo("the canary runs have not been read from the log yet");
        assertThat(post(api, READER, "/v1/argo-rollouts/verdict", argo("a", "1", "1"))
                        .status())
                .isEqualTo(403);
        assertThat(get(api, "slc_nobody", "/v1/argo-rollouts/verdict?run=a").status())
                .isEqualTo(401);
    }

    @Test
    void aStageOfSpinnaker_fromItsStartToItsEnd() throws Exception {
        String path = "/v1/spinnaker/canaries/01jmk4z7q8w9x2y3v4t5r6s7p8";
        String start = "{\"service\":\"checkout\",\"environment\":\"production\",\"config\":" + CONFIG + "}";
        assertThat(get(path).at("/status")).isEqualTo("RUNNING");
        assertThat(get(path).at("/progress")).isEqualTo("there is no such canary run, or not yet");

        Answer first = post(path, start);

        assertThat(first.json())
                .isEqualTo(
                        Json.mapper()
                                .readTree(
                                        "{\"status\":\"RUNNING\",\"progress\":\"Pending: " + NOTHING_YET
                                                + "\",\"state\":\"Pending\",\"run\":\"01jmk4z7q8w9x2y3v4t5r6s7p8\",\"link\":\"/v1/canaries/01jmk4z7q8w9x2y3v4t5r6s7p8\"}"));
        assertThat(post(path, start).json()).isEqualTo(first.json());
        assertThat(get(path).json()).isEqualTo(first.json());
        assertThat(post(path, start.replace("checkout", "cart")).status()).isEqualTo(409);
        assertThat(post(path + "-X", start).status()).isEqualTo(400);
        assertThat(post(path, start.replace("{\"service", "{\"id\":\"a\",\"service"))
                        .status())
                .isEqualTo(400);
        says("01jmk4z7q8w9x2y3v4t5r6s7p8", "Inconclusive");
        assertThat(get(path).at("/status")).isEqualTo("RUNNING");
        says("01jmk4z7q8w9x2y3v4t5r6s7p8", "Successful");
        assertThat(get(path).at("/status")).isEqualTo("SUCCEEDED");
        says("01jmk4z7q8w9x2y3v4t5r6s7p8", "Failed");
        assertThat(get(path).at("/status")).isEqualTo("TERMINAL");
        assertThat(get(api, OTHER, path).at("/status")).isEqualTo("RUNNING");
        assertThat(get(unread, TOKEN, path).status()).isEqualTo(503);
    }

    private static String query(String text) {
        return "/api/v1/query?query=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void prometheusIsThere_andHasNumbersOfRuns() throws Exception {
        assertThat(get(query("vector(1)")).at("/data/result/0/value/1")).isEqualTo("1");
        assertThat(get(unread, TOKEN, query("vector(1)")).at("/data/result/0/value/1"))
                .isEqualTo("1");
        String id = started("numbers", "1");
        String score = query("sluice_canary_score{namespace=\"test\",name=\"numbers\"}");
        assertThat(get(score).json().at("/data/result"))
                .as("nothing was said of it yet")
                .isEmpty();

        says(id, "Running");

        Answer running = get(score);
        assertThat(running.at("/status")).isEqualTo("success");
        assertThat(running.at("/data/resultType")).isEqualTo("vector");
        assertThat(running.at("/data/result/0/value/1")).isEqualTo("0.5");
        assertThat(running.at("/data/result/0/metric/name")).isEqualTo("numbers");
        assertThat(get(query("sluice_canary_log_e{run=\"" + id + "\"}")).at("/data/result/0/value/1"))
                .isEqualTo("4.5");
        assertThat(get(query("sluice_canary_estimate{run=\"" + id + "\",metric=\"errors\"}"))
                        .at("/data/result/0/value/1"))
                .isEqualTo("2.25");
        Answer byForm = GateApiFixture.post(
                api,
                "/api/v1/query",
                "application/x-www-form-urlencoded",
                "time=1&query=" + URLEncoder.encode("sluice_canary_score{run=\"" + id + "\"}", StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TOKEN);
        assertThat(byForm.at("/data/result/0/value/1")).isEqualTo("0.5");
        says(id, "Failed");
        assertThat(get(score).at("/data/result/0/value/1")).isEqualTo("0");
        assertThat(get(api, OTHER, score).json().at("/data/result")).isEmpty();
        assertThat(get(query("sluice_canary_score{run=\"nosuch\"}")).json().at("/data/result"))
                .isEmpty();
    }

    @Test
    void whatPrometheusCannotAnswerIsAnErrorOfIts() {
        Answer wrong = get(query("up"));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.at("/status")).isEqualTo("error");
        assertThat(wrong.at("/errorType")).isEqualTo("bad_data");
        assertThat(wrong.at("/error")).startsWith("the query must be vector(1)");
        assertThat(get("/api/v1/query").at("/error")).isEqualTo("query parameter query is missing");
        Answer away = get(unread, TOKEN, query("sluice_canary_score{run=\"a\"}"));
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.at("/errorType")).isEqualTo("unavailable");
        for (String form : List.of("", "query=", "query=a&query=b", "query=%zz")) {
            assertThat(GateApiFixture.post(
                                    api,
                                    "/api/v1/query",
                                    "application/x-www-form-urlencoded",
                                    form,
                                    "Authorization",
                                    "Bearer " + TOKEN)
                            .status())
                    .as(form)
                    .isEqualTo(400);
        }
        assertThat(post("/api/v1/query", "{}").status()).isEqualTo(415);
    }
}
