package dev.sluice.rollback;

import static dev.sluice.rollback.RollbackFixture.NOON;
import static dev.sluice.rollback.RollbackFixture.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RehearsalTest {
    private static final Set<OrderState> FAILED =
            EnumSet.of(OrderState.EXPIRED, OrderState.REFUSED, OrderState.UNVERIFIED, OrderState.NO_TARGET);

    private static RollbackOrder order(RollbackTrigger trigger, OrderState state) {
        return new RollbackOrder(
                "o",
                trigger,
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
    void whatWasTriedIsShown_andNothingElse(OrderState state) {
        var shown = Rehearsal.of(order(request("r", NOON, "d3", null).asDrill(), state));

        assertThat(shown.isPresent()).isEqualTo(state == OrderState.VERIFIED || FAILED.contains(state));
        shown.ifPresent(rehearsal -> assertThat(rehearsal)
                .isEqualTo(new Rehearsal(
                        state == OrderState.VERIFIED, Duration.ofMillis(90_500), NOON.plusMillis(90_500))));
    }

    @ParameterizedTest
    @EnumSource(OrderState.class)
    void aRollbackInEarnestIsNone(OrderState state) {
        assertThat(Rehearsal.of(order(request("r", NOON, "d3", null), state))).isEmpty();
    }
}
