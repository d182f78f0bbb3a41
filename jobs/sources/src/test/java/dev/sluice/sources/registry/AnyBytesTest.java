package dev.sluice.sources.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.corrections.CorrectionEvent;
import dev.sluice.sources.webhook.WebhookContract;
import dev.sluice.sources.webhook.WebhookRequest;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the bytes are, there is an outcome that every later stage can write down. */
class AnyBytesTest {
    private static final int ROUNDS = 4_000;
    private static final List<String> EVENTS = List.of(
            "push",
            "deployment",
            "deployment_status",
            "ping",
            "workflow_run",
            "pull_request",
            "pull_request_review",
            "issues");
    private static final List<String> LATE = List.of("alertmanager", "argocd", "json", "pagerduty", "terraform");
    private static final Map<String, String> RUN =
            Map.of("service", "checkout", "environment", "production", "run", "77");
    private static final List<Delivery> SEEDS = new ArrayList<>();
    private static final Sources SOURCES = Sources.of(Map.of(
            "acme-github",
            new ConnectionMapping(
                    Map.of(),
                    Set.of(),
                    List.of(
                            new DeployWorkflow("acme/checkout", "Deploy", "production", null),
                            new DeployWorkflow("*", "test", "production", "octo"))),
            "acme-gitlab",
            new ConnectionMapping(
                    Map.of(), Set.of(), List.of(new DeployWorkflow("*", "deploy-eu", "production/eu", null))),
            "acme-json",
            declared("""
                    {"document": "deployment", "items": "/list", "times": "epoch_millis",
                     "fields": {"id": "/id", "service": "/service", "environment": "production", "state": "/state",
                                "time": "/at", "started_at": "/began", "version": "/version", "sha": "/sha"},
                     "states": {"ok": "success", "broken": "failure"}}"""),
            "incidents",
            declared("""
                    {"document": "incident", "fields": {"id": "/id", "service": "/service", "state": "/state",
                     "time": "/at", "severity": "/severity", "title": "/title", "merged_into": "/into"}}"""),
            "changes",
            declared("""
                    {"document": "change", "fields": {"repository": "/repository", "sha": "/sha",
                     "authored_at": "/at", "parents": "/parents"}}"""),
            "checks",
            declared("""
                    {"document": "drift", "times": "epoch_seconds", "states": {"true": "drifted", "false": "clean"},
                     "fields": {"id": "/id", "service": "/service", "environment": "/environment", "resource": "/stack",
                                "state": "/differs", "time": "/at", "interval_seconds": "/interval"}}""")));
    /** By the connection that declares what they are. */
    private static final Map<String, String> JSON =
            Map.of("acme-json", """
            {"list": [{"id": 7, "service": "checkout", "state": "ok", "at": 1772366400000, "sha": "6dcb09b"},
                      {"id": "8", "service": "cart", "state": "broken", "at": "1772366400000", "began": 1772366400000}]}""", "incidents", """
            {"id": "OPS-9", "service": "checkout", "state": "merged", "at": "2026-03-01T12:00:00Z", "into": "OPS-8",
             "severity": 1, "title": "slow"}""", "changes", """
            {"repository": "acme/checkout", "sha": "6dcb09b", "at": "2026-03-01T12:00:00Z", "parents": ["553c207"]}""", "checks", """
            {"id": 1, "service": "checkout", "environment": "production", "stack": "network", "differs": true,
             "at": 1772366400, "interval": 60}""");

    private enum Kind {
        EVENTS,
        IGNORED,
        MALFORMED
    }

    private static ConnectionMapping declared(String options) {
        return ConnectionMapping.DEFAULT.withOptions(Documents.read(options).node());
    }

