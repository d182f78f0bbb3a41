package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class CanaryChangeTest {
    private final ObjectNode run = CanaryRuns.running();

    @Test
    void firstLine_hasAllWords() {
        assertThat(CanaryChange.line(new CanaryRun(run), null))
                .isEqualTo("2026-03-01T12:14:10Z; Running; stage 2; to fail 0.72/4.61;"
                        + " to pass errors 1.02 [0.612, infinity] 1.20/3.00, duration 1 [0.97, 1.04] 3.40/3.00"
                        + " (in about 7 min); errors: not proven to be within the margin: e = 3.32, needed 20;"
                        + " note: not randomised: by the config nothing assigns requests to the arms at random");
    }

    @Test
    void nextLine_hasNumbersAndWhatIsNew() {
        ObjectNode later = run.deepCopy().put("at", "2026-03-01T12:14:20Z").put("condition", "the source is gone");
        CanaryRuns.texts(later, "doubts", "errors: a counter fell back");

        assertThat(CanaryChange.line(new CanaryRun(later), new CanaryRun(run)))
                .startsWith("2026-03-01T12:14:20Z; Running; stage 2; to fail 0.72/4.61;")
                .endsWith("; doubt: errors: a counter fell back; condition: the source is gone")
                .doesNotContain("not proven", "note:");
    }

    @Test
    void verdict_hasItsReasons() {
        assertThat(CanaryChange.line(new CanaryRun(CanaryRuns.decided("Failed")), new CanaryRun(run)))
                .contains("2026-03-01T12:14:20Z; Failed; stage 2;")
                .endsWith("; errors: Failed by proof")
                .doesNotContain("in about");
    }

    @Test
    void nothingJudged_isTheTimeOfTheStart() {
        assertThat(CanaryChange.line(new CanaryRun(CanaryRuns.pending()), null))
                .isEqualTo("2026-03-01T12:00:00Z; Pending; stage 1");
    }

    @Test
    void end_isMarked() {
        run.put("ended_at", "2026-03-01T12:15:00Z");

        assertThat(CanaryChange.line(new CanaryRun(run), null)).contains("; stage 2, ended; ");
    }
}
