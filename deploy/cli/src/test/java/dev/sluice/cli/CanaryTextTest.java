package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Help.Ansi;

class CanaryTextTest {
    private final ObjectNode run = CanaryRuns.running();

    @Test
    void wideTerminal_showsATableOfTheMetrics() {
        assertThat(text(200)).isEqualTo("""
                Running  checkout-1-5-0
                checkout in production, 1.4.0 -> 1.5.0
                stage 2 since 2026-03-01T12:10:00Z; judged up to 2026-03-01T12:14:10Z
                to fail  [###-----------------]  log e 0.72 of 4.61, none in sight
                to pass  log e 3.00 of each required metric, in about 7 min

                METRIC         KIND     VERDICT    BASELINE    CANARY  ESTIMATE           INTERVAL  TOLERANCE  MARGIN  LOG E FAIL         LOG E PASS
                --------  ---------  ----------  ----------  --------  --------  -----------------  ---------  ------  ----------  -----------------
                errors        ratio     Running   97/48,210  23/4,790      1.02  [0.612, infinity]        0.1     0.5        0.72  [####------] 1.20
                duration  histogram  Successful  482/48,210  47/4,790         1       [0.97, 1.04]       0.05     0.2           -  [##########] 3.40

                  errors: not proven to be within the margin: e = 3.32, needed 20
                  note: not randomised: by the config nothing assigns requests to the arms at random""");
    }

    /** Early on no pass may be in sight at the worse end of what is known. */
    @Test
    void showsBetweenWhichTimesAPassMayCome() {
        run.put("seconds_to_pass_least", 180).put("seconds_to_pass_most", 1800);
        assertThat(text(200)).contains("in about 7 min (3 min to 30 min)");
        run.putNull("seconds_to_pass_most");
        assertThat(text(200)).contains("in about 7 min (3 min at the least)");
    }

    @Test
    void narrowerTerminal_leavesOutTheCounts() {
        assertThat(text(120))
                .contains("METRIC         KIND     VERDICT  ESTIMATE           INTERVAL  TOLERANCE  MARGIN")
                .doesNotContain("48,210");
    }

    @Test
    void narrowTerminal_showsEachMetricInItsOwnLines() {
        assertThat(text(80)).contains("""
                errors  ratio  Running
                  estimate 1.02 [0.612, infinity], tolerance 0.1, margin 0.5
                  log e: fail 0.72, pass [####------] 1.20
                duration  histogram  Successful
                  estimate 1 [0.97, 1.04], tolerance 0.05, margin 0.2
                  log e: fail -, pass [##########] 3.40
                """);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 40, 60, 80, 100, 140, 200})
    void isNotWiderThanTheTerminal_butForALongWord(int columns) {
        CanaryRuns.texts(run, "doubts", "errors: " + "no series of errors was heard of so far, and ".repeat(5));

        assertThat(text(columns).lines())
                .allSatisfy(line -> assertThat(
                                line.length() <= columns || !line.strip().contains(" "))
                        .as(line)
                        .isTrue());
    }

    @Test
    void nothingJudged_isSaid() {
        assertThat(lines(CanaryRuns.pending(), 80)).isEqualTo("""
                Pending  checkout-1-5-0
                checkout in production, ? -> 1.5.0
                stage 1 since 2026-03-01T12:00:00Z; nothing judged yet""");
    }

    @Test
    void whatIsWrongWithTheData_isShown() {
        CanaryRuns.texts(run, "doubts", "errors: a counter fell back");
        run.put("condition", "the source main answers 503").put("late", 3);

        assertThat(text(200))
                .contains("\n  doubt: errors: a counter fell back\n")
                .contains("\n  condition: the source main answers 503\n")
                .contains("\n  late: 3 points left out\n");
    }

    @Test
    void decidedRun_hasNoTimesToWait() {
        String text = lines(CanaryRuns.decided("Failed").put("ended_at", "2026-03-01T12:15:00Z"), 200);

        assertThat(text)
                .startsWith("Failed  checkout-1-5-0\n")
                .contains("; ended at 2026-03-01T12:15:00Z\n")
                .doesNotContain("in about", "in sight");
    }

    @ParameterizedTest
    @CsvSource({"Successful,32", "Failed,31", "Error,31", "Inconclusive,33"})
    void verdictsAreColoured(String state, String colour) {
        StyledLine headline =
                CanaryText.lines(new CanaryRun(CanaryRuns.decided(state)), 200).get(0);

        assertThat(headline.painted(Ansi.ON))
                .isEqualTo("\u001B[1m\u001B[" + colour + "m" + state + "  checkout-1-5-0\u001B[0m");
        assertThat(headline.painted(Ansi.OFF)).isEqualTo(state + "  checkout-1-5-0");
    }

    @Test
    void metricThatIsDecided_hasItsColour() {
        List<StyledLine> lines = CanaryText.lines(new CanaryRun(run), 200);

        assertThat(lines)
                .filteredOn(line -> line.text().startsWith("duration"))
                .singleElement()
                .extracting(StyledLine::style)
                .isEqualTo("green");
        assertThat(lines)
                .filteredOn(line -> line.text().startsWith("errors"))
                .first()
                .extracting(StyledLine::style)
                .isNull();
    }

    @Test
    void whatOthersNamed_doesNotSteerTheTerminal() {
        run.put("service", "check\u001B[2Jout\u009B1m");
        ((ObjectNode) run.path("metrics").path(0)).put("name", "err\nors\u202E@|red x|@");
        CanaryRuns.reasons(run, "a\u0007b");

        assertThat(text(200))
                .contains("check?[2Jout?1m in production", "err?ors?@|red x|@ ", "  a?b\n")
                .doesNotContain("\u001B", "\u009B", "\u202E", "\u0007");
    }

    @Test
    void evidenceAgainst_isAnEmptyBar() {
        ((ObjectNode) run.path("metrics").path(0)).put("log_e_pass", -9.3);

        assertThat(text(200)).contains("[----------] -9.30");
    }

    @Test
    void barIsFullOnlyWhenItIsEnough() {
        ((ObjectNode) run.path("metrics").path(0)).put("log_e_pass", 2.98);

        assertThat(text(200)).contains("[#########-] 2.98");
    }

    private String text(int columns) {
        return lines(run, columns);
    }

    private static String lines(ObjectNode run, int columns) {
        return CanaryText.lines(new CanaryRun(run), columns).stream()
                .map(StyledLine::text)
                .collect(Collectors.joining("\n"));
    }
}