    @BeforeAll
    static void collectPayloads() throws IOException {
        Path resources = Path.of(System.getProperty("sluice.root"), "jobs/sources/src/test/resources");
        Path github = resources.resolve("github");
        for (Path folder : List.of(github, Deliveries.samples().resolve("github"))) {
            for (Path file : jsonFiles(folder)) {
                String name = file.getFileName().toString();
                String event = EVENTS.stream()
                        .filter(prefix -> name.startsWith(prefix))
                        .reduce((shorter, longer) -> longer)
                        .orElse("release");
                SEEDS.add(Deliveries.github(event, Files.readAllBytes(file)));
            }
        }
        for (Path folder :
                List.of(resources.resolve("gitlab"), Deliveries.samples().resolve("gitlab"))) {
            for (Path file : jsonFiles(folder)) {
                SEEDS.add(Deliveries.gitlab(Files.readAllBytes(file)));
            }
        }
        for (Path folder : List.of(
                resources.resolve("cdevents"),
                Deliveries.examples().resolve("valid"),
                Deliveries.examples().resolve("invalid"),
                Deliveries.samples().resolve("cloudevents"))) {
            for (Path file : jsonFiles(folder)) {
                SEEDS.add(Deliveries.cloudEvent(Files.readAllBytes(file)));
            }
        }
        for (String folder : List.of("valid", "invalid")) {
            for (Path file : jsonFiles(Deliveries.corrections().resolve(folder))) {
                SEEDS.add(Deliveries.correction(CorrectionEvent.of(
                        "1",
                        Instant.parse("2026-03-01T12:00:00Z"),
                        Json.mapper().readTree(file.toFile()))));
            }
        }
        for (String source : List.of("alertmanager", "argocd")) {
            for (Path file : jsonFiles(resources.resolve(source))) {
                SEEDS.add(Deliveries.late(source, Map.of(), Files.readAllBytes(file)));
            }
        }
        for (Path file : jsonFiles(resources.resolve("terraform"))) {
            SEEDS.add(Deliveries.late("terraform", RUN, Files.readAllBytes(file)));
        }
        for (Path folder :
                List.of(resources.resolve("pagerduty"), Deliveries.samples().resolve("pagerduty"))) {
            for (Path file : jsonFiles(folder)) {
                SEEDS.add(Deliveries.late("pagerduty", Map.of(), Files.readAllBytes(file)));
            }
        }
        JSON.forEach((connection, body) -> SEEDS.add(new Delivery(
                "default",
                "json",
                connection,
                Deliveries.ID,
                "key-1",
                "",
                Deliveries.PRINCIPAL,
                "application/json",
                Deliveries.LATE,
                Map.of(),
                Deliveries.bytes(body))));
        assertThat(SEEDS).hasSizeGreaterThan(200);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedBytesHaveAnOutcome(long seed) {
        var random = new Random(seed);
        Map<Kind, Integer> seen = new EnumMap<>(Kind.class);
        for (int round = 0; round < ROUNDS; round++) {
            Delivery original = SEEDS.get(random.nextInt(SEEDS.size()));
            check(with(original, changedBytes(original.body(), random)), "seed " + seed + ", round " + round, seen);
        }
        assertThat(seen.keySet()).as("seed %s", seed).containsExactlyInAnyOrder(Kind.values());
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void changedJsonHasAnOutcome(long seed) throws IOException {
        var random = new Random(seed);
        Map<Kind, Integer> seen = new EnumMap<>(Kind.class);
        for (int round = 0; round < ROUNDS; round++) {
            Delivery original = SEEDS.get(random.nextInt(SEEDS.size()));
            JsonNode tree = tree(original.body());
            int changes = 1 + random.nextInt(3);
            for (int i = 0; i < changes; i++) {
                tree = changed(tree, random);
            }
            check(with(original, ascii(tree)), "seed " + seed + ", round " + round, seen);
        }
        assertThat(seen.keySet()).as("seed %s", seed).containsExactlyInAnyOrder(Kind.values());
        assertThat(seen.get(Kind.EVENTS))
                .as("seed %s: not all is refused", seed)
                .isGreaterThan(ROUNDS / 20);
    }

    @Test
    void noiseHasAnOutcome() {
        var random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            for (String event : EVENTS) {
                check(Deliveries.github(event, noise), "seed 7, round " + round, new EnumMap<>(Kind.class));
            }
            check(Deliveries.gitlab(noise), "seed 7, round " + round, new EnumMap<>(Kind.class));
            check(Deliveries.cloudEvent(noise), "seed 7, round " + round, new EnumMap<>(Kind.class));
            check(Deliveries.correction(noise), "seed 7, round " + round, new EnumMap<>(Kind.class));
            for (String source : LATE) {
                check(Deliveries.late(source, RUN, noise), "seed 7, round " + round, new EnumMap<>(Kind.class));
            }
        }
    }

    /** Lines of JSON are changed as the list that may be sent instead. */
    private static JsonNode tree(byte[] body) throws IOException {
        try (MappingIterator<JsonNode> documents =
                Json.mapper().readerFor(JsonNode.class).readValues(body)) {
            List<JsonNode> all = documents.readAll();
            return all.size() == 1
                    ? all.get(0)
                    : JsonNodeFactory.instance.arrayNode().addAll(all);
        }
    }

    private static void check(Delivery delivery, String where, Map<Kind, Integer> seen) {
        Outcome outcome;
        try {
            outcome = SOURCES.adapt(delivery);
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(where + ": " + delivery + " " + text(delivery.body()), e);
        }
        seen.merge(
                outcome.accept(new Outcome.Visitor<Kind>() {
                    @Override
                    public Kind events(Outcome.Events events) {
                        for (DeliveryEvent event : events.events()) {
                            assertThat(EventCodec.decode(EventCodec.encode(event, events.note())))
                                    .as("%s: %s", where, text(delivery.body()))
                                    .isEqualTo(event);
                        }
                        events.skipped().forEach(skipped -> malformed(skipped));
                        return Kind.EVENTS;
                    }

                    @Override
                    public Kind ignored(Outcome.Ignored ignored) {
                        requireWritable(ignored.detail(), where);
                        return Kind.IGNORED;
                    }

                    @Override
                    public Kind malformed(Outcome.Malformed malformed) {
                        for (Outcome.Malformed each : malformed.each()) {
                            requireWritable(each.detail(), where);
                            requireWritable("at " + each.pointer(), where);
                        }
                        return Kind.MALFORMED;
                    }
                }),
                1,
                Integer::sum);
        assertThat(SOURCES.adapt(delivery)).as("%s: the same again", where).isEqualTo(outcome);
        Webhooks.find(delivery.source()).ifPresent(sender -> receive(sender.contract(), delivery, where));
    }

    /** Before it is kept a webhook is asked for its name, and what of it may be kept. */
    private static void receive(WebhookContract contract, Delivery delivery, String where) {
        try {
            var request = new WebhookRequest(Map.of(), delivery.parameters(), delivery.body());
            byte[] kept = contract.kept(request);
            assertThat(contract.kept(new WebhookRequest(Map.of(), delivery.parameters(), kept)))
                    .as("%s: what is kept is kept again", where)
                    .isEqualTo(kept);
            requireWritable(contract.identify(request).key(), where);
        } catch (Rejection e) {
            requireWritable(String.valueOf(e.getMessage()), where);
        }
    }

    private static void requireWritable(String text, String where) {
        assertThat(text).as(where).isNotBlank().hasSizeLessThan(2_000);
        assertThat(text(text.getBytes(StandardCharsets.UTF_8))).as(where).isEqualTo(text);
    }

    private static byte[] changedBytes(byte[] body, Random random) {
        byte[] copy = body.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && copy.length > 0; i++) {
            int at = random.nextInt(copy.length);
            switch (random.nextInt(4)) {
                case 0 -> copy[at] = (byte) random.nextInt(256);
                case 1 -> copy[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> copy = Arrays.copyOf(copy, at);
                default -> System.arraycopy(copy, 0, copy, at, Math.min(20, copy.length - at));
            }
        }
        return copy;
    }

    /** Walks down to some place and puts something else there. */
    private static JsonNode changed(JsonNode tree, Random random) {
        if (!tree.isContainerNode() || tree.isEmpty() || random.nextInt(12) == 0) {
            return anything(random, 0);
        }
        if (tree instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(8) == 0) {
                object.remove(name);
            } else {
                object.set(name, changed(object.get(name), random));
            }
            return object;
        }
        ArrayNode array = (ArrayNode) tree;
        int at = random.nextInt(array.size());
        array.set(at, changed(array.get(at), random));
        return array;
    }

