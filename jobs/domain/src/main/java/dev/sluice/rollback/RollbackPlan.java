package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What makes a service go back to an earlier version in one environment, and who is told to do it. People set it up; without one
 * nothing is ever ordered.
 *
 * @param mode what becomes of an order
 * @param onFailedCanary whether a canary run that is Failed gives one
 * @param onIncident which incidents give one; null for none
 * @param onBurn which burn of an error budget gives one; null for none
 * @param mostPerHour most orders within an hour that nobody has asked for by hand, at least 1
 * @param expiry for how long an order may be delivered: later it does harm
 * @param verification for how long after its delivery the earlier version may take to be seen
 * @param endpoint the name of the one who is told to roll back
 * @param escalation the name of the one who is told when people must look at an order; null where nobody is
 */
public record RollbackPlan(
        Mode mode,
        boolean onFailedCanary,
        @Nullable IncidentTerms onIncident,
        @Nullable BurnTerms onBurn,
        int mostPerHour,
        Duration expiry,
        Duration verification,
        String endpoint,
        @Nullable String escalation) {
    public RollbackPlan {
        requireNonNull(mode, "mode");
        requireNonNull(expiry, "expiry");
        requireNonNull(verification, "verification");
        requireNonNull(endpoint, "endpoint");
        if (mostPerHour < 1) {
            throw new IllegalArgumentException("mostPerHour must be at least 1: " + mostPerHour);
        }
        if (!positive(expiry) || !positive(verification)) {
            throw new IllegalArgumentException(
                    "expiry and verification must be positive: " + expiry + ", " + verification);
        }
    }

    private static boolean positive(Duration duration) {
        return !duration.isZero() && !duration.isNegative();
    }

    /** What becomes of an order. */
    public enum Mode {
        /** It is sent. */
        ORDER,
        /** It waits for somebody who orders it by hand. */
        HOLD,
        /** It is only noted, even one that is asked for by hand. */
        DRY_RUN
    }

    /**
     * Which incidents give an order: those that a deployment has caused that still runs.
     *
     * @param severities as sources name them, in lower case; none for any severity
     * @param within how soon after the end of that deployment they began
     */
    public record IncidentTerms(Set<String> severities, Duration within) {
        public IncidentTerms {
            severities = severities.stream().map(IncidentTerms::spelled).collect(Collectors.toUnmodifiableSet());
            if (!positive(within)) {
                throw new IllegalArgumentException("within must be positive: " + within);
            }
        }

        private static String spelled(String severity) {
            return severity.strip().toLowerCase(Locale.ROOT);
        }

        /** Returns whether an incident of this severity counts; one whose severity is not known counts only where any does. */
        boolean include(@Nullable String severity) {
            return severities.isEmpty() || (severity != null && severities.contains(spelled(severity)));
        }
    }

    /**
     * Which burn of an error budget gives an order: one that was counted while the deployment ran that still runs, and no event before it.
     *
     * @param slo name of the objective
     * @param objective the share of good events that is promised, above 0 and below 1
     * @param window over how long the events must have been counted
     * @param leastBurn the burn rate from which on it counts, above 0: 1 is as fast as the objective allows
     * @param minimumTotal events below which the counts say nothing, at least 1
     * @param within how soon after the end of that deployment the window ended: longer than the window, which lies after it
     * @param sources names of the credentials that are believed; none for all
     */
    public record BurnTerms(
            String slo,
            double objective,
            Duration window,
            double leastBurn,
            long minimumTotal,
            Duration within,
            Set<String> sources) {
        public BurnTerms {
            sources = Set.copyOf(sources);
            if (slo.isBlank()) {
                throw new IllegalArgumentException("slo must not be empty");
            }
            if (!(objective > 0 && objective < 1)) {
                throw new IllegalArgumentException("objective must be above 0 and below 1: " + objective);
            }
            if (!(leastBurn > 0 && Double.isFinite(leastBurn))) {
                throw new IllegalArgumentException("leastBurn must be above 0: " + leastBurn);
            }
            if (minimumTotal < 1) {
                throw new IllegalArgumentException("minimumTotal must be at least 1: " + minimumTotal);
            }
            if (!positive(window) || within.compareTo(window) <= 0) {
                throw new IllegalArgumentException(
                        "within must be longer than window, and both positive: " + within + ", " + window);
            }
        }

        /** Returns whether the counts are those of the objective, by somebody who is believed. */
        boolean believe(Burn burn) {
            return burn.slo().equals(slo)
                    && burn.windowSeconds() == window.toSeconds()
                    && (sources.isEmpty() || sources.contains(burn.source()));
        }

        /** Returns whether the counts are to be believed, and burn fast enough. */
        boolean include(Burn burn) {
            return believe(burn)
                    && burn.total() >= minimumTotal
                    && burn.counts().compareBurn(objective, leastBurn) >= 0;
        }
    }
}
