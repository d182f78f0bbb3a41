package dev.sluice.gateapi.access;

import dev.sluice.gateapi.http.ApiException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * How often a credential, a tenant and, of those who are not known, an address may ask. What was let through by one replica is not
 * known to another: each has limits of its own.
 */
public final class RateLimits {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int MAX_BUCKETS = 10_000;

    private final Buckets credentials;
    private final Buckets tenants;
    private final Buckets failures;

    /**
     * Creates limits.
     *
     * @param settings how much is let through
     */
    public RateLimits(Settings settings) {
        this(settings, TimeMeter.SYSTEM_NANOTIME, MAX_BUCKETS);
    }

    RateLimits(Settings settings, TimeMeter time, int maxBuckets) {
        credentials = new Buckets(settings.credentialPerSecond(), SECOND, maxBuckets, time);
        tenants = new Buckets(settings.tenantPerSecond(), SECOND, maxBuckets, time);
        failures = new Buckets(settings.failuresPerMinute(), MINUTE, maxBuckets, time);
    }

    /**
     * How much is let through.
     *
     * @param credentialPerSecond requests of a credential in a second
     * @param tenantPerSecond requests of a tenant in a second
     * @param failuresPerMinute requests of an address in a minute that nobody known makes
     */
    public record Settings(int credentialPerSecond, int tenantPerSecond, int failuresPerMinute) {
        /** More than a pipeline or a controller needs. */
        public static final Settings DEFAULT = new Settings(1_000, 5_000, 20);

        public Settings {
            if (credentialPerSecond < 1 || tenantPerSecond < 1 || failuresPerMinute < 1) {
                throw new IllegalArgumentException("limits must be at least 1, are " + credentialPerSecond + ", "
                        + tenantPerSecond + ", " + failuresPerMinute);
            }
        }
    }

    /**
     * Counts a request of somebody known.
     *
     * @param credential tells the credential from all others
     * @param tenant whose it is
     * @throws ApiException 429 if there are too many
     */
    void count(String credential, String tenant) {
        take(credentials, credential, "the token asks too often");
        take(tenants, tenant, "the tenant asks too often");
    }

    private static void take(Buckets buckets, String key, String otherwise) {
        ConsumptionProbe probe = buckets.of(key).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw ApiException.tooManyRequests(otherwise, Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    /**
     * Returns normally if an address may still fail.
     *
     * @param address its network, as {@link Addresses#network} names it
     * @throws ApiException 429 if it has failed too often
     */
    void requireFailuresLeft(String address) {
        Bucket bucket = failures.known(address);
        if (bucket == null) {
            return;
        }
        EstimationProbe probe = bucket.estimateAbilityToConsume(1);
        if (!probe.canBeConsumed()) {
            throw ApiException.tooManyRequests(
                    "too many requests of this address were refused",
                    Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    /** Counts a request of nobody known. */
    void failed(String address) {
        failures.of(address).tryConsume(1);
    }
}
