package dev.sluice.gateapi.access;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Token buckets by keys, at most so many. Where there are as many, those that are full are forgotten, which loses nothing; if none
 * is, all further keys share one bucket: whoever fills the table makes limits narrower, never wider.
 */
final class Buckets {
    private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();

    private final int capacity;
    private final Duration period;
    private final int most;
    private final TimeMeter time;
    private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final Bucket shared;
    private final AtomicLong sweptNanos;

    /**
     * Creates buckets.
     *
     * @param capacity what a full one holds, and what it gets in a period
     * @param period in which an empty one fills
     * @param most how many there may be
     * @param time tells how much they have got
     */
    Buckets(int capacity, Duration period, int most, TimeMeter time) {
        this.capacity = capacity;
        this.period = period;
        this.most = most;
        this.time = time;
        this.shared = bucket();
        this.sweptNanos = new AtomicLong(time.currentTimeNanos() - SWEEP_NANOS);
    }

    /** Returns the bucket of a key. */
    Bucket of(String key) {
        Bucket known = buckets.get(key);
        if (known != null) {
            return known;
        }
        if (buckets.size() >= most) {
            sweep();
        }
        return buckets.size() >= most ? shared : buckets.computeIfAbsent(key, absent -> bucket());
    }

    /** Returns the bucket of a key that may not be full; null of one that is. */
    @Nullable
    Bucket known(String key) {
        Bucket known = buckets.get(key);
        return known == null && buckets.size() >= most ? shared : known;
    }

    int size() {
        return buckets.size();
    }

    /** Looking at all of them for each request would cost more than they save. */
    private void sweep() {
        long now = time.currentTimeNanos();
        long before = sweptNanos.get();
        if (now - before >= SWEEP_NANOS && sweptNanos.compareAndSet(before, now)) {
            buckets.values().removeIf(bucket -> bucket.getAvailableTokens() >= capacity);
        }
    }

    private Bucket bucket() {
        return Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, period))
                .build();
    }
}
