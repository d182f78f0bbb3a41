package dev.sluice.canary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one must know about counts. */
final class Notes {
    /** Below it the counts vary as those of independent requests do. */
    private static final double LEAST_PHI = 1.01;

    private Notes() {}

    /**
     * Adds what the guard has found.
     *
     * @param calibrated whether a history has shown how the counts vary
     */
    static void addVariation(List<String> notes, double phi, boolean calibrated) {
        if (phi >= LEAST_PHI) {
            notes.add("by what was seen so far counts vary " + Words.number(phi)
                    + " times as much as those of independent"
                    + " requests: the evidence is divided by that, and the interval is approximate");
        }
        if (!calibrated) {
            notes.add("assumes independent requests: there is no day of history that would show clusters");
        }
    }

    /**
     * Adds how far pods of one version are from each other, where that is more than what is tolerated.
     *
     * @param floor the resolution floor; null where it is not known
     * @param tolerance the relative one
     */
    static void addFloor(List<String> notes, @Nullable Double floor, double tolerance) {
        if (floor != null && floor > tolerance) {
            notes.add("resolution floor " + Words.percent(floor)
                    + ": pods of the baseline differ so much by themselves that a smaller difference, such as the tolerated "
                    + Words.percent(tolerance) + ", may be one of pods");
        }
    }

    /** Adds how many buckets could not be compared, and why. */
    static void addLeftOut(List<String> notes, long buckets, String why) {
        if (buckets > 0) {
            notes.add(buckets + (buckets == 1 ? " bucket" : " buckets") + " left out: " + why);
        }
    }
}
