package dev.sluice.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.GateEvaluator;
import dev.sluice.gate.Policy;
import dev.sluice.gate.Waivers;
import dev.sluice.wire.Json;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.time.Instant;
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
 *   <li>{@link #APPEND} with the name of a gate: reads the request, appends an audit record that is given for the gate (acks=all) and
 *       returns bytes that are.
 *   <li>{@link #DECIDE} with the name of a gate: reads the request, judges it by the same policies, evidence and evaluator, returns the
 *       decision as JSON and appends nothing.
 * </ul>
 */
final class BareServer implements AutoCloseable {
    static final String APPEND = "/append/";
    static final String DECIDE = "/decide/";

    private static final int THREADS = 40;
    private static final String LOOPBACK = "127.0.0.1";
    private static final String JSON = "application/json";

    private final String topic;
    private final Map<String, Audited> audited;
    private final List<Policy> policies;
    private final GateEvaluator evaluator = new GateEvaluator();
    private final GateKnowledge known;
    private final KafkaProducer<String, byte[]> producer;
    private final Javalin server;

    /**
     * Starts it.
     *
     * @param bootstrap where Kafka is
     * @param topic where it appends
     * @param audited what it appends and answers, by the name of the gate
     * @param policies by which it judges
     * @param known of what it judges
     */
    BareServer(
            String bootstrap, String topic, Map<String, Audited> audited, List<Policy> policies, GateKnowledge known) {
        this.topic = topic;
        this.audited = Map.copyOf(audited);
        this.policies = policies;
        this.known = known;
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
            javalin.routes.post(APPEND + "{gate}", this::append);
            javalin.routes.post(DECIDE + "{gate}", this::decide);
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
        Audited given = requireNonNull(audited.get(ctx.pathParam("gate")));
        var appended = new CompletableFuture<Void>();
        var unused = producer.send(new ProducerRecord<>(topic, given.key(), given.record()), (place, failure) -> {
            if (failure == null) {
                ctx.contentType(JSON).result(given.answer());
                appended.complete(null);
            } else {
                appended.completeExceptionally(failure);
            }
        });
        ctx.future(() -> appended);
    }

    private void decide(Context ctx) {
        Request request = Json.read(ctx.bodyAsBytes(), Request.class);
        Instant now = Instant.now();
        EvaluationInput input = known.input(
                ctx.pathParam("gate"), request.service(), request.environment(), request.artifact(), policies, now);
        ctx.contentType(JSON).result(Json.bytes(evaluator.evaluate(policies, Waivers.NONE, input, now)));
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
