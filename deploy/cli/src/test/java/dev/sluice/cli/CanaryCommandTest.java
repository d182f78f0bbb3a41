package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class CanaryCommandTest {
    private static final String RUNS = "/v1/canaries";
    private static final String RUN = RUNS + "/" + CanaryRuns.ID;
    private static final Terminal TERMINAL = () -> new Terminal.Size(100, 40);

    private final LocalApi api = new LocalApi();

    @TempDir
    private Path directory = Path.of("");

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({"Successful,0", "Failed,10", "Inconclusive,11", "Error,1", "Other,1"})
    void watch_endsWithTheVerdict(String state, int status) {
        api.answers(RUN, 200, CanaryRuns.decided(state).toString());

        Run run = canary("watch", CanaryRuns.ID);

        assertThat(run.status()).isEqualTo(status);
        assertThat(run.out()).contains("; " + state + "; stage 2;");
        assertThat(run.err()).isEmpty();
        assertThat(api.asked())
                .singleElement()
                .satisfies(asked -> assertThat(asked.query()).isEqualTo("wait=3000ms"));
    }

    @ParameterizedTest
    @CsvSource({"Pending,11", "Running,11", "Successful,0", "Failed,10"})
    void watchOnce_doesNotWait(String state, int status) {
        api.answers(RUN, 200, CanaryRuns.running().put("state", state).toString());

        Run run = canary("watch", CanaryRuns.ID, "--once");

        assertThat(run.status()).isEqualTo(status);
        assertThat(run.out())
                .startsWith(state + "  checkout-1-5-0\n")
                .contains("METRIC ", "errors ", "duration ", "note: not randomised")
                .doesNotContain("\u001B");
        assertThat(api.asked())
                .singleElement()
                .satisfies(asked -> assertThat(asked.query()).isEqualTo("null"));
    }

    @Test
    void watchJson_isOneLine() throws IOException {
        api.answers(RUN, 200, CanaryRuns.decided("Failed").toString());

        Run run = canary("watch", CanaryRuns.ID, "--once", "--output", "json");

        assertThat(run.out().lines()).hasSize(1);
        assertThat(Documents.mapper().readTree(run.out())).isEqualTo(CanaryRuns.decided("Failed"));
        assertThat(run.status()).isEqualTo(ExitStatus.NO_GO);
    }

    @Test
    void watchOnATerminal_isDrawnInColours() {
        api.answers(RUN, 200, CanaryRuns.decided("Failed").toString());

        Run run = Run.on(TERMINAL, environment(), Ansi.ON, "canary", "watch", CanaryRuns.ID);

        assertThat(run.status()).isEqualTo(ExitStatus.NO_GO);
        assertThat(run.out()).contains("\u001B[?7l", "\u001B[1m\u001B[31mFailed  checkout-1-5-0\u001B[0m\u001B[K");
    }

    @Test
    void watchOnATerminalWithoutColours_isDrawn() {
        api.answers(RUN, 200, CanaryRuns.decided("Failed").toString());

        Run byOption = Run.on(TERMINAL, environment(), Ansi.ON, "canary", "watch", CanaryRuns.ID, "--no-color");
        Run byVariable = Run.on(TERMINAL, environment(), Ansi.OFF, "canary", "watch", CanaryRuns.ID);

        assertThat(byOption.out())
                .contains("\u001B[?7lFailed  checkout-1-5-0\u001B[K")
                .doesNotContain("\u001B[31m");
        assertThat(byVariable).isEqualTo(byOption);
    }

    @Test
    void watchOnceOnATerminal_isAsWideAsThat() {
        api.answers(RUN, 200, CanaryRuns.running().toString());

        Run run = Run.on(TERMINAL, environment(), Ansi.OFF, "canary", "watch", CanaryRuns.ID, "--once");

        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(run.out()).doesNotContain("\u001B");
    }

    @Test
    void watchOfARunThatIsNotThere_isTold() {
        api.answers(RUN, 404, "{\"title\":\"Not found\",\"detail\":\"there is no such canary run\"}");

        Run run = canary("watch", CanaryRuns.ID);

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err())
                .contains("reading the canary run checkout-1-5-0 failed: Not found: there is no such canary run");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void watchWhereNothingAnswers_endsAtOnce() {
        api.close();

        Run run = canary("watch", CanaryRuns.ID);

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("no Sluice answers at " + api.url()).contains("deploy/sluice up");
    }

    @Test
    void watchOfSomethingElse_isTold() {
        api.answers(RUN, 200, "{\"hello\":1}");

        Run run = canary("watch", CanaryRuns.ID);

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("is no canary run");
    }

    @Test
    void idThatIsNone_doesNotLeaveItsRoute() {
        api.answers("/v1/canaries/../gates", 404, "{\"title\":\"Not found\"}");

        canary("watch", "../gates", "--token", "secret");

        assertThat(api.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.path()).isEqualTo("/v1/canaries/../gates");
            assertThat(asked.authorization()).isEqualTo("Bearer secret");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"watch", "watch x --once --follow", "watch x --timeout 0", "stage", "end", "start", "", "bogus"})
    void wrongUsage_isToldBeforeAnythingIsAsked(String arguments) {
        Run run = canary(arguments.isEmpty() ? new String[0] : arguments.split(" "));

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("Usage: sluice canary");
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void list_isATable() {
        api.answers(RUNS, 200, listed());

        Run run = canary("list", "--service", "checkout", "--environment", "production");

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .isEqualTo(String.join(
                        System.lineSeparator(),
                        "RUN              SERVICE  ENVIRONMENT  BASELINE  CANARY    STATE  STAGE               STARTED                 ENDED",
                        "--------------  --------  -----------  --------  ------  -------  -----  --------------------  --------------------",
                        "checkout-1-5-0  checkout   production     1.4.0   1.5.0  Running      2  2026-03-01T12:00:00Z                     -",
                        "checkout-1-5-0  checkout   production         -   1.5.0  Pending      1  2026-03-01T12:00:00Z  2026-03-01T13:00:00Z",
                        ""));
        assertThat(api.asked())
                .singleElement()
                .satisfies(asked -> assertThat(asked.query()).isEqualTo("service=checkout&environment=production"));
    }

    @Test
    void listJson_isTheDocument() throws IOException {
        api.answers(RUNS, 200, listed());

        assertThat(Documents.mapper()
                        .readTree(canary("list", "--output", "json").out()))
                .isEqualTo(Documents.mapper().readTree(listed()));
    }

    @Test
    void start_sendsTheFileAndPrintsTheId() throws IOException {
        api.answers(RUNS, 201, CanaryRuns.pending().toString());
        Path file = Files.writeString(directory.resolve("run.yaml"), """
                id: checkout-1-5-0
                service: checkout
                environment: production
                canary: "1.5.0"
                config:
                  metrics:
                    - {name: errors, kind: ratio}
                """);

        Run run = canary("start", file.toString());

        assertThat(run).isEqualTo(new Run(0, "checkout-1-5-0" + System.lineSeparator(), ""));
        assertThat(api.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.contentType()).isEqualTo("application/json");
            assertThat(Documents.mapper().readTree(asked.body()))
                    .isEqualTo(Documents.mapper().readTree("""
                                            {"id":"checkout-1-5-0","service":"checkout","environment":"production",
                                             "canary":"1.5.0","config":{"metrics":[{"name":"errors","kind":"ratio"}]}}"""));
        });
    }

    @Test
    void start_takesWhatChangesFromTheCommandLine() throws IOException {
        api.answers(RUNS, 201, CanaryRuns.pending().toString());
        Path file = Files.writeString(directory.resolve("run.json"), "{\"id\":\"a\",\"canary\":\"1\"}");

        canary("start", file.toString(), "--id", "b", "--baseline", "1.10", "--canary", "1.20");

        assertThat(body())
                .isEqualTo(Documents.mapper().readTree("{\"id\":\"b\",\"canary\":\"1.20\",\"baseline\":\"1.10\"}"));
    }

    @Test
    void startWithoutAnId_isSafeToRepeat() throws IOException {
        api.answers(RUNS, 503, "{\"title\":\"busy\"}", Map.of("Retry-After", "0"))
                .answers(RUNS, 201, CanaryRuns.pending().toString());
        Path file = Files.writeString(directory.resolve("run.json"), "{\"id\":null}");

        assertThat(canary("start", file.toString()).status()).isZero();

        assertThat(api.asked(RUNS)).hasSize(2).extracting(LocalApi.Asked::body).satisfies(bodies -> {
            assertThat(bodies.get(0)).isEqualTo(bodies.get(1));
            assertThat(Documents.mapper().readTree(bodies.get(0)).path("id").asText())
                    .matches("[a-z0-9][a-z0-9-]{0,62}");
        });
    }

    @Test
    void startThatIsRefused_isToldWithItsPointer() throws IOException {
        api.answers(RUNS, 400, """
                {"title":"Invalid request","errors":[{"pointer":"/config/metrics/0/kind","detail":"is unknown"}]}""");
        Path file = Files.writeString(directory.resolve("run.json"), "{}");

        Run run = canary("start", file.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err())
                .contains("starting the canary run failed: Invalid request")
                .contains("at /config/metrics/0/kind: is unknown");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[1]|is no object", "a: 1\\na: 2|not YAML: Duplicate field", "'a: ['|not YAML"})
    void startOfAFileThatIsNone_isToldBeforeAnythingIsSent(String text, String problem) throws IOException {
        Path file = Files.writeString(directory.resolve("run.yaml"), text.replace("\\n", "\n"));

        Run run = canary("start", file.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("run.yaml").contains(problem);
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void startOfAFileThatIsNotThere_isTold() {
        assertThat(canary("start", "absent.yaml").err()).contains("cannot read absent.yaml: there is no such file");
    }

    @Test
    void stage_isSaidOnce() {
        api.answers(RUN + "/stages", 200, CanaryRuns.running().toString());

        Run run = canary("stage", CanaryRuns.ID);

        assertThat(run)
                .isEqualTo(new Run(
                        0, "checkout-1-5-0: stage 2 began at 2026-03-01T12:10:00Z" + System.lineSeparator(), ""));
        assertThat(api.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.body()).isEqualTo("{}");
        });
    }

    @Test
    void stageThatMayHaveBegun_isNotRepeated() {
        api.answers(RUN + "/stages", 503, "{\"title\":\"busy\"}", Map.of("Retry-After", "0"))
                .answers(RUN + "/stages", 200, CanaryRuns.running().toString());

        Run run = canary("stage", CanaryRuns.ID);

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err())
                .contains("beginning a stage of the canary run checkout-1-5-0 failed: busy")
                .contains("It may have begun all the same");
        assertThat(api.asked()).hasSize(1);
    }

    @Test
    void stageOfATime_isRepeated() {
        api.answers(RUN + "/stages", 503, "{\"title\":\"busy\"}", Map.of("Retry-After", "0"))
                .answers(RUN + "/stages", 200, CanaryRuns.running().toString());

        Run run = canary("stage", CanaryRuns.ID, "--at", "2026-03-01T12:10:00Z", "--output", "json");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("\"stages\" : [ \"2026-03-01T12:10:00Z\" ]");
        assertThat(api.asked())
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked.body()).isEqualTo("{\"at\":\"2026-03-01T12:10:00Z\"}"));
    }

    /** The API says what is wrong with a document as detail and pointer of the problem, and in the list of errors. */
    @Test
    void changeThatIsRefused_isToldOnce() {
        String error = "\"pointer\":\"/at\",\"detail\":\"at must not be in the future\"";
        api.answers(RUN + "/stages", 400, "{\"title\":\"Invalid document\",%1$s,\"errors\":[{%1$s}]}".formatted(error));

        Run run = canary("stage", CanaryRuns.ID, "--at", "2999-03-01T12:10:00Z");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).isEqualToNormalizingNewlines("""
                        sluice: beginning a stage of the canary run checkout-1-5-0 failed: Invalid document
                          at /at: at must not be in the future
                        """);
    }

    @Test
    void startWithSeveralErrors_isToldEachOnce() throws IOException {
        api.answers(RUNS, 400, """
                {"title":"Invalid document","detail":"the document has 2 errors; the first: is unknown","pointer":"/a",
                 "errors":[{"pointer":"/a","detail":"is unknown"},{"pointer":"/b","detail":"is required"}]}""");
        Path file = Files.writeString(directory.resolve("run.json"), "{}");

        assertThat(canary("start", file.toString()).err()).isEqualToNormalizingNewlines("""
                        sluice: starting the canary run failed: Invalid document
                          at /a: is unknown
                          at /b: is required
                        """);
    }

    @Test
    void end_isRepeatedUntilItIsSaid() {
        api.answers(RUN + "/end", 503, "{\"title\":\"busy\"}", Map.of("Retry-After", "0"))
                .answers(
                        RUN + "/end",
                        200,
                        CanaryRuns.decided("Failed")
                                .put("ended_at", "2026-03-01T12:15:00Z")
                                .toString());

        Run run = canary("end", CanaryRuns.ID);

        assertThat(run)
                .isEqualTo(new Run(0, "checkout-1-5-0: ended at 2026-03-01T12:15:00Z" + System.lineSeparator(), ""));
        assertThat(api.asked())
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked.body()).isEqualTo("{}"));
    }

    @Test
    void help_tellsTheExitStatus() {
        Run run = canary("watch", "--help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("Exit status:", "Inconclusive; with --once also Pending and Running");
        assertThat(canary("help", "watch").out()).isEqualTo(run.out());
    }

    private JsonNode body() throws IOException {
        return Documents.mapper().readTree(api.asked().get(0).body());
    }

    private Run canary(String... arguments) {
        return Run.of(
                environment(),
                Ansi.OFF,
                Stream.concat(Stream.of("canary"), Stream.of(arguments)).toArray(String[]::new));
    }

    private Map<String, String> environment() {
        return Map.of("SLUICE_URL", api.url());
    }

    private static String listed() {
        return "{\"canaries\":[%s,%s]}"
                .formatted(CanaryRuns.running(), CanaryRuns.pending().put("ended_at", "2026-03-01T13:00:00Z"));
    }
}
