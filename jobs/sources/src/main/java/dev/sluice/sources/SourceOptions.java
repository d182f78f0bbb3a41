package dev.sluice.sources;

import java.util.Set;

/**
 * The options of connections of one source: what only its adapter reads, from {@link ConnectionMapping#option}. All their
 * texts are texts, also where they look like numbers.
 */
public interface SourceOptions {
    /** A source without options. */
    SourceOptions NONE = of();

    /** Returns the names of the options. */
    Set<String> names();

    /**
     * Returns normally if the options are such that the adapter can work with them.
     *
     * @param mapping a mapping with none but these options
     * @throws Rejection pointing at the first that is wrong, as seen from the mapping: {@code /options/<name>}
     */
    void check(ConnectionMapping mapping);

    /**
     * Reports everything that is wrong with the options: as a rule the one thing that {@link #check} finds first.
     *
     * @param mapping a mapping with these options
     * @param problems where to report it
     */
    default void report(ConnectionMapping mapping, MappingDocument.Problems problems) {
        try {
            check(mapping);
        } catch (Rejection e) {
            String pointer = String.valueOf(e.outcome().pointer());
            problems.add(pointer, pointer.substring(1) + " " + e.getMessage());
        }
    }

    /** Returns options each of which is any text. */
    static SourceOptions of(String... names) {
        var known = Set.of(names);
        return new SourceOptions() {
            @Override
            public Set<String> names() {
                return known;
            }

            @Override
            public void check(ConnectionMapping mapping) {
                known.forEach(name -> mapping.option(name).optionalText());
            }
        };
    }
}
