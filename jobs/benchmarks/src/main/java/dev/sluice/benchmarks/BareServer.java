package dev.sluice.benchmarks;

import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Waivers;
import dev.sluice.wire.Json;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * What the gate API is compared with: Javalin with the same number of threads and nothing around it.
 *
 * <ul>
 *   <li>{@link #APPEND}: reads the request, appends a given audit record (acks=all) and returns given bytes.
 *   <li>{@link #DECIDE}: reads the request, judges it by the same policies and evaluator, returns the decision as JSON and
 *       appends nothing.
 * </ul>
 */
final class BareServer implements AutoCloseable {
    static final String APPEND = "/append";
    static final String DECIDE = "/decide";

    private static final int THREADS = 40;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String JSON = "application/json";

    private final String topic;
    private final Audited audited;
    private final List<Policy> policies;
    private final GateEvaluator evaluator = new GateEvaluator();
    private final Map<String, DoraRow> rows = new HashMap<>();
    private final Map<String, CurrentRow> current = new HashMap<>();
    private final KafkaProducer<String, byte[]> producer;
    private final Javalin server;

    /**
     * Starts it.
     *
     * @param bootstrap where Kafka is
     * @param topic where it appends
     * @param audited what it appends and answers
     * @param policies by which it judges
     */
    BareServer(String bootstrap, String topic, Audited audited, List<Policy> policies) {
        this.topic = topic;
        this.audited = audited;
        this.policies = policies;
        for (int i = 0; i < GateData.SERVICES; i++) {
            rows.put(GateData.service(i), GateData.row(i));
            current.put(GateData.service(i), GateData.current(i));
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all", "enable.idempotence", true, "linger.ms", 1),
                new StringSerializer(),
                new ByteArraySerializer());
        server = Javalin.create(javalin -> {
            javalin.startup.showJavalinBanner = false;
            javalin.startup.showOldJavalinVersionWarning = false;
            javalin.jetty.host = LOOPBACK;
            javalin.jetty.port = 0;
            var threads = new QueuedThreadPool(THREADS);
            threads.setDaemon(true);
            javalin.jetty.threadPool = threads;
            javalin.routes.post(APPEND, this::append);
            javalin.routes.post(DECIDE, this::decide);
        });
        server.start();
    }

    int port() {
        return server.port();
    }

    private void append(Context ctx) {
        if (ctx.bodyAsBytes().length == 0) {
            throw new IllegalArgumentException("a request has a body");
        }
        var appended = new CompletableFuture<Void>();
        var unused = producer.send(new ProducerRecord<>(topic, audited.key(), audited.record()), (place, failure) -> {
            if (failure == null) {
                ctx.contentType(JSON).result(audited.answer());
                appended.complete(null);
            } else {
                appended.completeExceptionally(failure);
            }
        });
        ctx.future(() -> appended);
    }

    private void decide(Context ctx) {
        Request request = Json.read(ctx.bodyAsBytes(), Request.class);
        var input = new EvaluationInput(
                "production",
                request.service(),
                request.environment(),
                request.artifact(),
                rows.get(request.service()),
                current.get(request.service()),
                Duration.ofMillis(100));
        ctx.contentType(JSON).result(Json.bytes(evaluator.evaluate(policies, Waivers.NONE, input, Instant.now())));
    }

    @Override
    public void close() {
        server.stop();
        producer.close();
    }

    /**
     * A decision that the gate API has logged and answered.
     *
     * @param key the key of the audit record
     * @param record the audit record
     * @param answer the body of the answer
     */
    record Audited(String key, byte[] record, byte[] answer) {}

    /**
     * What a caller asks.
     *
     * @param service which service
     * @param environment where it would go
     * @param artifact what would go there
     */
    record Request(String service, String environment, EvaluationInput.Artifact artifact) {}
}
