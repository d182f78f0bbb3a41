package dev.sluice.gateapi.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final TimeMeter time = new TimeMeter() {
        @Override
        public long currentTimeNanos() {
            return nanos.get();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    };
    private final RateLimits limits = new RateLimits(new RateLimits.Settings(3, 5, 2), time, 4);

    private void pass(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    @Test
    void aCredentialAsksSoOften_andAnotherIsNotHeldUp() {
        for (int i = 0; i < 3; i++) {
            limits.count("a", "acme");
        }

        ApiException refused = catchThrowableOfType(ApiException.class, () -> limits.count("a", "acme"));
        assertThat(refused.type()).isEqualTo(ErrorType.TOO_MANY_REQUESTS);
        assertThat(refused.retryAfterSeconds()).contains(1L);
        limits.count("b", "acme");
        pass(Duration.ofMillis(334));
        limits.count("a", "other");
    }

    @Test
    void aTenantAsksSoOften_byWhateverCredentials() {
        limits.count("a", "acme");
        limits.count("a", "acme");
        limits.count("a", "acme");
        limits.count("b", "acme");
        limits.count("b", "acme");

        assertThatThrownBy(() -> limits.count("c", "acme"))
                .isInstanceOf(ApiException.class)
                .hasMessage("the tenant asks too often");
        limits.count("d", "other");
    }

    @Test
    void anAddressFailsSoOften_andMayAgainLater() {
        limits.requireFailuresLeft("192.0.2.1");
        limits.failed("192.0.2.1");
        limits.requireFailuresLeft("192.0.2.1");
        limits.failed("192.0.2.1");

        ApiException refused = catchThrowableOfType(ApiException.class, () -> limits.requireFailuresLeft("192.0.2.1"));
        assertThat(refused.retryAfterSeconds()).contains(30L);
        limits.requireFailuresLeft("192.0.2.2");
        pass(Duration.ofSeconds(31));
        limits.requireFailuresLeft("192.0.2.1");
    }

    /** Whoever has many addresses must not buy another try by making the table forget. */
    @Test
    void aFullTableMakesLimitsNarrower_neverWider() {
        for (String address : new String[] {"1", "2", "3", "4"}) {
            limits.failed(address);
            limits.failed(address);
        }
        limits.requireFailuresLeft("5");
        limits.failed("5");
        limits.failed("6");

        for (String address : new String[] {"1", "2", "3", "4", "5", "6", "7"}) {
            assertThatThrownBy(() -> limits.requireFailuresLeft(address)).isInstanceOf(ApiException.class);
        }
    }

    @Test
    void thereAreSoManyBuckets_andThoseThatAreFullMakeRoom() {
        var buckets = new Buckets(2, Duration.ofSeconds(1), 100, time);
        for (int i = 0; i < 10_000; i++) {
            buckets.of("k" + i).tryConsume(1);
            assertThat(buckets.size()).isLessThanOrEqualTo(100);
        }

        pass(Duration.ofSeconds(2));

        assertThat(buckets.of("new").tryConsume(2)).isTrue();
        assertThat(buckets.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "[2001:db8:1:2:3:4:5:6], 20010db800010002/64",
        "2001:db8:1:2::9, 20010db800010002/64",
        "2001:db8:1:3::9, 20010db800010003/64",
        "fe80::1%eth0, fe80000000000000/64",
        "::ffff:192.0.2.1, 192.0.2.1",
        "0:0:0:0:0:0:0:1, 0000000000000000/64",
    })
    void anAddressIsOfItsNetwork(String literal, String network) {
        assertThat(Addresses.network(literal)).isEqualTo(network);
    }
}
