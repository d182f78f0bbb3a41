package dev.sluice.cli;

import java.util.ArrayList;
import java.util.List;

/** Why a number of DevLake differs from Sluice's: what the data has at least one case of. */
final class DevLakeReasons {
    private final List<Reason> reasons = new ArrayList<>();

    /**
     * Adds a reason if there is a case.
     *
     * @param noun what is counted, one of it
     */
    void add(String code, long count, String noun, String text) {
        if (count > 0) {
            reasons.add(new Reason(code, count, "%d %s%s: %s".formatted(count, noun, count == 1 ? "" : "s", text)));
        }
    }

    /**
     * Adds that the lower of two middle values was taken, if they differ.
     *
     * @param factor from the values to milliseconds
     */
    void lowerMedian(List<Long> values, double factor) {
        if (values.isEmpty() || values.size() % 2 != 0) {
            return;
        }
        List<Long> sorted = values.stream().sorted().toList();
        double lower = sorted.get(sorted.size() / 2 - 1) * factor;
        double upper = sorted.get(sorted.size() / 2) * factor;
        if (lower < upper) {
            add(
                    "LOWER_MEDIAN",
                    2,
                    "value",
                    "in the middle, %s and %s; DevLake takes the lower, Sluice what lies between them"
                            .formatted(ComparedMetric.LEAD_TIME.shown(lower), ComparedMetric.LEAD_TIME.shown(upper)));
        }
    }

    List<Reason> list() {
        return List.copyOf(reasons);
    }

    /**
     * What makes a number differ.
     *
     * @param code its name
     * @param count how many cases the data has, at least 1
     * @param text what it is, for people, with the count
     */
    record Reason(String code, long count, String text) {}
}
