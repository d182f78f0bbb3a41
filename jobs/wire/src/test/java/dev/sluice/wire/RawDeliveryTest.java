package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawDeliveryTest {
    private static final Instant RECEIVED_AT = Instant.parse("2025-03-03T12:00:00.123Z");

    private static RawDelivery delivery(String connection, String deliveryKey, byte[] body) {
        return delivery(connection, deliveryKey, Map.of(), body);
    }

    private static RawDelivery delivery(
            String connection, String deliveryKey, Map<String, String> parameters, byte[] body) {
        return new RawDelivery(
                "default",
                "github",
                connection,
                deliveryKey,
                "deployment_status",
                "webhook:main",
                "application/json",
                RECEIVED_AT,
                parameters,
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
    void parametersComeBackToo() {
        Map<String, String> parameters = Map.of("service", "caf\u00e9 \"1\"", "environment", "production");

        RawDelivery delivery = delivery("main", "1", parameters, new byte[0]);

        assertThat(delivery.headers())
                .containsEntry(
                        "sluice-parameters", "{\"environment\":\"production\",\"service\":\"caf\u00e9 \\\"1\\\"\"}");
        assertThat(RawDelivery.of(delivery.headers()::get, delivery.body())).isEqualTo(delivery);
        assertThat(delivery).isNotEqualTo(delivery("main", "1", new byte[0]));
    }

    @Test
    void aRecordWithoutParametersHasNone() {
        assertThat(RawDelivery.of(delivery("main", "1", new byte[0]).headers()::get, new byte[0])
                        .parameters())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Service,a", "9run,a", "a-b,a", "'',a", "run,''", "run,' '", "run,'a\tb'", "run,\uD83D"})
    void refusesWhatIsNoParameter(String name, String value) {
        assertThatThrownBy(() -> delivery("main", "1", Map.of(name, value), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameter");
    }

    @Test
    void refusesTooManyParametersAndTooLongOnes() {
        Map<String, String> most = new HashMap<>();
        for (int i = 0; i < RawDelivery.MAX_PARAMETERS; i++) {
            most.put("p" + i, "x".repeat(RawDelivery.MAX_PARAMETER_LENGTH));
        }

        assertThat(delivery("main", "1", most, new byte[0]).parameters()).isEqualTo(most);
        most.put("more", "x");
        assertThatThrownBy(() -> delivery("main", "1", most, new byte[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> delivery(
                        "main", "1", Map.of("p", "x".repeat(RawDelivery.MAX_PARAMETER_LENGTH + 1)), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nothing", "{\"run\":1}", "{\"run\":\"1\",\"run\":\"2\"}", "{\"Run\":\"1\"}"})
    void refusesARecordWithOtherParameters(String json) {
        var headers = new HashMap<>(delivery("main", "1", new byte[0]).headers());
        headers.put(RecordHeaders.PARAMETERS, json);

        assertThatThrownBy(() -> RawDelivery.of(headers::get, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameter");
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
