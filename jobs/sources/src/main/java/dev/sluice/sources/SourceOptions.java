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
