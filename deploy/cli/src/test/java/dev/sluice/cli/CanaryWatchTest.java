package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class CanaryWatchTest {
    private static final String PATH = "/v1/canaries/" + CanaryRuns.ID;
    private static final Duration PACE = Duration.ofMillis(5);

    private final LocalApi api = new LocalApi();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            Ansi.OFF,
            false,
            null);

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void asksUntilThereIsAVerdict() {
        answers(CanaryRuns.pending(), CanaryRuns.running(), CanaryRuns.decided("Successful"), CanaryRuns.pending());

        CanaryRun last = watch(WatchOutput.asLines(console.out()), false);

        assertThat(last.state()).isEqualTo("Successful");
        assertThat(lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("; Pending; "),
                        line -> assertThat(line).contains("; Running; "),
                        line -> assertThat(line).contains("; Successful; "));
        assertThat(api.asked(PATH)).hasSize(3).allSatisfy(asked -> {
            assertThat(asked.method()).isEqualTo("GET");
            assertThat(asked.query()).isEqualTo("wait=5ms");
        });
    }

    @Test
    void whatStandsAsItDid_isNoLine() {
        ObjectNode unseen = CanaryRuns.running().put("config_digest", "sha256:01");
        answers(CanaryRuns.running(), CanaryRuns.running(), unseen, CanaryRuns.decided("Failed"));

        watch(WatchOutput.asLines(console.out()), false);

        assertThat(lines()).hasSize(2);
    }

    @Test
    void json_isALineForEachChange() {
        ObjectNode late = CanaryRuns.running().put("late", 1);
        answers(CanaryRuns.running(), CanaryRuns.running(), late, CanaryRuns.decided("Failed"));

        watch(WatchOutput.asJson(console.out()), false);

        assertThat(lines())
                .containsExactly(
                        CanaryRuns.running().toString(),
                        late.toString(),
                        CanaryRuns.decided("Failed").toString());
    }

    @Test
    void toTheEnd_goesOnOverFurtherStages() {
        ObjectNode ended = CanaryRuns.decided("Inconclusive").put("ended_at", "2026-03-01T12:15:00Z");
        answers(CanaryRuns.decided("Successful"), CanaryRuns.running(), CanaryRuns.decided("Failed"), ended);

        CanaryRun last = watch(WatchOutput.asJson(console.out()), true);

        assertThat(last.state()).isEqualTo("Inconclusive");
        assertThat(lines()).hasSize(4);
    }

    @Test
    void toTheEnd_isUntilTheHorizonWhereNobodyEndsTheRollout() {
        ObjectNode closed = CanaryRuns.decided("Inconclusive").put("closed", true);
        ObjectNode later = CanaryRuns.decided("Failed").put("ended_at", "2026-03-01T12:15:00Z");
        answers(CanaryRuns.decided("Successful"), closed, later);

        CanaryRun last = watch(WatchOutput.asLines(console.out()), true);

        assertThat(last.exitStatus()).isEqualTo(ExitStatus.NOT_YET);
        assertThat(lines()).hasSize(2);
        assertThat(lines().get(1)).contains("; Inconclusive; stage 2, ended by its horizon; ");
    }

    @Test
    void runThatEndsBeforeItsVerdictIsThere_isAwaited() {
        ObjectNode ended = CanaryRuns.running().put("ended_at", "2026-03-01T12:15:00Z");
        answers(ended, CanaryRuns.decided("Inconclusive").put("ended_at", "2026-03-01T12:15:00Z"));

        assertThat(watch(WatchOutput.asJson(console.out()), true).state()).isEqualTo("Inconclusive");
    }

    @Test
    void busySluice_isToldOnceAndAskedAgain() {
        answers(CanaryRuns.running());
        api.answers(PATH, 503, "{\"title\":\"not read yet\"}", Map.of("Retry-After", "0"))
                .answers(PATH, 503, "{\"title\":\"not read yet\"}", Map.of("Retry-After", "0"));
        answers(CanaryRuns.decided("Successful"));

        watch(WatchOutput.asLines(console.out()), false);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "sluice: Sluice is busy at " + api.url() + "; trying again", "sluice: Sluice answers again");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void restartOfSluice_isSurvived() {
        answers(CanaryRuns.running());
        Map<String, String> atOnce = Map.of("Retry-After", "0");
        api.answers(PATH, 500, "", atOnce)
                .isLost(PATH)
                .answers(PATH, 502, "<html>", atOnce)
                .answers(PATH, 503, "{\"title\":\"starting\"}", atOnce);
        answers(CanaryRuns.decided("Failed"));

        CanaryRun last = watch(WatchOutput.asLines(console.out()), false);

        assertThat(last.state()).isEqualTo("Failed");
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("sluice: Sluice answers 500 at " + api.url() + "; trying again")
                .contains("sluice: Sluice does not answer at " + api.url() + "; trying again")
                .endsWith("sluice: Sluice answers again" + System.lineSeparator());
    }

    @Test
    void errorAtTheFirstLook_endsIt() {
        api.answers(PATH, 500, "{\"title\":\"Internal error\"}");

        assertThatThrownBy(() -> watch(WatchOutput.asLines(console.out()), false))
                .hasMessage("reading the canary run checkout-1-5-0 failed: Internal error");
        assertThat(api.asked()).hasSize(1);
    }

    @Test
    void outageMakesRoomOnTheScreen() {
        answers(CanaryRuns.running());
        api.answers(PATH, 503, "{\"title\":\"starting\"}", Map.of("Retry-After", "0"));
        answers(CanaryRuns.decided("Failed"));
        var told = new ArrayList<String>();
        var output = new WatchOutput() {
            @Override
            public void show(CanaryRun run) {
                told.add(run.state());
            }

            @Override
            public void leave() {
                told.add("leave");
            }
        };

        watch(output, false);

        assertThat(told).containsExactly("Running", "leave", "leave", "Failed");
    }

    @Test
    void runThatIsGone_endsIt() {
        answers(CanaryRuns.running());
        api.answers(PATH, 404, "{\"title\":\"Not found\",\"detail\":\"there is no such canary run\"}");

        assertThatThrownBy(() -> watch(WatchOutput.asLines(console.out()), false))
                .isInstanceOf(CommandFailedException.class)
                .hasMessage("reading the canary run checkout-1-5-0 failed: Not found: there is no such canary run");
    }

    @Test
    void outageThatLasts_endsIt() {
        api.answers(PATH, 503, "{\"title\":\"starting\"}", Map.of("Retry-After", "0"));
        var client = new ApiClient(URI.create(api.url()), null, Duration.ofMillis(300));
        var watch = new CanaryWatch(client, console, WatchOutput.asLines(console.out()), PACE);

        assertThatThrownBy(() -> watch.untilOver(CanaryRuns.ID, false)).hasMessageContaining("starting");
    }

    private CanaryRun watch(WatchOutput output, boolean toTheEnd) {
        var client = new ApiClient(URI.create(api.url()), null, Duration.ofMinutes(1));
        return new CanaryWatch(client, console, output, PACE).untilOver(CanaryRuns.ID, toTheEnd);
    }

    private void answers(ObjectNode... runs) {
        for (ObjectNode run : runs) {
            api.answers(PATH, 200, run.toString());
        }
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
