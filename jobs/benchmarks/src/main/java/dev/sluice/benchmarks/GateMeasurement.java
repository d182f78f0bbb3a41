package dev.sluice.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.sluice.benchmarks.BareServer.Audited;
import dev.sluice.benchmarks.HttpConnection.Answer;
import dev.sluice.benchmarks.Measurement.Procedure;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApi;
import dev.sluice.gateapi.GateApiConfig;
import dev.sluice.gateapi.GateApiFiles;
import dev.sluice.gateapi.cel.CelConditions;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gate API, a bare Javalin handler, the broker and the load generator in one process: a gate of 8 rules and one of 50, then clusters
 * that ask beside them, then orders to roll back that pile up beside them.
 */
final class GateMeasurement implements Procedure {
    private static final int OK = 200;
    private static final String BARE_TOPIC = "benchmark.decisions";
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    @Override
    public List<Figure> measure(Scale scale, Path directory) throws Exception {
        Path policies = Files.createDirectory(directory.resolve("policies"));
        BenchmarkGate.writePolicies(policies);
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
                var conditions = new CelConditions();
                var endpoints = new OrderEndpoints();
                var api = GateApi.start(GateApiConfig.of(broker.bootstrapServers())
                        .withPort(0)
                        .withEgress(endpoints.allowed())
                        .withEnvironment(OrderEndpoints.secrets())
                        .withFiles(GateApiFiles.NONE.withPolicies(policies)));
                var data = new GateData(broker.bootstrapServers())) {
            data.start();
            GateEvidence.say(api.port());
            var topics = new KafkaTopics(broker.bootstrapServers());
            Map<String, Audited> audited = new HashMap<>();
            for (BenchmarkGate gate : BenchmarkGate.values()) {
                audited.put(gate.gateName(), audited(api.port(), gate, topics));
            }
            topics.create(Map.of(BARE_TOPIC, Topic.DECISIONS.settings()));
            try (var known = new GateKnowledge(broker.bootstrapServers());
                    var bare = new BareServer(
                            broker.bootstrapServers(),
                            BARE_TOPIC,
                            audited,
                            BenchmarkGate.readPolicies(policies, new PolicyReader(conditions)),
                            known)) {
                List<Figure> figures = new ArrayList<>();
                double half = 0;
                for (BenchmarkGate gate : BenchmarkGate.values()) {
                    Audited decision = requireNonNull(audited.get(gate.gateName()));
                    var load = new GateLoad(gate, api.port(), bare.port(), decision.answer().length);
                    figures.addAll(load.measure(scale));
                    half = gate == BenchmarkGate.EIGHT_RULES ? load.half() : half;
                }
                LoadGenerator gates = GateLoad.asking(api.port(), BenchmarkGate.EIGHT_RULES);
                figures.addAll(new AdmissionLoad(api.port(), gates, half).measure(scale));
                figures.addAll(new PendingOrders(api.port(), data, endpoints, gates, half).measure(scale));
                return figures;
            }
        }
    }

    /** Asks until the answer is what a healthy service gets, and looks up its audit record. */
    private static Audited audited(int port, BenchmarkGate gate, KafkaTopics topics) throws IOException {
        @Nullable Answer answer = null;
        try (var connection = new HttpConnection(port)) {
            var waiting = new Deadline("an allowed decision of gate " + gate.gateName(), READY_LIMIT);
            while (answer == null || !isAllowed(answer, gate.rules())) {
                waiting.pause();
                answer = connection.send(HttpConnection.post(gate.path(), "application/json", GateData.question(0)));
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

    /** Each rule must have said that it is met: one that only warns closes no gate, and would cost something else. */
    private static boolean isAllowed(Answer answer, int expected) throws IOException {
        if (answer.status() != OK) {
            return false;
        }
        var decision = Json.mapper().readTree(answer.body());
        int met = 0;
        for (var rule : decision.path("rules")) {
            met += rule.path("policy").isTextual()
                            && rule.path("outcome").asText().equals("allow")
                    ? 1
                    : 0;
        }
        return decision.path("allowed").asBoolean() && met == expected;
    }
}
