package dev.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Json;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * The REST API of a Flink cluster, as far as jobs are run by it. Every method throws {@link FlinkRestException} where the
 * cluster does not answer or refuses. What it says about one job may be 3 s old, the list of jobs is not.
 */
final class FlinkRest {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** A jar has tens of megabytes; its {@code main} asks Kafka. */
    private static final Duration LONG_LIMIT = Duration.ofMinutes(2);

    private static final int FIRST_FAILURE_STATUS = 300;

    private final URI url;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();

    FlinkRest(URI url) {
        String text = url.toString();
        this.url = text.endsWith("/") ? url : URI.create(text + "/");
    }

    /** Returns its version and how many slots are free. */
    Overview overview() throws FlinkRestException, InterruptedException {
        JsonNode answer = get("overview");
        return new Overview(
                answer.path("flink-version").asText(),
                answer.path("slots-available").asInt());
    }

    /** Returns how it is configured. */
    Map<String, String> configuration() throws FlinkRestException, InterruptedException {
        var configuration = new HashMap<String, String>();
        get("jobmanager/config")
                .forEach(entry -> configuration.put(
                        entry.path("key").asText(), entry.path("value").asText()));
        return configuration;
    }

    /** Returns the runs of jobs that it knows: those that go on and for a while those that ended, the newest first. */
    List<Run> runs() throws FlinkRestException, InterruptedException {
        var runs = new ArrayList<Run>();
        for (JsonNode job : get("jobs/overview").path("jobs")) {
            JsonNode tasks = job.path("tasks");
            runs.add(new Run(
                    JobID.fromHexString(job.path("jid").asText()),
                    job.path("name").asText(),
                    JobStatus.valueOf(job.path("state").asText()),
                    Instant.ofEpochMilli(job.path("start-time").asLong()),
                    tasks.path("total").asInt() > 0
                            && tasks.path("running").asInt()
                                    == tasks.path("total").asInt()));
        }
        runs.sort(Comparator.comparing(Run::startedAt).reversed());
        return runs;
    }

    /** Returns a run; nothing if the cluster does not know it, or no longer. */
    Optional<Run> run(JobID id) throws FlinkRestException, InterruptedException {
        return runs().stream().filter(run -> run.id().equals(id)).findFirst();
    }

    /** Returns the parameters that a run was started with. */
    Map<String, String> parameters(JobID id) throws FlinkRestException, InterruptedException {
        var parameters = new HashMap<String, String>();
        get("jobs/" + id + "/config")
                .path("execution-config")
                .path("user-config")
                .properties()
                .forEach(
                        entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
        return parameters;
    }

    /** Returns what a run failed of, the newest first. */
    List<Failure> failures(JobID id) throws FlinkRestException, InterruptedException {
        var failures = new ArrayList<Failure>();
        for (JsonNode entry :
                get("jobs/" + id + "/exceptions").path("exceptionHistory").path("entries")) {
            String trace = entry.path("stacktrace").asText();
            failures.add(new Failure(rootCause(trace), RestoreFailure.isIn(trace)));
        }
        return failures;
    }

    /** Returns the newest checkpoint or savepoint that is left of a run, or the one that it was restored from. */
    Optional<Snapshot> newestSnapshot(JobID id) throws FlinkRestException, InterruptedException {
        JsonNode latest = get("jobs/" + id + "/checkpoints").path("latest");
        Optional<Snapshot> own = Stream.of(latest.path("completed"), latest.path("savepoint"))
                .filter(node -> !node.path("discarded").asBoolean())
                .map(node -> snapshot(node, "latest_ack_timestamp"))
                .flatMap(Optional::stream)
                .max(Comparator.comparing(Snapshot::takenAt));
        return own.isPresent() ? own : snapshot(latest.path("restored"), "restore_timestamp");
    }

    private static Optional<Snapshot> snapshot(JsonNode node, String time) {
        String path = node.path("external_path").asText("");
        // "<checkpoint-not-externally-addressable>" where checkpoints are kept in memory
        return path.contains(":/") || path.startsWith("/")
                ? Optional.of(
                        new Snapshot(path, Instant.ofEpochMilli(node.path(time).asLong())))
                : Optional.empty();
    }

    /** Returns whether what it says about one run is from after its end. */
    boolean tellsEndOf(JobID id) throws FlinkRestException, InterruptedException {
        return JobStatus.valueOf(get("jobs/" + id).path("state").asText()).isGloballyTerminalState();
    }

    /** Hands a jar over and returns its id there. */
    String upload(Path jar) throws FlinkRestException, InterruptedException {
        String boundary = UUID.randomUUID().toString();
        BodyPublisher body;
        try {
            body = BodyPublishers.concat(
                    BodyPublishers.ofString("""
                            --%s\r
                            Content-Disposition: form-data; name="jarfile"; filename="%s"\r
                            Content-Type: application/x-java-archive\r
                            \r
                            """.formatted(boundary, jar.getFileName())),
                    BodyPublishers.ofFile(jar),
                    BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        } catch (FileNotFoundException e) {
            throw new FlinkRestException("there is no " + jar, e);
        }
        JsonNode answer = send(request("jars/upload", LONG_LIMIT)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(body));
        String file = answer.path("filename").asText();
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /** Forgets a jar; runs of it go on. */
    void deleteJar(String jar) throws FlinkRestException, InterruptedException {
        send(request("jars/" + jar, LIMIT).DELETE());
    }

    /** Calls the {@code main} of a jar, which starts a job. */
    void run(String jar, Start start) throws FlinkRestException, InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("entryClass", start.main());
        body.put("parallelism", start.parallelism());
        body.put("jobId", start.id().toString());
        start.arguments().forEach(body.putArray("programArgsList")::add);
        if (start.snapshot() != null) {
            body.put("savepointPath", start.snapshot());
        }
        ObjectNode configuration = body.putObject("flinkConfiguration");
        start.configuration().forEach(configuration::put);
        send(post("jars/" + jar + "/run", body, LONG_LIMIT));
    }

    /** Begins to take a savepoint of a run and to end it then; returns what to ask {@link #savepoint} for. */
    String stopWithSavepoint(JobID id) throws FlinkRestException, InterruptedException {
        ObjectNode body = Json.mapper().createObjectNode().put("drain", false);
        return send(post("jobs/" + id + "/stop", body, LIMIT))
                .path("request-id")
                .asText();
    }

    /**
     * Returns the savepoint that a run ends with; nothing while it is being taken.
     *
     * @throws FlinkRestException if it cannot be taken
     */
    Optional<String> savepoint(JobID id, String request) throws FlinkRestException, InterruptedException {
        JsonNode answer = get("jobs/" + id + "/savepoints/" + request);
        if (!answer.path("status").path("id").asText().equals("COMPLETED")) {
            return Optional.empty();
        }
        JsonNode failure = answer.path("operation").path("failure-cause");
        if (!failure.isMissingNode()) {
            String trace = failure.path("stack-trace").asText();
            throw new FlinkRestException(rootCause(trace), 0, trace);
        }
        return Optional.of(answer.path("operation").path("location").asText());
    }

    /** Ends a run without more ado. */
    void cancel(JobID id) throws FlinkRestException, InterruptedException {
        send(request("jobs/" + id + "?mode=cancel", LIMIT).method("PATCH", BodyPublishers.noBody()));
    }

    private JsonNode get(String path) throws FlinkRestException, InterruptedException {
        return send(request(path, LIMIT).GET());
    }

    private HttpRequest.Builder post(String path, JsonNode body, Duration limit) {
        return request(path, limit)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()));
    }

