package dev.sluice.dora;

import dev.sluice.dora.DeliveryMetrics.ConfigurationDrift;
import java.time.Duration;

/** Adds up what the checks for drift tell of the days of one range of time. */
final class DriftOfRange {
    private static final double MILLIS_PER_DAY = Duration.ofDays(1).toMillis();

    private final Sample reconcileTimes = new Sample();
    private long observedMs;
    private long driftedMs;
    private int checks;
    private int episodes;

    void add(DriftCell day) {
        observedMs += day.observedMs();
        driftedMs += day.driftedMs();
        checks += day.checks();
        episodes += day.episodes();
        reconcileTimes.addAll(day.reconcileTimes());
    }

    ConfigurationDrift metrics() {
        boolean observed = observedMs > 0;
        String reason = checks == 0 ? "no_checks" : "nothing_observed";
        return new ConfigurationDrift(
                observedMs,
                observed ? driftedMs / (double) observedMs : null,
                driftedMs,
                checks,
                episodes,
                observed ? episodes / (observedMs / MILLIS_PER_DAY) : null,
                reconcileTimes.count(),
                reconcileTimes.median(),
                reconcileTimes.medianInterval(),
                observed ? null : reason);
    }
}
