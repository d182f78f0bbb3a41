package dev.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.jspecify.annotations.Nullable;

/** As much of Flink's REST API as jobs are started by, for what a real cluster does too seldom. */
final class FlinkStub implements AutoCloseable {
    /** What was asked to be started, in order. */
    final List<JsonNode> starts = new CopyOnWriteArrayList<>();

    /** The runs that were asked to be cancelled. */
    final List<String> cancelled = new CopyOnWriteArrayList<>();

    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final HttpServer server;
    private String life = "life-1";
    private Consumer<JsonNode> onStart = start -> {};
    private Runnable onUpload = () -> {};

    FlinkStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", this::answer);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Ends the job manager, and starts another that knows nothing of before. */
    synchronized void restart(String newLife) {
        life = newLife;
        runs.clear();
    }

    /** Adds a run, or changes it. */
    synchronized void put(JobID id, String name, String state, Map<String, String> parameters) {
        runs.put(id.toString(), new Run(name, state, parameters, null, List.of()));
    }

    /** Gives a run a newest checkpoint. */
    synchronized void checkpoint(String id, String path) {
        runs.computeIfPresent(id, (key, run) -> run.withCheckpoint(path));
    }

    /** Says what becomes of a start before it is answered; its run is there already. */
    synchronized void onStart(Consumer<JsonNode> reaction) {
        onStart = reaction;
    }

    /** Says what happens while a jar is uploaded. */
    synchronized void onUpload(Runnable reaction) {
        onUpload = reaction;
    }

    /** Has a run fail, again and again or for good. */
    synchronized void fail(String id, String state, String... traces) {
        runs.computeIfPresent(
                id, (key, run) -> new Run(run.name, state, run.parameters, run.checkpoint, List.of(traces)));
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().substring("/v1/".length());
        String[] parts = path.split("/", -1);
        int status = 200;
        JsonNode body = Json.mapper().createObjectNode();
        if (path.equals("overview")) {
            body = object().put("flink-version", "2.2.0").put("slots-available", 3);
        } else if (path.equals("jobmanager/config")) {
            body = Json.mapper()
                    .createArrayNode()
                    .add(object().put("key", "web.tmpdir").put("value", life));
        } else if (path.equals("jobs/overview")) {
            body = overview();
        } else if (path.equals("jars/upload")) {
            exchange.getRequestBody().readAllBytes();
            onUpload.run();
            body = object().put("filename", "/tmp/x/the.jar");
        } else if (path.endsWith("/run")) {
            JsonNode start = Json.mapper().readTree(exchange.getRequestBody().readAllBytes());
            starts.add(start);
            if (runs.containsKey(start.path("jobId").asText())) {
                status = 400;
                ((ObjectNode) body).putArray("errors").add("a.DuplicateJobSubmissionException: Job has been submitted");
            } else {
                onStart.accept(start);
                runs.computeIfAbsent(
                        start.path("jobId").asText(),
                        id -> new Run("sluice-dora", "RUNNING", Map.of(), null, List.of()));
            }
        } else if (parts[0].equals("jobs") && runs.containsKey(parts[1])) {
            Run run = runs.get(parts[1]);
            if (exchange.getRequestMethod().equals("PATCH")) {
                cancelled.add(parts[1]);
                runs.put(parts[1], new Run(run.name, "CANCELED", run.parameters, run.checkpoint, run.failures));
            } else {
                body = about(run, parts.length > 2 ? parts[2] : "");
            }
        } else if (!parts[0].equals("jars")) {
            status = 404;
        }
        byte[] bytes = Json.bytes(body);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private JsonNode overview() {
        ObjectNode body = object();
        ArrayNode jobs = body.putArray("jobs");
        int[] at = {0};
        runs.forEach((id, run) -> jobs.addObject()
                .put("jid", id)
                .put("name", run.name)
                .put("state", run.state)
                .put("start-time", at[0]++)
                .putObject("tasks")
                .put("total", 1)
                .put("running", run.state.equals("RUNNING") ? 1 : 0));
        return body;
    }

    private static JsonNode about(Run run, String what) {
        ObjectNode body = object().put("state", run.state);
        if (what.equals("config")) {
            ObjectNode parameters = body.putObject("execution-config").putObject("user-config");
            run.parameters.forEach(parameters::put);
        } else if (what.equals("exceptions")) {
            ArrayNode entries = body.putObject("exceptionHistory").putArray("entries");
            run.failures.forEach(trace -> entries.addObject().put("stacktrace", trace));
        } else if (what.equals("checkpoints") && run.checkpoint != null) {
            body.putObject("latest")
                    .putObject("completed")
                    .put("external_path", run.checkpoint)
                    .put("latest_ack_timestamp", 1_000);
        }
        return body;
    }

    private static ObjectNode object() {
        return Json.mapper().createObjectNode();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Run(
            String name,
            String state,
            Map<String, String> parameters,
            @Nullable String checkpoint,
            List<String> failures) {
        Run withCheckpoint(String path) {
            return new Run(name, state, parameters, path, failures);
        }
    }
}
