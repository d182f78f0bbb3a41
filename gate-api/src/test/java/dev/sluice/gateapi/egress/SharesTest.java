package dev.sluice.gateapi.egress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SharesTest {
    private final Shares shares = new Shares(3);

    @Test
    void nobodyHasMoreThanAShare_andNobodyElseLess() {
        assertThat(shares.take("ann", 2)).isTrue();
        assertThat(shares.take("ann", 2)).isFalse();
        assertThat(shares.take("ann", 1)).isTrue();
        assertThat(shares.take("ann", 1)).isFalse();

        assertThat(shares.take("ben", 3)).isTrue();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        assertThat(shares.take("ann", 3)).isTrue();
        shares.give("ann", 1);
        assertThat(shares.take("ann", 2)).isFalse();
        assertThat(shares.take("ann", 1)).isTrue();
        shares.give("ann", 3);

        assertThat(shares.take("ann", 3)).isTrue();
    }
}
