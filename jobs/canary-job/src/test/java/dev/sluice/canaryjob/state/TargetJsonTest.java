package dev.sluice.canaryjob.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Series;
import dev.sluice.canary.intake.Target;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TargetJsonTest {
    private static final Instant AT = Instant.parse("2026-11-29T12:00:00Z");

    @Test
    void whatIsKeptIsReadAgain() {
        var point = new SamplePoint(
                "errors",
                Arm.CANARY,
                new Series("code=200", "a", "t", "r", "s"),
                AT,
                AT.minusMillis(7001),
                Measure.Part.of(Measure.Part.Role.EVENTS, 3, true));
        var counters = new TreeMap<String, SamplePoint>();
        counters.put(point.seriesKey(), point);
        var target = new Target(AT.minusSeconds(9), AT, counters, new TreeMap<>(), counters, 1, 2, 3, 4, true);

        byte[] json = Json.bytes(TargetJson.of(target));

        assertThat(Json.read(json, TargetJson.class).toDomain("errors")).isEqualTo(target);
    }

    /** As it was kept before counters said since when they count. */
    @Test
    void whatWasKeptWithoutStarts_isRead() {
        byte[] json = """
                {"since": "2026-11-29T11:59:51Z", "at": "2026-11-29T12:00:00Z", "last": [
                  {"arm": "canary", "series": "code=200", "at": "2026-11-29T12:00:00Z", "count": 3.0, "part": "events",
                   "cumulative": true}],
                 "gone": [], "skipped": 0, "readings": 2, "left_out": 0, "unsteady": 0}""".getBytes(StandardCharsets.UTF_8);

        Target target = Json.read(json, TargetJson.class).toDomain("errors");

        assertThat(target.begun()).isFalse();
        assertThat(target.last().values())
                .singleElement()
                .extracting(SamplePoint::start)
                .isNull();
    }
}
