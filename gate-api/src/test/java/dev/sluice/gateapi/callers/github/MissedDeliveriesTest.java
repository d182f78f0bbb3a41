package dev.sluice.gateapi.callers.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.callers.asked.Calls;
import dev.sluice.gateapi.egress.OutboundAnswer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MissedDeliveriesTest {
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private static String delivery(int id, String guid, int status) {
        return delivery(id, guid, status, "deployment_protection_rule", "requested");
    }

    private static String delivery(int id, String guid, int status, String event, String action) {
        return ("{\"id\":%d,\"guid\":\"%s\",\"status_code\":%d,\"event\":\"%s\",\"action\":\"%s\","
                        + "\"delivered_at\":\"2026-03-01T12:00:00Z\"}")
                .formatted(id, guid, status, event, action);
    }

    private static Iterable<String> missed(String... newestFirst) {
        byte[] body = ("[" + String.join(",", newestFirst) + "]").getBytes(StandardCharsets.UTF_8);
        return MissedDeliveries.missed(Calls.json(new OutboundAnswer(200, Optional.empty(), body)), NOW).stream()
                .map(one -> one.path("id").asText())
                .toList();
    }

    @Test
    void whatMetNoAnswerOrAFailureOfTheMomentIsSentAgain() {
        assertThat(missed(delivery(5, "e", 0), delivery(4, "d", 429), delivery(3, "c", 503), delivery(2, "b", 202)))
                .containsExactly("5", "4", "3");
    }

    @Test
    void whatWasRefusedIsNotSentAgain_norWhatAsksNothing() {
        assertThat(missed(
                        delivery(5, "e", 400),
                        delivery(4, "d", 401),
                        delivery(3, "c", 403),
                        delivery(2, "b", 503, "push", ""),
                        delivery(1, "a", 503, "deployment_protection_rule", "other")))
                .isEmpty();
    }

    @Test
    void whatWasTakenOnceIsNotSentAgain_andTheLastAttemptCounts() {
        assertThat(missed(delivery(4, "b", 503), delivery(3, "a", 202), delivery(2, "b", 0), delivery(1, "a", 503)))
                .containsExactly("4");
    }

    @Test
    void afterFourAttemptsItIsGivenUp() {
        assertThat(missed(delivery(4, "a", 503), delivery(3, "a", 503), delivery(2, "a", 503)))
                .containsExactly("4");
        assertThat(missed(delivery(5, "a", 503), delivery(4, "a", 503), delivery(3, "a", 503), delivery(2, "a", 503)))
                .isEmpty();
    }

    @Test
    void whatIsOlderThanThreeDaysIsNotAskedFor() {
        assertThat(missed(delivery(1, "a", 503).replace("03-01", "02-27"))).isEmpty();
        assertThat(missed(delivery(1, "a", 503).replace("2026-03-01T12:00:00Z", "")))
                .isEmpty();
    }

    @Test
    void whatIsNoListSaysNothing() {
        byte[] body = "<html>".getBytes(StandardCharsets.UTF_8);

        assertThat(MissedDeliveries.missed(Calls.json(new OutboundAnswer(200, Optional.empty(), body)), NOW))
                .isEmpty();
    }
}
