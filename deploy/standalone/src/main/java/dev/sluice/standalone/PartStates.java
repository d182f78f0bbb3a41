package dev.sluice.standalone;

import java.util.List;

/**
 * How the parts of Sluice stand; {@code status.json} in the data directory.
 *
 * @param parts in the order in which they were started
 */
record PartStates(List<Part> parts) {
    PartStates {
        parts = List.copyOf(parts);
    }

    /**
     * One part.
     *
     * @param name e.g. {@code kafka}, {@code job dora}
     * @param state in words
     */
    record Part(String name, String state) {}
}
