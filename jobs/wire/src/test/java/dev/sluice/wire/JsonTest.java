package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final Instant AT = Instant.parse("2025-03-03T12:00:00.120Z");

    private static final PeriodRow ROW = new PeriodRow(
            "default",
            "shop",
            "production",
            "Europe/Berlin",
            PeriodKind.WEEK,
            "2025-W10",
            LocalDate.of(2025, 3, 3),
            LocalDate.of(2025, 3, 10),
            true,
            DeliveryMetrics.empty()
                    .with(new DeliveryMetrics.DeploymentFrequency(2, 2 / 7.0, null, 1, 0, null, null, 1, 1, 0, 0))
                    .with(new DeliveryMetrics.ChangeLeadTime(3, 1.5, null, 2.25, 0, 1, null))
                    .with(new DeliveryMetrics.DeploymentSuccessRate(0, null, null, 0, 0, 0, 0, 0, "no_attempts")),
            false,
            AT);

    private static String text(Object row) {
        return new String(Json.bytes(row), UTF_8);
    }

    @Test
    void writesSnakeCaseNamesAndTimesAsText() {
        assertThat(text(new Progress("dora", 3, AT, 17)))
                .isEqualTo("{\"job\":\"dora\",\"partition\":3,\"at\":\"2025-03-03T12:00:00.120Z\",\"generation\":17}");
        assertThat(text(ROW))
                .contains("\"start\":\"2025-03-03\"")
                .contains("\"computed_at\":\"2025-03-03T12:00:00.120Z\"")
                .contains("\"median_ms\":1.5")
                .contains("\"p90_ms\":2.25")
                .contains("\"deploy_days\":1");
    }

    @Test
    void missingValueIsNullAndNotLeftOut() {
        assertThat(text(ROW)).contains("\"value\":null");
    }

    @Test
    void readsWhatItWrote() {
        assertThat(Json.read(Json.bytes(ROW), PeriodRow.class)).isEqualTo(ROW);
    }

    @Test
    void ignoresFieldsOfALaterRelease() {
        String json = "{\"job\":\"dora\",\"partition\":3,\"at\":\"2025-03-03T12:00:00Z\",\"generation\":17,\"new\":{}}";

        assertThat(Json.read(json.getBytes(UTF_8), Progress.class).partition()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "\"text\"",
                "{\"job\":\"dora\",\"partition\":\"three\",\"at\":\"2025-03-03T12:00:00Z\",\"generation\":17}",
                "{\"job\":\"dora\",\"partition\":3,\"at\":\"yesterday\",\"generation\":17}",
                "{\"job\":\"dora\",\"job\":\"ingest\",\"partition\":3,\"at\":\"2025-03-03T12:00:00Z\",\"generation\":17}",
                "{\"partition\":3,\"at\":\"2025-03-03T12:00:00Z\",\"generation\":17}",
            })
    void refusesWhatIsNoSuchRow(String json) {
        assertThatThrownBy(() -> Json.read(json.getBytes(UTF_8), Progress.class))
                .isInstanceOfSatisfying(MalformedRecordException.class, e -> {
                    assertThat(e).hasMessageStartingWith("not a Progress").hasCauseInstanceOf(Exception.class);
                    assertThat(e.pointer()).isEmpty();
                });
    }

    @Test
    void progressHasOneKeyAJobAndPartition() {
        assertThat(new Progress("dora", 3, AT, 17).key()).isEqualTo("dora/3");
    }
}
