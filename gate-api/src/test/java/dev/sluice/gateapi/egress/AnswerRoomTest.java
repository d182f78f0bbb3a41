package dev.sluice.gateapi.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerRoomTest {
    private final AnswerRoom room = new AnswerRoom();

    private static OutboundRequest of(String tenant, int mostBytes) {
        return new OutboundRequest("GET", URI.create("https://receiver.example/"), Map.of(), new byte[0], mostBytes)
                .onBehalfOf(tenant);
    }

    private static OutboundRequest large(String tenant) {
        return of(tenant, OutboundRequest.MOST_BYTES);
    }

    @Test
    void thereIsRoomForSixtyFourMebibytes_ofOneTenantForHalfOfThem() {
        for (int i = 0; i < 8; i++) {
            assertThat(room.take(large("acme"))).isTrue();
        }
        assertThat(room.take(large("acme"))).isFalse();
        for (int i = 0; i < 8; i++) {
            assertThat(room.take(large("other"))).isTrue();
        }
        assertThat(room.take(large("third"))).isFalse();

        room.give(large("acme"));

        assertThat(room.take(large("third"))).isTrue();
        assertThat(room.take(large("acme"))).isFalse();
    }

    @Test
    void usualAnswersNeedNone() {
        for (int i = 0; i < 8; i++) {
            assertThat(room.take(large("acme"))).isTrue();
        }

        for (int i = 0; i < 10_000; i++) {
            assertThat(room.take(of("acme", OutboundRequest.USUAL_BYTES))).isTrue();
        }
    }

    @Test
    void whoNamesNoTenantSharesWithAllWhoAskTheSameHost() {
        var request = new OutboundRequest(
                "GET", URI.create("https://one.example/a"), Map.of(), new byte[0], OutboundRequest.MOST_BYTES);
        var elsewhere = new OutboundRequest(
                "GET", URI.create("https://two.example/a"), Map.of(), new byte[0], OutboundRequest.MOST_BYTES);
        for (int i = 0; i < 8; i++) {
            assertThat(room.take(request)).isTrue();
        }

        assertThat(room.take(request)).isFalse();
        assertThat(room.take(elsewhere)).isTrue();
    }
}