    private static JsonNode anything(Random random, int depth) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > 3 ? 14 : 17)) {
            case 0 -> json.nullNode();
            case 1 -> json.booleanNode(random.nextBoolean());
            case 2 -> json.numberNode(random.nextLong());
            case 3 -> json.numberNode(random.nextGaussian() * 1e300);
            case 4 -> json.numberNode(BigInteger.TEN.pow(random.nextInt(60)));
            case 5 -> json.numberNode(-1);
            case 6 -> json.textNode("");
            case 7 -> json.textNode(" \t");
            case 8 -> json.textNode("\uD83D");
            case 9 -> json.textNode("x".repeat(random.nextInt(3_000)));
            case 10 -> json.textNode("2026-03-01T12:00:00." + random.nextInt(1_000_000_000) + "Z");
            case 11 -> json.textNode("9999-12-31T23:59:59Z");
            case 12 -> json.textNode("0001-01-01T00:00:00-18:00");
            case 13 -> json.textNode("{\"version\":\"\\ud83d\",\"service\":[]}");
            case 14 -> {
                ArrayNode array = json.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(anything(random, depth + 1));
                }
                yield array;
            }
            case 15 -> {
                ObjectNode object = json.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(List.of("id", "sha", "version", "a~/b").get(i % 4), anything(random, depth + 1));
                }
                yield object;
            }
            default -> {
                JsonNode nested = json.textNode("deep");
                for (int i = random.nextInt(100); i > 0; i--) {
                    nested = json.arrayNode().add(nested);
                }
                yield nested;
            }
        };
    }

    /** Escapes all but ASCII, so that halves of surrogate pairs can be written. */
    private static byte[] ascii(JsonNode tree) {
        try {
            return Json.mapper()
                    .writer()
                    .with(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .writeValueAsString(tree)
                    .getBytes(StandardCharsets.US_ASCII);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Delivery with(Delivery delivery, byte[] body) {
        return new Delivery(
                delivery.tenant(),
                delivery.source(),
                delivery.connection(),
                delivery.id(),
                delivery.deliveryKey(),
                delivery.event(),
                delivery.principal(),
                delivery.contentType(),
                delivery.receivedAt(),
                delivery.parameters(),
                body);
    }

    private static String text(byte[] body) {
        return new String(body, StandardCharsets.UTF_8);
    }

    private static List<Path> jsonFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.jsonl?"))
                    .sorted()
                    .toList();
        }
    }
}
