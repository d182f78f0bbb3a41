package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlinkRestTest {
    private static final JobID ID = new JobID(1, 2);

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private HttpServer server;
    private FlinkRest rest;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/flink/v1/", exchange -> {
            Answer answer = answers.getOrDefault(
                    exchange.getRequestURI().getPath().substring("/flink/v1/".length()), new Answer(404, "nothing"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        rest = new FlinkRest(URI.create(url()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/flink";
    }

    @Test
    void runs_theNewestFirst() throws IOException, InterruptedException {
        answers.put("jobs/overview", new Answer(200, """
                {"jobs":[
                  {"jid":"00000000000000010000000000000002","name":"old","state":"FAILED","start-time":1000,
                   "tasks":{"total":2,"running":0}},
                  {"jid":"00000000000000010000000000000003","name":"new","state":"RUNNING","start-time":2000,
                   "tasks":{"total":2,"running":2}}]}"""));

        assertThat(rest.runs())
                .containsExactly(
                        new FlinkRest.Run(new JobID(1, 3), "new", JobStatus.RUNNING, Instant.ofEpochMilli(2000), true),
                        new FlinkRest.Run(ID, "old", JobStatus.FAILED, Instant.ofEpochMilli(1000), false));
    }

    @Test
    void newestSnapshot_isTheLaterOfCheckpointAndSavepoint() throws IOException, InterruptedException {
        checkpoints("""
                {"completed":{"external_path":"file:/c/chk-7","latest_ack_timestamp":7,"discarded":false},
                 "savepoint":{"external_path":"file:/s/savepoint-1","latest_ack_timestamp":8,"discarded":false},
                 "restored":{"external_path":"file:/c/chk-1","restore_timestamp":9}}""");

        assertThat(rest.newestSnapshot(ID))
                .contains(new FlinkRest.Snapshot("file:/s/savepoint-1", Instant.ofEpochMilli(8)));
    }

    @Test
    void newestSnapshot_isTheRestoredOneWhereNoneIsLeft() throws IOException, InterruptedException {
        checkpoints("""
                {"completed":{"external_path":"file:/c/chk-7","latest_ack_timestamp":7,"discarded":true},
                 "savepoint":null,
                 "restored":{"external_path":"file:/c/chk-1","restore_timestamp":5}}""");

        assertThat(rest.newestSnapshot(ID)).contains(new FlinkRest.Snapshot("file:/c/chk-1", Instant.ofEpochMilli(5)));
    }

    @Test
    void checkpointInMemory_isNone() throws IOException, InterruptedException {
        checkpoints("""
                {"completed":{"external_path":"<checkpoint-not-externally-addressable>","latest_ack_timestamp":7,
                              "discarded":false},
                 "savepoint":null,"restored":null}""");

        assertThat(rest.newestSnapshot(ID)).isEqualTo(Optional.empty());
    }

    @Test
    void failures_sayWhetherTheStateIsInTheWay() throws IOException, InterruptedException {
        answers.put("jobs/" + ID + "/exceptions", new Answer(200, """
                {"exceptionHistory":{"entries":[
                  {"stacktrace":"a.JobException: no\\nCaused by: a.b.NoResourceAvailableException: no slot\\n\\tat c\\nCaused by: a.TimeoutException: 5 min"},
                  {"stacktrace":"a.b.BackendBuildingException: x\\n\\tat c\\nCaused by: java.io.FileNotFoundException: chk-7/1"}]}}"""));

        assertThat(rest.failures(ID))
                .containsExactly(
                        new FlinkRest.Failure("TimeoutException: 5 min", false),
                        new FlinkRest.Failure("FileNotFoundException: chk-7/1", true));
    }

    @Test
    void refusal_saysTheRootCause() {
        answers.put("overview", new Answer(500, """
                {"errors":["Internal server error.",
                "<Exception on server side:\\norg.flink.Outer: no\\n\\tat a.b\\nCaused by: java.lang.IllegalArgumentException: SLUICE_X is missing\\n\\tat c.d\\nEnd of exception on server side>"]}"""));

        assertThatThrownBy(rest::overview)
                .isInstanceOf(FlinkRestException.class)
                .hasMessage("Flink at %s answers 500: IllegalArgumentException: SLUICE_X is missing", url());
    }

    @Test
    void whatIsNotFlink_isTold() {
        answers.put("overview", new Answer(200, "<html>"));

        assertThatThrownBy(rest::overview)
                .isInstanceOf(FlinkRestException.class)
                .hasMessageStartingWith("Flink at " + url() + " does not answer: ");
    }

    private void checkpoints(String latest) {
        answers.put("jobs/" + ID + "/checkpoints", new Answer(200, "{\"latest\":" + latest + "}"));
    }

    private record Answer(int status, String body) {}
}