    private HttpRequest.Builder request(String path, Duration limit) {
        return HttpRequest.newBuilder(url.resolve("v1/" + path)).timeout(limit);
    }

    private JsonNode send(HttpRequest.Builder request) throws FlinkRestException, InterruptedException {
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() >= FIRST_FAILURE_STATUS) {
                throw refusal(answer);
            }
            return Json.mapper().readTree(answer.body());
        } catch (FlinkRestException e) {
            throw e;
        } catch (IOException e) {
            String reason = e instanceof ConnectException ? "no connection" : firstLine(String.valueOf(e.getMessage()));
            throw new FlinkRestException("Flink at %s does not answer: %s".formatted(shown(), reason), e);
        }
    }

    private FlinkRestException refusal(HttpResponse<byte[]> answer) {
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        String reason = text;
        try {
            // a list of sentences, of which the last one has the stack trace
            JsonNode errors = Json.mapper().readTree(text).path("errors");
            if (!errors.isEmpty()) {
                reason = errors.path(errors.size() - 1).asText();
            }
        } catch (IOException e) {
            // not Flink's own error: as it is
        }
        return new FlinkRestException(
                "Flink at %s answers %d: %s".formatted(shown(), answer.statusCode(), rootCause(reason)),
                answer.statusCode(),
                text);
    }

    /** Returns the last cause in a stack trace, in one line and without the package of its class. */
    static String rootCause(String stackTrace) {
        String cause = stackTrace
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("Caused by: "))
                .reduce((first, second) -> second)
                .orElseGet(() -> stackTrace
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("<Exception on server side"))
                        .findFirst()
                        .orElse("it does not say why"));
        return cause.replaceFirst("^Caused by: ", "").replaceFirst("^([\\w$]+\\.)+(?=[\\w$]+(: |$))", "");
    }

    private String shown() {
        String text = url.toString();
        return text.substring(0, text.length() - 1);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    /**
     * A cluster.
     *
     * @param version of Flink
     * @param freeSlots how many slots no job has
     */
    record Overview(String version, int freeSlots) {}

    /**
     * A run of a job.
     *
     * @param id the run
     * @param name the job's name
     * @param status how it stands
     * @param startedAt when it was handed over
     * @param allTasksRun whether every task of it runs
     */
    record Run(JobID id, String name, JobStatus status, Instant startedAt, boolean allTasksRun) {
        boolean hasEnded() {
            return status.isGloballyTerminalState();
        }
    }

    /**
     * Something that a run failed of.
     *
     * @param reason the root cause in one line
     * @param concernsState whether the state that it starts with can never be restored
     */
    record Failure(String reason, boolean concernsState) {}

    /**
     * A checkpoint or savepoint.
     *
     * @param path where it is
     * @param takenAt when it was complete
     */
    record Snapshot(String path, Instant takenAt) {}

    /**
     * A run to start.
     *
     * @param id what it shall be called; the cluster refuses one that it has had
     * @param main the class of the {@code main}
     * @param arguments of the {@code main}
     * @param parallelism where the job does not say another
     * @param snapshot what state to start with; null for none
     * @param configuration further settings of Flink
     */
    record Start(
            JobID id,
            String main,
            List<String> arguments,
            int parallelism,
            @Nullable String snapshot,
            Map<String, String> configuration) {}
}
