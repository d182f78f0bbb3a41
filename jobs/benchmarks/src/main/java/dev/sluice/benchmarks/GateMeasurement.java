package dev.sluice.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.sluice.benchmarks.BareServer.Audited;
import dev.sluice.benchmarks.HttpConnection.Answer;
import dev.sluice.benchmarks.LoadGenerator.Load;
import dev.sluice.benchmarks.Measurement.Procedure;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gate.Policy;
import dev.sluice.gateapi.GateApi;
import dev.sluice.gateapi.GateApiConfig;
import dev.sluice.gateapi.GateApiFiles;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.gateapi.policy.PolicyVersion;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gate API, a bare Javalin handler, the broker and the load generator in one process, loaded in turn: first by a closed
 * loop, which tells what each can do, then by an open loop at half of what the gate API can.
 */
final class GateMeasurement implements Procedure {
    /** As many as may hold a thread of the gate API at once, less a few: none is ever refused. */
    private static final int CONNECTIONS = 20;

    private static final int RULES = 8;
    private static final int OK = 200;
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;
    private static final double HALF = 0.5;
    private static final String BARE_TOPIC = "benchmark.decisions";
    private static final String GATE = "/v1/gates/production/evaluate";
    private static final byte[] ALLOWED = "\"allowed\":true".getBytes(StandardCharsets.US_ASCII);
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    private final byte[][] bodies = new byte[GateData.SERVICES][];

    GateMeasurement() {
        for (int i = 0; i < bodies.length; i++) {
            String body = "{\"service\":\"" + GateData.service(i) + "\",\"environment\":\"" + GateData.ENVIRONMENT
                    + "\",\"artifact\":{\"version\":\"v42\",\"commit\":\"0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3d\"}}";
            bodies[i] = body.getBytes(StandardCharsets.UTF_8);
        }
    }

