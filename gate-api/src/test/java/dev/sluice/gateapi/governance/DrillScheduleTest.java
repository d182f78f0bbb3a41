package dev.sluice.gateapi.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.governance.DrillSchedule.Occurrence;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Members;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DrillScheduleTest {
    /** A Thursday. */
    private static final Instant SET_UP = Instant.parse("2026-06-04T10:00:00Z");

    private static final String WEEKLY = """
            {"service": "checkout", "environment": "staging", "rrule": "FREQ=WEEKLY;BYDAY=MO",
             "start": "2026-01-05T09:00", "zone": "Europe/Berlin", "endpoint": "pager"}""";

    static DrillSchedule read(String json, Instant now) {
        Members body = members(json);
        DrillSchedule schedule = DrillSchedule.read(body, "pager"::equals, now).orElseThrow();
        body.requireRight();
        return schedule;
    }

    private static Members members(String json) {
        return Members.of(Json.read(json.getBytes(StandardCharsets.UTF_8), JsonNode.class));
    }

    private static Instant at(String time) {
        return Instant.parse(time);
    }

    @Test
    void whatWasReadIsKept_andADayIsUsual() {
        DrillSchedule schedule = read(WEEKLY, SET_UP);

        assertThat(schedule.length()).isEqualTo(Duration.ofDays(1));
        assertThat(DrillSchedule.of(schedule.json())).isEqualTo(schedule);
    }

    @Test
    void whatCannotBeMeantIsRefused_withAllThatIsWrong() {
        Members body = members("""
                {"service": " ", "rrule": "FREQ=DAILY", "start": "2026-01-05T09:00Z", "zone": "Mars", "within": "8d",
                 "endpoint": "nobody", "end": "2026-01-05T10:00"}""");

        assertThat(DrillSchedule.read(body, "pager"::equals, SET_UP)).isEmpty();
        assertThatThrownBy(body::requireRight)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        wrong -> assertThat(wrong.errors())
                                .extracting(ApiException.FieldError::pointer)
                                .containsExactlyInAnyOrder(
                                        "/service", "/environment", "/start", "/zone", "/within", "/endpoint", "/end"));
    }

    @Test
    void aRuleThatIsNoneIsRefused() {
        Members hourly = members(WEEKLY.replace("FREQ=WEEKLY;BYDAY=MO", "FREQ=HOURLY"));

        var unused = DrillSchedule.read(hourly, "pager"::equals, SET_UP);

        assertThatThrownBy(hourly::requireRight)
                .isInstanceOfSatisfying(
                        ApiException.class,
                        wrong -> assertThat(wrong.errors())
                                .extracting(ApiException.FieldError::pointer)
                                .containsExactly("/rrule"));
    }

    @Test
    void aStartOfNoOrdinaryYearIsRefused() {
        for (String start : new String[] {"1969-12-31T23:59", "+10000-01-01T00:00", "+999999999-12-31T23:59"}) {
            assertThat(DrillSchedule.read(members(WEEKLY.replace("2026-01-05T09:00", start)), "pager"::equals, SET_UP))
                    .as(start)
                    .isEmpty();
        }
    }

    @Test
    void whatBeganBeforeItWasSetUpIsNoneOfIt() {
        DrillSchedule schedule = read(WEEKLY, SET_UP);

        assertThat(schedule.next(at("2026-01-01T00:00:00Z"))).contains(at("2026-06-08T07:00:00Z"));
        assertThat(schedule.begun(Instant.EPOCH, at("2026-06-15T07:00:00Z")))
                .containsExactly(
                        new Occurrence(at("2026-06-08T07:00:00Z"), at("2026-06-09T07:00:00Z")),
                        new Occurrence(at("2026-06-15T07:00:00Z"), at("2026-06-16T07:00:00Z")));
        assertThat(read(WEEKLY, at("2026-06-08T07:00:00Z")).begun(Instant.EPOCH, at("2026-06-08T07:00:00Z")))
                .as("set up at the moment")
                .hasSize(1);
    }

    @Test
    void theNextEndsTheOneBefore() {
        DrillSchedule daily = read(
                WEEKLY.replace("FREQ=WEEKLY;BYDAY=MO", "FREQ=DAILY")
                        .replace("\"endpoint\": \"pager\"", "\"within\": \"7d\""),
                SET_UP);

        assertThat(daily.begun(SET_UP, at("2026-06-06T08:00:00Z")))
                .containsExactly(
                        new Occurrence(at("2026-06-05T07:00:00Z"), at("2026-06-06T07:00:00Z")),
                        new Occurrence(at("2026-06-06T07:00:00Z"), at("2026-06-07T07:00:00Z")));
    }

    @Test
    void setUpAgainItGoesOn_unlessTheDrillsAreOthers() {
        DrillSchedule present = read(WEEKLY, SET_UP);
        Instant later = SET_UP.plus(Duration.ofDays(30));

        assertThat(read(WEEKLY.replace("\"endpoint\": \"pager\"", "\"within\": \"2d\""), later)
                        .instead(present)
                        .since())
                .isEqualTo(SET_UP);
        assertThat(read(WEEKLY.replace("staging", "production"), later)
                        .instead(present)
                        .since())
                .isEqualTo(later);
        assertThat(read(WEEKLY.replace("BYDAY=MO", "BYDAY=TU"), later)
                        .instead(present)
                        .since())
                .isEqualTo(later);
    }
}
