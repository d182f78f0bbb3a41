package dev.sluice.gateapi.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendingSlotsTest {
    private final SendingSlots slots = new SendingSlots(3, 2);

    @Test
    void oneEndpointHasNoMoreThanItsShare() {
        slots.take("silent");
        slots.take("silent");

        assertThat(slots.isFree("silent")).isFalse();
        assertThat(slots.isFree("quick")).isTrue();
    }

    @Test
    void allHaveNoMoreThanThereAre() {
        slots.take("silent");
        slots.take("silent");
        slots.take("quick");

        assertThat(slots.isFree("quick")).isFalse();
        assertThat(slots.isFree("another")).isFalse();
    }

    @Test
    void whatIsGivenBackIsFree() {
        slots.take("silent");
        slots.take("silent");
        slots.take("quick");

        slots.free("silent");

        assertThat(slots.isFree("silent")).isTrue();
        assertThat(slots.isFree("quick")).isTrue();
    }
}
