package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.evaluate;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.post;
import static dev.sluice.gateapi.GateApiFixture.progress;
import static dev.sluice.gateapi.GateApiFixture.put;
import static dev.sluice.gateapi.GateApiFixture.records;
import static dev.sluice.gateapi.GateApiFixture.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decisions after they were made: used up once whichever replica is asked, signed, and chained. */
class DecisionsIT {
    private static final int RACES = 100;
    private static final ExecutorService OTHERS = Executors.newFixedThreadPool(16);

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static KafkaProducer<String, byte[]> jobs;
    private static GateApiConfig config;
    private static GateApi first;
    private static GateApi second;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        SigningKeys.create(directory.resolve("keys/1.jwk.json"));
        config = GateApiConfig.of(broker.bootstrapServers())
                .withPort(0)
                .withFiles(GateApiFiles.NONE
                        .withPolicies(policies("policies", "0.8"))
                        .withSigningKeys(directory.resolve("keys")));
        first = GateApi.start(config);
        second = GateApi.start(config);
        awaitReady(first);
        awaitReady(second);
        jobs = GateApiFixture.jobs(broker.bootstrapServers());
        put(jobs, row("good", 19, 20), 1);
        put(jobs, row("bad", 10, 20), 1);
        progress(jobs, Instant.now());
        for (GateApi api : List.of(first, second)) {
            await(
                    () -> evaluate(api, "good").at("/decision").equals("allow"),
                    () -> evaluate(api, "good").text());
        }
    }

    private static Path policies(String name, String threshold) throws Exception {
        Path policies = Files.createDirectory(directory.resolve(name));
        Files.writeString(policies.resolve("gate.yaml"), """
                name: gate
                version: "1"
                gates: [production]
                expires_after: 10m
                stale_after: 10m
                rules:
                  - {id: success, mode: enforce, metric: deployment_success_rate, window: 30d, operator: ">=",
                     threshold: %s, minimum_n: 5, when_missing: deny}
                """.formatted(threshold));
        return policies;
    }

    @AfterAll
    static void stop() {
        OTHERS.shutdownNow();
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
        if (jobs != null) {
            jobs.close(Duration.ZERO);
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static String decide(GateApi api, String service, String artifact) {
        Answer answer = post(
                api,
                "/v1/gates/production/evaluate",
                "application/json",
                "{\"service\":\"%s\",\"environment\":\"production\",\"artifact\":%s}".formatted(service, artifact));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.at("/id");
    }

    private static Answer consume(GateApi api, String id, String body) {
        return post(api, "/v1/decisions/" + id + "/consume", "application/json", body);
    }

    @Test
    void ofAllWhoConsumeADecisionAtOnceOneGetsIt() throws Exception {
        race(RACES);
    }

    @Test
    @Tag("soak")
    void ofAllWhoConsumeADecisionAtOnceOneGetsIt_aThousandTimes() throws Exception {
        race(1_000);
    }

    private static void race(int decisions) throws Exception {
        ExecutorService racers = Executors.newFixedThreadPool(16);
        try {
            List<Callable<List<Integer>>> races = new ArrayList<>();
            for (int i = 0; i < decisions; i++) {
                races.add(() -> {
                    String id = decide(first, "good", "{\"version\":\"1\"}");
                    Callable<Integer> one = () -> consume(first, id, "{\"artifact\":{\"version\":\"1\"}}")
                            .status();
                    Callable<Integer> other = () -> consume(second, id, "{\"artifact\":{\"version\":\"1\"}}")
                            .status();
                    Future<Integer> theirs = OTHERS.submit(other);
                    return List.of(one.call(), theirs.get());
                });
            }
            List<List<Integer>> statuses = new ArrayList<>();
            for (Future<List<Integer>> race : racers.invokeAll(races)) {
                statuses.add(race.get());
            }

            assertThat(statuses)
                    .hasSize(decisions)
                    .allSatisfy(both -> assertThat(both).containsExactlyInAnyOrder(200, 409));
        } finally {
            racers.shutdownNow();
        }
    }

    @Test
    void theSameConsumerMayAskAgain_anotherMayNot() {
        String id = decide(first, "good", "{\"version\":\"1\"}");
        String run = "{\"artifact\":{\"version\":\"1\"},\"consumer\":\"run-1\"}";

        Answer answer = consume(first, id, run);
        Answer again = consume(second, id, run);
        Answer other = consume(second, id, run.replace("run-1", "run-2"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(answer.json());
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.at("/detail")).contains("was consumed at " + answer.at("/consumed_at"));
    }

    @Test
    void aDecisionIsConsumedForItsArtifactOnly_andWhileItAllows() {
        String digest = decide(first, "good", "{\"digest\":\"sha256:a\",\"version\":\"1\"}");

        for (String body : List.of(
                "{}",
                "{\"artifact\":{\"digest\":\"sha256:b\"}}",
                "{\"artifact\":{\"version\":\"1\"}}",
                "{\"artifact\":{\"digest\":\"sha256:a\",\"version\":\"2\"}}",
                "{\"artifact\":{\"digest\":\"sha256:a\",\"commit\":\"abc\"}}")) {
            assertThat(consume(first, digest, body).status()).as(body).isEqualTo(409);
        }
        assertThat(consume(first, digest, "{\"artifact\":{\"digest\":\"sha256:a\"}}")
                        .status())
                .isEqualTo(200);
        String denied = decide(first, "bad", "{\"version\":\"1\"}");
        assertThat(consume(first, denied, "{\"artifact\":{\"version\":\"1\"}}").at("/detail"))
                .contains("the decision is deny");
        assertThat(consume(first, "019ca948-1c00-7a3b-9c5d-2e4f6a8b0c1d", "{}").status())
                .isEqualTo(404);
        assertThat(consume(first, digest, "{\"allowed\":true,\"artifact\":{\"tag\":\"x\"}}")
                        .text())
                .contains("400", "/allowed", "/artifact/tag");
    }

    @Test
    void aDecisionIsNotConsumedUnderAnotherPolicy_norAfterItHasExpired() throws Exception {
        String id = decide(first, "good", "{\"version\":\"1\"}");
        var changed = config.withFiles(config.files().withPolicies(policies("changed", "0.7")));
        try (GateApi third = GateApi.start(changed);
                GateApi late = GateApi.start(config, Clock.offset(Clock.systemUTC(), Duration.ofMinutes(11)))) {
            awaitReady(third);
            awaitReady(late);

            assertThat(consume(third, id, "{\"artifact\":{\"version\":\"1\"}}").at("/detail"))
                    .contains("policies of the gate have changed");
            assertThat(consume(late, id, "{\"artifact\":{\"version\":\"1\"}}").at("/detail"))
                    .contains("has expired");
        }
    }

    private static String verified(String jws, String type) throws Exception {
        var keys = new JsonWebKeySet(
                new String(get(second, "/.well-known/jwks.json").response().body(), StandardCharsets.UTF_8));
        var signature = new JsonWebSignature();
        signature.setAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA));
        signature.setCompactSerialization(jws);
        signature.setKey(keys.findJsonWebKey(signature.getKeyIdHeaderValue(), null, null, null)
                .getKey());
        assertThat(signature.verifySignature()).isTrue();
        assertThat(signature.getHeader("typ")).isEqualTo(type);
        return signature.getPayload();
    }

    @Test
    void aSignedDecisionIsVerifiedWithoutSluice() throws Exception {
        String id = decide(first, "good", "{\"digest\":\"sha256:a\"}");

        Answer answer = get(second, "/v1/decisions/" + id + "/jws");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        String jws = new String(answer.response().body(), StandardCharsets.UTF_8);
        JsonNode claims = Json.mapper().readTree(verified(jws, "sluice-decision+jwt"));
        assertThat(claims.path("jti").asText()).isEqualTo(id);
        assertThat(claims.path("allowed").booleanValue()).isTrue();
        assertThat(claims.at("/artifact/digest").asText()).isEqualTo("sha256:a");
        JsonNode keys = get(first, "/.well-known/jwks.json").json();
        assertThat(keys.at("/keys/0").has("d")).isFalse();
        JwtClaims read = new JwtConsumerBuilder()
                .setRequireExpirationTime()
                .setExpectedIssuer("sluice")
                .setJwsAlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA)
                .setVerificationKey(new JsonWebKeySet(keys.toString())
                        .getJsonWebKeys()
                        .get(0)
                        .getKey())
                .build()
                .processToClaims(jws);
        assertThat(read.getExpirationTime().getValue())
                .isEqualTo(Instant.parse(get(first, "/v1/decisions/" + id).at("/expires_at"))
                        .getEpochSecond());
        String forged = jws.substring(0, jws.lastIndexOf('.') + 1) + "AAAA";
        assertThatThrownBy(() -> verified(forged, "sluice-decision+jwt")).isInstanceOf(AssertionError.class);
    }

    private static AuditChain chainOfTheLog() {
        AuditChain chain = AuditChain.START;
        for (var record : records(broker.bootstrapServers(), Topic.DECISIONS)) {
            if (record.key().equals(Keys.of("default"))) {
                chain = chain.with(record.value());
            }
        }
        return chain;
    }

    /** A minute later by its clock a replica signs what it has read; the one that is started after it goes on from there. */
    @Test
    void eachReplicaComesToTheSameChain_alsoAfterARestart() throws Exception {
        decide(first, "good", "{\"version\":\"1\"}");
        var clock = new LateClock();
        Path export = Files.createDirectory(directory.resolve("export"));
        GateApiConfig exporting = config.withFiles(config.files().withAuditExport(export));
        for (int round = 1; round <= 2; round++) {
            try (GateApi third = GateApi.start(exporting, clock)) {
                awaitReady(third);
                decide(first, "bad", "{\"version\":\"" + round + "\"}");
                AuditChain expected = chainOfTheLog();

                await(
                        () -> {
                            clock.anotherMinute();
                            return get(second, "/v1/audit/head").at("/seq").equals(Long.toString(expected.seq()));
                        },
                        () -> expected + " " + get(second, "/v1/audit/head").text());
                JsonNode head = get(second, "/v1/audit/head").json();
                assertThat(head.path("hash").asText()).isEqualTo(expected.hash());
                JsonNode signed =
                        Json.mapper().readTree(verified(head.path("jws").asText(), "sluice-audit-head+jws"));
                assertThat(signed.path("hash").asText()).isEqualTo(expected.hash());
                await(
                        () -> {
                            clock.anotherMinute();
                            return exported(export).stream()
                                    .anyMatch(line -> line.path("hash").asText().equals(expected.hash()));
                        },
                        () -> exported(export));
            }
        }
        List<JsonNode> lines = exported(export).stream()
                .filter(line ->
                        line.has("record") && line.path("tenant").asText().equals("default"))
                .toList();
        AuditChain chain = AuditChain.START;
        for (JsonNode line : lines) {
            chain = chain.with(line.path("record"));
            assertThat(line.path("seq").longValue()).isEqualTo(chain.seq());
            assertThat(line.path("hash").asText()).isEqualTo(chain.hash());
        }
        assertThat(exported(export).stream().filter(line -> line.has("head"))).isNotEmpty();
    }

    private static List<JsonNode> exported(Path export) throws Exception {
        var lines = new ArrayList<JsonNode>();
        for (int partition = 0; partition < 2; partition++) {
            Path file = export.resolve("audit-" + partition + ".jsonl");
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    lines.add(Json.mapper().readTree(line));
                }
            }
        }
        return lines;
    }

    /** The time, and more. */
    private static final class LateClock extends Clock {
        private volatile Duration late = Duration.ZERO;

        void anotherMinute() {
            late = late.plus(Duration.ofSeconds(61));
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(late);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
