package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RawDeliveryTest {
    private static final Instant RECEIVED_AT = Instant.parse("2025-03-03T12:00:00.123Z");

    private static RawDelivery delivery(String connection, String deliveryKey, byte[] body) {
        return new RawDelivery(
                "default",
                "github",
                connection,
                deliveryKey,
                "deployment_status",
                "webhook:main",
                "application/json",
                RECEIVED_AT,
                body);
    }

    static List<String> headers() {
        return List.copyOf(delivery("main", "1", new byte[0]).headers().keySet());
    }

    @Test
    void comesBackFromItsHeadersAndBody() {
        RawDelivery delivery = delivery("main", "72d3162e", "{\"a\": \"caf\u00e9\"}".getBytes(UTF_8));

        RawDelivery back = RawDelivery.of(delivery.headers()::get, delivery.body());

        assertThat(back).isEqualTo(delivery).hasSameHashCodeAs(delivery);
        assertThat(back.receivedAt()).isEqualTo(RECEIVED_AT);
        assertThat(back.event()).isEqualTo("deployment_status");
        assertThat(back.principal()).isEqualTo("webhook:main");
        assertThat(back.contentType()).isEqualTo("application/json");
    }

    @Test
    void bodyBelongsToItsIdentity() {
        assertThat(delivery("main", "1", new byte[] {1})).isNotEqualTo(delivery("main", "1", new byte[] {2}));
        assertThat(delivery("main", "1", new byte[] {1})).isNotEqualTo(delivery("main", "2", new byte[] {1}));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void namesTheHeaderThatIsMissing(String header) {
        var headers = new HashMap<>(delivery("main", "1", new byte[0]).headers());
        headers.remove(header);

        assertThatThrownBy(() -> RawDelivery.of(headers::get, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(header);
    }

    @Test
    void refusesATimeOfReceiptThatIsNoNumber() {
        var headers = new HashMap<>(delivery("main", "1", new byte[0]).headers());
        headers.put(RecordHeaders.RECEIVED_AT, "yesterday");

        assertThatThrownBy(() -> RawDelivery.of(headers::get, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesItsHeadersInOneOrder() {
        assertThat(headers())
                .containsExactly(
                        "sluice-tenant",
                        "sluice-source",
                        "sluice-connection",
                        "sluice-delivery-key",
                        "sluice-event",
                        "sluice-principal",
                        "content-type",
                        "sluice-received-at");
        assertThat(delivery("main", "1", new byte[0]).headers())
                .containsEntry("sluice-received-at", Long.toString(RECEIVED_AT.toEpochMilli()));
    }

    @Test
    void repetitionHasTheSameKey() {
        assertThat(delivery("main", "1", new byte[] {1}).key())
                .isEqualTo(delivery("main", "1", new byte[] {2}).key())
                .isEqualTo("default/main/1");
        assertThat(delivery("a/b", "c", new byte[0]).key())
                .isNotEqualTo(delivery("a", "b/c", new byte[0]).key());
    }

    @Test
    void publicIdIsItsPlace() {
        assertThat(RawDelivery.deliveryId(3, 417)).isEqualTo("d-3-417");
    }

    @Test
    void showsNoMoreThanTheBeginningOfItsBody() {
        String shown = delivery("main", "1", "x".repeat(10_000).getBytes(UTF_8)).toString();

        assertThat(shown).contains("xxx").hasSizeLessThan(700);
    }
}
