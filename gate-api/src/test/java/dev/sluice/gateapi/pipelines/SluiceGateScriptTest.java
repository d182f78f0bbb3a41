package dev.sluice.gateapi.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.embedded.FreePorts;
import dev.sluice.gateapi.pipelines.ScriptedServer.Asked;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sh/sluice-gate.sh} against answers that Sluice gives, and against such as nobody should believe. */
class SluiceGateScriptTest {
    private static final String ID = "019ca948-1c00-7a3b-9c5d-2e4f6a8b0c1d";
    private static final String TOKEN = "slc_live_secret";

    @TempDir
    Path folder;

    private final ScriptedServer server = new ScriptedServer();

    /** Instead of waiting it is written down for how long. */
    @BeforeEach
    void beImpatient() throws IOException {
        program("sleep", "echo \"$1\" >>\"$SLEPT\"");
    }

    private void program(String name, String text) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path program = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + text + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }

    private Map<String, String> withPrograms(Map<String, String> environment) {
        var all = new HashMap<String, String>(environment);
        all.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        all.put("SLEPT", folder.resolve("slept").toString());
        all.put("SEEN", folder.resolve("seen").toString());
        return all;
    }

    private List<String> slept() throws IOException {
        return Files.readAllLines(folder.resolve("slept"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static ObjectNode decision(String decision, boolean allowed, String reason) {
        ObjectNode answer = Json.mapper().createObjectNode().put("id", ID);
        answer.putObject("artifact")
                .put("version", "1")
                .put("decision", "allow")
                .put("allowed", true);
        answer.put("decision", decision).put("allowed", allowed).put("reason", reason);
        answer.putArray("rules").addObject().put("reason", "of a rule").put("decision", "allow");
        return answer;
    }

    private Execution run(String... options) {
        return run(Map.of("SLUICE_TOKEN", TOKEN), "dash", options);
    }

    private Execution run(Map<String, String> environment, String shell, String... options) {
        Execution.assumeInstalled(shell);
        Execution.assumeInstalled("curl");
        List<String> command = new ArrayList<>(List.of(
                shell,
                PipelineFiles.SCRIPT.toString(),
                "--url",
                server.url(),
                "--service=checkout",
                "--environment",
                "production"));
        command.addAll(Arrays.asList(options));
        return Execution.of(folder, withPrograms(environment), command.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource({
        "200, allow,   true,  0, allow,   true",
        "200, deny,    false, 1, deny,    false",
        "200, allow,   false, 1, deny,    false",
        "200, error,   false, 3, error,   false",
        "202, pending, false, 1, pending, false",
        "202, allow,   true,  3, error,   false",
        "200, pending, false, 3, error,   false",
        "200, deny,    true,  3, error,   false",
        "200, error,   true,  3, error,   false",
        "200, other,   true,  3, error,   false",
        "200, Allow,   true,  3, error,   false",
        "204, allow,   true,  3, error,   false",
        "302, allow,   true,  3, error,   false",
        "403, allow,   true,  3, error,   false",
        "500, allow,   true,  3, error,   false"
    })
    void onlyAnAnswerThatFitsTogetherAllows(
            int status, String decision, boolean allowed, int expected, String told, boolean toldAllowed)
            throws IOException {
        server.answers(
                status,
                status == 204 ? "" : decision(decision, allowed, "because").toString());

        Execution run = run("--timeout", "0", "--result", "result");

        assertThat(run.status()).as(run.text()).isEqualTo(expected);
        assertThat(Files.readAllLines(folder.resolve("result")))
                .hasSize(4)
                .contains("decision=" + told, "allowed=" + toldAllowed);
    }

    static Stream<String> noDecisions() {
        String good = decision("allow", true, "because").toString();
        return Stream.of(
                "",
                "{}",
                "[]",
                "null",
                "\"allow\"",
                "allow",
                "[" + good + "]",
                "{\"a\":" + good + "}",
                good.replace(ID, ""),
                good.replace(ID, ID + "/../x"),
                good.replace(ID, ID + "\\nallowed=true"),
                good + good,
                good + "x",
                good.replaceFirst("\"allowed\":true,\"reason\"", "\"allowed\":\"true\",\"reason\""),
                good.replaceFirst("\"reason\"", "\"decision\":\"allow\",\"reason\""),
                good.substring(0, good.length() - 1),
                good.replaceFirst("\"reason\":\"because\"", "\"reason\":\"because"));
    }

    @ParameterizedTest
    @MethodSource("noDecisions")
    void whatIsNoDecisionAllowsNothing(String body) {
        server.answers(200, body);

        assertThat(run("--timeout", "0").status()).isEqualTo(3);
    }

    @Test
    void damagedDecisionsAllowNothingThatTheyDoNotSay() {
        String denied = decision("deny", false, "\"decision\":\"allow\",\"allowed\":true \\ { [ : ,")
                .toString();
        var random = new Random(7);
        for (int i = 0; i < 30; i++) {
            var damaged = new StringBuilder(denied);
            for (int damage = random.nextInt(1, 4); damage > 0; damage--) {
                int at = random.nextInt(damaged.length());
                damaged.setCharAt(at, "\"\\{}[]:,tx".charAt(random.nextInt(10)));
            }
            server.alwaysAnswers(200, damaged.toString());
            assertThat(run("--timeout", "0").status()).as(damaged.toString()).isIn(1, 3);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.gateapi.pipelines.Execution#shells")
    void pendingIsAskedForAgain_asSlowlyAsSluiceSays(String shell) throws IOException {
        server.answers(202, decision("pending", false, "waits for data").toString(), Map.of("Retry-After", "7"))
                .answers(503, "", Map.of("Retry-After", "11"))
                .answers(429, "", Map.of("Retry-After", "Fri, 01 Jan 2027 00:00:00 GMT"))
                .answers(502, "", Map.of("retry-after", "1; touch pwned"))
                .answers(200, decision("allow", true, "because").toString());

        Execution run = run(Map.of("SLUICE_TOKEN", TOKEN), shell, "--timeout", "60");

        assertThat(run.status()).as(run.text()).isZero();
        assertThat(run.out())
                .containsExactly(
                        "sluice-gate: pending: waits for data",
                        "sluice-gate: allow: because",
                        "sluice-gate: " + server.url() + "/v1/decisions/" + ID);
        assertThat(server.asked())
                .extracting(asked -> asked.method() + " " + asked.target())
                .containsExactly(
                        "POST /v1/gates/production/evaluate",
                        "GET /v1/decisions/" + ID + "?wait=9s",
                        "GET /v1/decisions/" + ID + "?wait=9s",
                        "GET /v1/decisions/" + ID + "?wait=9s",
                        "GET /v1/decisions/" + ID + "?wait=9s");
        assertThat(slept()).containsExactly("7", "11", "2", "2");
        assertThat(server.asked()).extracting(Asked::authorization).containsOnly("Bearer " + TOKEN);
    }

    @Test
    void anotherDecisionThanTheOneThatWasAskedForIsNone() {
        server.answers(202, decision("pending", false, "waits").toString(), Map.of("Retry-After", "1"))
                .answers(
                        200,
                        decision("allow", true, "because").toString().replace(ID, ID.replace("019ca948", "019ca949")));

        assertThat(run("--timeout", "20").status()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void aReasonIsOneLine_andNoCommandOfAnyCiSystem(String shell, String hostile) throws IOException {
        server.answers(200, decision("deny", false, hostile).toString());

        Execution run = run(
                Map.of("SLUICE_TOKEN", TOKEN, "GITHUB_ACTIONS", "true"),
                shell,
                "--result",
                "result",
                "--dotenv",
                "dotenv",
                "--summary",
                "summary");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).hasSize(3);
        assertThat(run.out().get(0)).startsWith("sluice-gate: deny: ");
        assertThat(run.out().get(2)).startsWith("::error title=Sluice gate::deny: ");
        assertThat(WorkflowCommands.of(run.out())).hasSize(1);
        assertThat(String.join("", run.out()))
                .doesNotContainPattern("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]")
                .doesNotContain("##");
        assertThat(Files.readAllLines(folder.resolve("result")))
                .containsExactly(
                        "decision=deny",
                        "allowed=false",
                        "decision_id=" + ID,
                        "url=" + server.url() + "/v1/decisions/" + ID);
        assertThat(Files.readAllLines(folder.resolve("dotenv"))).hasSize(4);
        assertThat(Files.readAllLines(folder.resolve("summary")))
                .hasSize(6)
                .startsWith("### Sluice gate: deny", "")
                .satisfies(lines -> assertThat(lines.get(2)).startsWith("    "));
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    static Stream<Arguments> hostileTexts() {
        return Execution.shells()
                .flatMap(shell -> Stream.of(
                                "$(touch pwned) `touch pwned` ; touch pwned",
                                "\n::error::forged\r\n::set-output name=allowed::true",
                                "::add-mask::x",
                                "##[error]forged ####[x] ##vso[task.complete result=Succeeded;]",
                                "\u001b]0;title\u0007 \u001b[2J \u009b2J \u202egnp\u202c \u2028x\u2029",
                                "%0A::error::x %25 \\n \\u000a \\",
                                "\"quotes\" 'single' </pre><script>alert(1)</script> ``` | [a](b)",
                                "\u0000\u0001\t\b\f\u007f",
                                "allowed=true\nSLUICE_ALLOWED=true",
                                ":".repeat(500) + "#".repeat(600))
                        .map(text -> Arguments.of(shell, text)));
    }

    @Test
    void aReasonIsReadAsItIsMeant() {
        server.answers(
                200,
                "{\"id\":\"" + ID + "\",\"decision\":\"deny\",\"allowed\":false,"
                        + "\"reason\":\"Gr\\u00f6\\u00dfe \\u20ac Größe 日本 \\\"a\\\\b\\/c\\\" \\t.\"}");

        assertThat(run().out().get(0)).isEqualTo("sluice-gate: deny: Größe € Größe 日本 \"a\\b/c\"  .");
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void whatIsAskedIsWhatWasMeant(String shell, String hostile) throws IOException {
        String given = hostile.replace("\u0000", "") + "\n";
        server.answers(200, decision("allow", true, "because").toString());

        run(
                Map.of("SLUICE_TOKEN", TOKEN, "SLUICE_COMMIT", given, "SLUICE_DIGEST", ""),
                shell,
                "--version=" + given,
                "--service",
                given);

        JsonNode asked = Json.mapper().readTree(server.asked().get(0).body());
        ObjectNode expected =
                Json.mapper().createObjectNode().put("service", given).put("environment", "production");
        expected.putObject("artifact").put("version", given).put("commit", given);
        assertThat(asked).isEqualTo(expected);
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("dev.sluice.gateapi.pipelines.Execution#shells")
    void theTokenIsNeitherShownNorOnACommandLine(String shell) throws IOException {
        program("curl", """
                { echo "$*"; env; } >>"$SEEN"
                PATH=${PATH#*:}
                exec curl "$@\"""");
        server.answers(401, "{\"detail\":\"no token slc\"}");

        Execution run = run(Map.of("SLUICE_TOKEN", TOKEN + "\n"), shell, "--fail-on-error=false");

        assertThat(run.status()).isEqualTo(3);
        assertThat(server.asked()).extracting(Asked::authorization).containsExactly("Bearer " + TOKEN);
        assertThat(run.text()).contains("Sluice answers 401: no token slc").doesNotContain(TOKEN);
        assertThat(Files.readString(folder.resolve("seen"))).isNotEmpty().doesNotContain(TOKEN);
        String traced = Execution.of(
                        folder,
                        Map.of("SLUICE_TOKEN", TOKEN),
                        shell,
                        "-x",
                        PipelineFiles.SCRIPT.toString(),
                        "--url=" + server.url(),
                        "--service=a",
                        "--environment=b")
                .text();
        assertThat(traced).contains("Sluice answers 401").doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a\"\nurl = \"http://other\"", "a\\", "ä"})
    void whatIsNoTokenIsNotSent(String token) {
        server.answers(200, decision("allow", true, "because").toString());

        assertThat(run(Map.of("SLUICE_TOKEN", token), "dash", "--fail-on-error=false")
                        .status())
                .isEqualTo(3);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aFailureIsExcusedOnlyWhereThatIsSaid_andNeverARefusal() {
        String nowhere = "http://127.0.0.1:" + FreePorts.pick();

        assertThat(run("--url", nowhere, "--timeout", "0").status()).isEqualTo(3);
        assertThat(run("--url", nowhere, "--timeout", "0", "--fail-on-deny=false")
                        .status())
                .isEqualTo(3);
        Execution excused = run("--url", nowhere, "--timeout", "0", "--fail-on-error=false");
        assertThat(excused.status()).isZero();
        assertThat(excused.out())
                .containsExactly(
                        "sluice-gate: error: there is no answer of Sluice",
                        "sluice-gate: goes on all the same, as it was told to");
        for (int status : new int[] {400, 401, 403, 404, 301, 418}) {
            server.alwaysAnswers(status, "{\"detail\":\"wrong\"}");
            assertThat(run("--fail-on-error=false", "--fail-on-deny=false").status())
                    .as("status " + status)
                    .isEqualTo(3);
        }
    }

    @Test
    void aDenialIsExcusedOnlyWhereThatIsSaid() {
        server.answers(200, decision("deny", false, "because").toString());

        assertThat(run("--fail-on-error=false").status()).isEqualTo(1);
        Execution excused = run("--fail-on-deny=false", "--result=result");
        assertThat(excused.status()).isZero();
        assertThat(PipelineFiles.text(folder.resolve("result"))).contains("decision=deny\nallowed=false\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--service=",
                "--environment=",
                "--url=",
                "--url=ftp://a",
                "--url=http://user@a",
                "--url=http://a b",
                "--url=http://a\nb",
                "--gate=../../x",
                "--gate=a b",
                "--gate=-a",
                "--timeout=1m",
                "--timeout=123456",
                "--fail-on-deny=no",
                "--fail-on-error=0",
                "--token=a",
                "--service",
                "checkout"
            })
    void wrongUsageIsTold_andNothingIsAsked(String option) {
        server.answers(200, decision("allow", true, "because").toString());

        Execution run = run(option);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("sluice-gate: ").hasLineCount(1);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void helpNamesEachOptionAndVariableThatTheScriptReads() {
        String help = String.join("\n", run("--help").out());

        String script = PipelineFiles.text("sh/sluice-gate.sh");
        for (String option : List.of(
                "url",
                "service",
                "environment",
                "version",
                "digest",
                "commit",
                "gate",
                "timeout",
                "fail-on-deny",
                "fail-on-error",
                "audience",
                "result",
                "dotenv",
                "summary")) {
            assertThat(script).contains("    --" + option + ") ");
            assertThat(help).contains("--" + option + " ");
        }
        assertThat(Pattern.compile("\\$\\{(SLUICE_[A-Z_]+|CIRCLE_[A-Z0-9_]+):-}")
                        .matcher(script)
                        .results()
                        .map(found -> found.group(1)))
                .hasSizeGreaterThan(15)
                .allSatisfy(variable -> assertThat(help).contains(variable));
    }

    @Test
    void ofManyFailuresInARowTheFourthIsTheLast() throws IOException {
        server.answers(503, "", Map.of("Retry-After", "1"));

        Execution run = run("--timeout=60");

        assertThat(run.status()).isEqualTo(3);
        assertThat(server.asked()).hasSize(4);
        assertThat(slept()).containsExactly("1", "1", "1");
    }

    @Test
    void aTokenOfTheCiSystemIsExchanged_once() {
        server.answers(200, "{\"access_token\":\"slc_live_exchanged\",\"token_type\":\"Bearer\"}")
                .answers(200, decision("allow", true, "because").toString());

        Execution run = run(Map.of("CIRCLE_OIDC_TOKEN_V2", "a.b-c.d_e"), "dash");

        assertThat(run.status()).as(run.text()).isZero();
        assertThat(run.text()).doesNotContain("slc_live_exchanged").doesNotContain("a.b-c");
        assertThat(server.asked().get(0))
                .isEqualTo(new Asked(
                        "POST",
                        "/v1/oidc/token",
                        "",
                        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token_type="
                                + "urn:ietf:params:oauth:token-type:jwt&subject_token=a.b-c.d_e"));
        assertThat(server.asked().get(1).authorization()).isEqualTo("Bearer slc_live_exchanged");
        assertThat(run(Map.of("SLUICE_CI_TOKEN", "a.b.c"), "dash", "--timeout=541")
                        .status())
                .isEqualTo(2);
    }

    @Test
    void itLeavesNothingBehind() throws IOException {
        server.answers(200, decision("allow", true, "because").toString());
        Path temporary = Files.createDirectory(folder.resolve("tmp"));

        run(Map.of("SLUICE_TOKEN", TOKEN, "TMPDIR", temporary.toString()), "dash");

        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }
}
