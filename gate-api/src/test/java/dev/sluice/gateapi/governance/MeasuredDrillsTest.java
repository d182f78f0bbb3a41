package dev.sluice.gateapi.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rollback.OrderState;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.RollbackRequestDocument;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MeasuredDrillsTest {
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final RollbackRequestDocument ASKED =
            new RollbackRequestDocument("checkout", "staging", "d2", null, "quarterly", true);
    private static final Set<OrderState> FAILED =
            EnumSet.of(OrderState.EXPIRED, OrderState.REFUSED, OrderState.UNVERIFIED, OrderState.NO_TARGET);

    private static Control request() {
        return new Control(
                "acme",
                Control.ROLLBACK_REQUEST,
                "r",
                "ann",
                NOON,
                false,
                Json.mapper().valueToTree(ASKED));
    }

    private static RollbackOrder order(OrderState state) {
        return new RollbackOrder(
                "o",
                ASKED.trigger(request()),
                null,
                null,
                null,
                state,
                List.of(
                        new RollbackOrder.Step(OrderState.ORDERED, NOON.plusSeconds(1), "asked for"),
                        new RollbackOrder.Step(state, NOON.plusMillis(90_500), "so it is")),
                NOON.plusSeconds(1),
                NOON.plusSeconds(600),
                Duration.ofMinutes(10),
                null,
                "deployer",
                null,
                1,
                false,
                null);
    }

    @ParameterizedTest
    @EnumSource(OrderState.class)
    void whatWasTriedIsRecorded_andNothingElse(OrderState state) {
        var drill = MeasuredDrills.drill(request(), ASKED, order(state));

        assertThat(drill.isPresent()).isEqualTo(state == OrderState.VERIFIED || FAILED.contains(state));
        drill.ifPresent(recorded -> {
            assertThat(recorded.succeeded()).isEqualTo(state == OrderState.VERIFIED);
            assertThat(recorded.recoverySeconds()).isEqualTo(90.5);
            assertThat(recorded.at()).isEqualTo(NOON.plusMillis(90_500));
            assertThat(recorded.environment()).isEqualTo("staging");
        });
    }

    @Test
    void aRequestOfBeforeThereWereDrillsIsNone() {
        String json =
                "{\"service\": \"checkout\", \"environment\": \"staging\", \"deployment\": \"d2\", \"reason\": \"x\"}";

        assertThat(Json.read(json.getBytes(StandardCharsets.UTF_8), RollbackRequestDocument.class)
                        .drill())
                .isFalse();
    }
}