    @Override
    public List<Figure> measure(Scale scale, Path directory) throws Exception {
        Path policies = Files.createDirectory(directory.resolve("policies"));
        try (InputStream policy = GateMeasurement.class.getResourceAsStream("policy.yaml")) {
            Files.write(
                    policies.resolve("benchmark.yaml"), requireNonNull(policy).readAllBytes());
        }
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
                var conditions = new CelConditions();
                var api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                        .withPort(0)
                        .withFiles(GateApiFiles.NONE.withPolicies(policies)))) {
            var topics = new KafkaTopics(broker.bootstrapServers());
            try (var data = new GateData(broker.bootstrapServers())) {
                data.start();
                Audited audited = audited(api.port(), topics);
                topics.create(Map.of(BARE_TOPIC, Topic.DECISIONS.settings()));
                var problems = new Problems();
                List<Policy> same = new PolicyReader(conditions)
                        .readAll(policies, problems).stream()
                                .map(PolicyVersion::policy)
                                .toList();
                problems.throwIfAny();
                try (var bare = new BareServer(broker.bootstrapServers(), BARE_TOPIC, audited, same)) {
                    return load(scale, api.port(), bare.port(), audited);
                }
            }
        }
    }

    /** Asks until the answer is what a healthy service gets, and looks up its audit record. */
    private Audited audited(int port, KafkaTopics topics) throws IOException {
        @Nullable Answer answer = null;
        try (var connection = new HttpConnection(port)) {
            var waiting = new Deadline("an allowed decision", READY_LIMIT);
            while (answer == null || !isAllowed(answer)) {
                waiting.pause();
                answer = connection.send(HttpConnection.post(GATE, "application/json", bodies[0]));
            }
        }
        byte[] body = answer.body();
        String id = Json.mapper().readTree(body).path("id").asText();
        var found = new ArrayList<Audited>();
        var from = topics.ends(List.of(Topic.DECISIONS.topicName()));
        from.replaceAll((partition, end) -> 0L);
        topics.read(from, record -> {
            if (new String(record.value(), StandardCharsets.UTF_8).contains(id)) {
                found.add(new Audited(record.key(), record.value(), body));
            }
        });
        if (found.size() != 1) {
            throw new IllegalStateException("a decision is logged once, was " + found.size() + " times");
        }
        return found.get(0);
    }

    private static boolean isAllowed(Answer answer) throws IOException {
        if (answer.status() != OK) {
            return false;
        }
        var decision = Json.mapper().readTree(answer.body());
        long rules = 0;
        for (var rule : decision.path("rules")) {
            rules += rule.path("policy").isTextual() ? 1 : 0;
        }
        return decision.path("allowed").asBoolean() && rules == RULES;
    }

    private List<Figure> load(Scale scale, int apiPort, int barePort, Audited audited) throws InterruptedException {
        LoadGenerator sluice = generator(apiPort, GATE, true);
        LoadGenerator bare = generator(barePort, BareServer.APPEND, false);
        LoadGenerator unaudited = generator(barePort, BareServer.DECIDE, false);
        for (LoadGenerator warm : List.of(sluice, bare, unaudited, sluice, bare)) {
            warm.closed(scale.seconds(5));
        }
        var sluicePerSecond = new ArrayList<Double>();
        var barePerSecond = new ArrayList<Double>();
        var sluiceCpu = new ArrayList<Double>();
        var bareCpu = new ArrayList<Double>();
        var wrong = new ArrayList<Double>();
        for (int round = 0; round < scale.times(4); round++) {
            Load bareLoad = bare.closed(scale.seconds(4)).requireRight("the bare handler", scale.tolerated());
            Load sluiceLoad = sluice.closed(scale.seconds(4)).requireRight("the gate", scale.tolerated());
            barePerSecond.add(bareLoad.perSecond());
            bareCpu.add(bareLoad.othersMicros());
            sluicePerSecond.add(sluiceLoad.perSecond());
            wrong.add(sluiceLoad.wrongShare());
            sluiceCpu.add(sluiceLoad.othersMicros());
        }
        var saturated = new Rounds(sluicePerSecond);
        var bareSaturated = new Rounds(barePerSecond);
        double half = saturated.median() * HALF;
        Load audit = sluice.open(half, scale.seconds(12)).requireRight("the gate at half load", scale.tolerated());
        Load bareHalf =
                bare.open(half, scale.seconds(6)).requireRight("the bare handler at the same load", scale.tolerated());
        Load none = unaudited.open(half, scale.seconds(8)).requireRight("decisions without audit", scale.tolerated());
        return List.of(
                Figure.of("decisions/s against a bare handler's requests/s", saturated.ratioTo(bareSaturated), "")
                        .within(Budget.atLeast(0.5)),
                Figure.of(
                                "p99 of a decision at half of its load",
                                audit.latencies().percentileMillis(P99),
                                "ms")
                        .within(Budget.atMost(20)),
                Figure.of(
                                "p99 of a decision without audit, same rate",
                                none.latencies().percentileMillis(P99),
                                "ms")
                        .within(Budget.atMost(5)),
                Figure.of("decisions, closed loop", saturated.median(), "/s"),
                Figure.of("bare handler, closed loop", bareSaturated.median(), "/s"),
                Figure.of("CPU of a decision (server and broker)", new Rounds(sluiceCpu).median(), "µs"),
                Figure.of(
                        "CPU of a request to the bare handler (server and broker)", new Rounds(bareCpu).median(), "µs"),
                Figure.of("answers other than allow, closed loop", mean(wrong) * 100, "%"),
                Figure.of("half load", half, "/s"),
                Figure.of("p50 of a decision at half load", audit.latencies().percentileMillis(MEDIAN), "ms"),
                Figure.of(
                        "p99 of the bare handler at the same rate",
                        bareHalf.latencies().percentileMillis(P99),
                        "ms"),
                Figure.of("p50 of a decision without audit", none.latencies().percentileMillis(MEDIAN), "ms"),
                Figure.of("size of an answer", audited.answer().length, "B"));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    private LoadGenerator generator(int port, String path, boolean whole) {
        byte[][] requests = new byte[bodies.length][];
        for (int i = 0; i < bodies.length; i++) {
            requests[i] = HttpConnection.post(path, "application/json", bodies[i]);
        }
        return new LoadGenerator(port, CONNECTIONS, (connection, index) -> {
            Answer answer = connection.send(requests[(int) (index % requests.length)]);
            return answer.status() == OK && (!whole || contains(answer.body(), ALLOWED)) ? null : answer.text();
        });
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int start = 0; start <= text.length - part.length; start++) {
            int same = 0;
            while (same < part.length && text[start + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return true;
            }
        }
        return false;
    }
}
