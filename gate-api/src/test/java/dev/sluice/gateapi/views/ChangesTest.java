package dev.sluice.gateapi.views;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChangesTest {
    private final Changes changes = new Changes();

    @Test
    void whoWaitsIsToldOfTheNextRowOfTheKeyOnly() {
        changes.read("a");
        var first = changes.next("a");
        var second = changes.next("a");
        var other = changes.next("b");
        assertThat(first).isNotDone();

        changes.read("a");

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(other).isNotDone();
        assertThat(changes.next("a")).isNotDone();
    }

    @Test
    void whoNoLongerWaitsIsNotKept() {
        var given = changes.next("a");
        given.cancel(false);

        var other = changes.next("b");

        assertThat(other).isNotDone();
        assertThat(changes.size()).isEqualTo(1);
    }
}
