package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.delivery.EventHeader;
import dev.sluice.wire.RawDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private static final Instant SENT = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant APPENDED = SENT.plusSeconds(1);

    private static Delivery delivery(Map<String, String> parameters) {
        var raw = new RawDelivery(
                "acme",
                "terraform",
                "iac",
                "key-1",
                "plan",
                "connection:iac",
                "application/json",
                SENT,
                parameters,
                new byte[] {1});
        return Delivery.of(raw, "d-1-42", APPENDED);
    }

    @Test
    void isWhatStandsInTheLog_receivedWhenTheBrokerAppendedIt() {
        Delivery delivery = delivery(Map.of("run", "7"));

        assertThat(delivery)
                .isEqualTo(new Delivery(
                        "acme",
                        "terraform",
                        "iac",
                        "d-1-42",
                        "key-1",
                        "plan",
                        "connection:iac",
                        "application/json",
                        APPENDED,
                        Map.of("run", "7"),
                        new byte[] {1}))
                .isNotEqualTo(delivery(Map.of("run", "8")));
    }

    @Test
    void givesItsEventsTheirHeader() {
        assertThat(delivery(Map.of()).header("terraform/acme", "e-1", SENT))
                .isEqualTo(new EventHeader("e-1", "acme", "terraform/acme", "d-1-42", SENT, APPENDED));
    }

    @Test
    void nothingThatItTellsOfIsToCome() {
        Delivery delivery = delivery(Map.of());
        var place = new Place(TextNode.valueOf("later"), "/at");
        Instant latest = APPENDED.plus(Duration.ofMinutes(5));

        assertThat(delivery.past(latest, place)).isEqualTo(latest);
        assertThatThrownBy(() -> delivery.past(latest.plusMillis(1), place))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> assertThat(rejection.outcome().reason()).isEqualTo(Reason.FUTURE_DATED));
    }
}
