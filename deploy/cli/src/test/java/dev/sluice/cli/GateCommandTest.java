package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
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

class GateCommandTest {
    private static final String PATH = "/v1/gates/production/evaluate";

    private final LocalApi api = new LocalApi();

    @AfterEach
    void stop() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({
        "allow,   true,  200, 0",
        "deny,    false, 200, 10",
        "pending, false, 202, 11",
        "error,   false, 200, 1",
        "allow,   false, 200, 1",
        "other,   true,  200, 1"
    })
    void exitStatus_isTheDecision(String decision, boolean allowed, int status, int exitStatus) {
        api.answers(PATH, status, decision(decision, allowed));

        assertThat(gate().status()).isEqualTo(exitStatus);
    }

    @Test
    void asksWithServiceEnvironmentAndArtifact() throws IOException {
        api.answers(PATH, 200, decision("allow", true));

        gate("--digest", "sha256:00", "--commit", "abc", "--token", "secret");

        assertThat(api.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.contentType()).isEqualTo("application/json");
            assertThat(asked.authorization()).isEqualTo("Bearer secret");
            assertThat(Documents.mapper().readTree(asked.body()))
                    .isEqualTo(Documents.mapper().readTree("""
                                            {"service":"shop","environment":"production",
                                             "artifact":{"version":"1.2.3","digest":"sha256:00","commit":"abc"}}"""));
        });
    }

    @Test
    void textOutput_tellsReasonsInWords() {
        api.answers(PATH, 200, decision("deny", false));

        Run run = gate();

        assertThat(run.out())
                .contains("NO-GO  shop 1.2.3 -> production  (gate production)")
                .contains("success rate is too low")
                .contains("fail default/success-rate (enforce): 0.62 of 21 attempts")
                .doesNotContain("\u001B[");
    }

    @ParameterizedTest
    @ValueSource(strings = {"warn", "observe"})
    void ruleThatDoesNotDecide_warns(String mode) {
        api.answers(PATH, 200, decision("allow", true).replace("enforce", mode));

        assertThat(gate().out())
                .contains("warn default/success-rate (" + mode + "): 0.62 of 21 attempts")
                .doesNotContain("fail ");
    }

    @Test
    void ruleOfNoPolicy_hasNoSlash() {
        api.answers(PATH, 200, decision("deny", false).replace("\"policy\":\"default\"", "\"policy\":\"\""));

        assertThat(gate().out()).contains("fail success-rate (enforce)");
    }

    @Test
    void withoutUrl_asksTheSluiceOfTheDataDirectory(@TempDir Path data) throws IOException, URISyntaxException {
        api.answers(PATH, 200, decision("allow", true));
        try (var other = OtherProcess.on(data)) {
            other.ready(api.url());

            Run byVariable = Run.of(Map.of("SLUICE_DATA", data.toString()), Ansi.OFF, arguments());
            Run byOption = Run.of(Map.of(), Ansi.OFF, with("--data", data.toString()));

            assertThat(byVariable.status()).as(byVariable.err()).isZero();
            assertThat(byOption.status()).as(byOption.err()).isZero();
            assertThat(api.asked()).hasSize(2);
        }
    }

    @Test
    void url_winsOverTheDataDirectory(@TempDir Path data) throws IOException, URISyntaxException {
        api.answers(PATH, 200, decision("allow", true));
        try (var other = OtherProcess.on(data)) {
            other.ready("http://127.0.0.1:1");

            assertThat(gate("--data", data.toString()).status()).isZero();
            assertThat(Run.of(Map.of(), Ansi.OFF, with("--data", data.toString(), "--url", api.url()))
                            .status())
                    .isZero();
        }
    }

    @Test
    void startingSluice_isSaidToBeStarting(@TempDir Path data) throws IOException, URISyntaxException {
        try (var other = OtherProcess.on(data)) {
            Run run = Run.of(Map.of(), Ansi.OFF, with("--data", data.toString()));

            assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
            assertThat(run.err())
                    .contains("(process " + other.pid() + ") is still starting")
                    .doesNotContain("Start one");
        }
    }

    @Test
    void namedDirectoryOnWhichNothingRuns_isTold(@TempDir Path data) {
        Run run = Run.of(Map.of(), Ansi.OFF, with("--data", data.toString()));

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("no Sluice runs on the data directory " + data);
    }

    @Test
    void terminalOutput_isColoured() {
        api.answers(PATH, 200, decision("deny", false));

        Run run = Run.of(Map.of("SLUICE_URL", api.url()), Ansi.ON, arguments());

        assertThat(run.out()).contains("\u001B[1m\u001B[31mNO-GO");
    }

    @Test
    void controlCharactersOfOthers_doNotReachTheTerminal() {
        api.answers(PATH, 200, decision("deny", false).replace("0.62", "\\u001b[2J0.62"));

        assertThat(gate().out()).contains("?[2J0.62").doesNotContain("\u001B");
    }

    @Test
    void jsonOutput_isTheDecisionAndNothingElse() throws IOException {
        api.answers(PATH, 200, decision("deny", false));

        Run run = gate("--output", "json");

        assertThat(Documents.mapper().readTree(run.out()))
                .isEqualTo(Documents.mapper().readTree(decision("deny", false)));
        assertThat(run.status()).isEqualTo(ExitStatus.NO_GO);
    }

    @Test
    void refusedQuestion_isToldWithItsPointer() {
        api.answers(PATH, 400, """
                {"title":"Invalid request","detail":"the body is wrong","instance":"i-1",
                 "errors":[{"pointer":"/artifact/version","detail":"is required"}]}""");

        Run run = gate();

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("asking the gate production failed: Invalid request: the body is wrong")
                .contains("at /artifact/version: is required")
                .contains("[i-1]");
    }

    @Test
    void busyApi_isAskedAgainWhenItSays() {
        api.answers(PATH, 503, "{\"title\":\"busy\"}", Map.of("Retry-After", "1"))
                .answers(PATH, 200, decision("allow", true));

        assertThat(gate().status()).isEqualTo(ExitStatus.OK);
        assertThat(api.asked()).hasSize(2);
    }

    @Test
    void unreachableApi_saysHowToStartOne() {
        api.close();

        Run run = gate();

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("no Sluice answers at " + api.url()).contains("deploy/sluice up");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void missingOption_isWrongUsage() {
        Run run = Run.of("gate", "--service", "shop");

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("--environment").contains("--version");
    }

    @Test
    void url_isRefusedUnlessItIsOne() {
        Run run = Run.of(Map.of("SLUICE_URL", "localhost"), Ansi.OFF, arguments());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("not the URL of a gate API: localhost");
    }

    @Test
    void urlOfTheEnvironment_isRefusedWithItsName() {
        Run run = Run.of(Map.of("SLUICE_URL", "http://a b"), Ansi.OFF, arguments());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("SLUICE_URL is not a URL: http://a b");
    }

    private Run gate(String... more) {
        return Run.of(Map.of("SLUICE_URL", api.url()), Ansi.OFF, with(more));
    }

    private static String[] with(String... more) {
        return Stream.concat(Stream.of(arguments()), Stream.of(more)).toArray(String[]::new);
    }

    private static String[] arguments() {
        return new String[] {"gate", "--service", "shop", "--environment", "production", "--version", "1.2.3"};
    }

    private static String decision(String decision, boolean allowed) {
        return """
                {"id":"d1","gate":"production","service":"shop","environment":"production",
                 "artifact":{"version":"1.2.3"},"decision":"%s","allowed":%s,
                 "reason":"success rate is too low",
                 "rules":[{"policy":"default","rule":"success-rate","mode":"enforce","outcome":"deny",
                           "reason":"0.62 of 21 attempts"}]}""".formatted(decision, allowed);
    }
}
