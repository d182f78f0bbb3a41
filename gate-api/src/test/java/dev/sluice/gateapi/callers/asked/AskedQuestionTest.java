package dev.sluice.gateapi.callers.asked;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.callers.asked.AskedQuestion.Subject;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AskedQuestionTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final AskedQuestion QUESTION = AskedQuestion.of(
            "github",
            "shop",
            NOW,
            new Subject("production", "checkout", "production", null, "abc"),
            Map.of("run", "123"));

    @Test
    void thatItIsPendingIsReportedInOtherWordsOnly_andNotTooOften() {
        AskedQuestion question = QUESTION;
        int reports = 0;
        for (int i = 0; i < 100; i++) {
            if (question.isToBeReported("waiting for " + i / 2, 10)) {
                question = question.reported("waiting for " + i / 2);
                reports++;
            }
        }

        assertThat(reports).isEqualTo(10);
        assertThat(question.said()).isEqualTo("waiting for 9");
        assertThat(QUESTION.isToBeReported("waiting", 0)).isFalse();
    }

    @Test
    void isReadFromTheLogAsItWasKept() {
        AskedQuestion full = QUESTION.decidedBy("id")
                .reported("waiting")
                .noted(Map.of("check_run", "7"))
                .ended("told", "answered with 204", NOW);
        AskedQuestion refused = AskedQuestion.refused("github", "shop", NOW, "not set up", Map.of());

        for (AskedQuestion question : new AskedQuestion[] {QUESTION, full, refused}) {
            var kept = new Control(
                    "default",
                    Control.GATE_QUESTION,
                    "1",
                    "p",
                    NOW,
                    false,
                    Json.mapper().valueToTree(question));
            assertThat(AskedQuestion.of(Json.read(Json.bytes(kept), Control.class)))
                    .isEqualTo(question);
            assertThat(Questions.isEnded(kept)).isEqualTo(question.equals(full));
        }
    }

    @Test
    void asksAGateOrIsRefused() {
        var none = new TreeMap<String, String>();

        assertThatThrownBy(() -> new AskedQuestion("github", "shop", NOW, null, null, none, null, 0, null, none, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
