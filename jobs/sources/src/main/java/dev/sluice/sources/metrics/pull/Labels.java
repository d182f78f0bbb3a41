package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/** Labels as JSON has them. */
final class Labels {
    private Labels() {}

    /**
     * Returns the texts of an object by their names; one that is empty is no label.
     *
     * @throws dev.sluice.sources.Rejection if one is something else, or cannot be written as UTF-8
     */
    static SortedMap<String, String> read(Place object) {
        SortedMap<String, String> labels = new TreeMap<>();
        object.node().fieldNames().forEachRemaining(name -> {
            Place value = object.at(name);
            if (!value.node().isTextual()
                    || !isWellFormed(name)
                    || !isWellFormed(value.node().textValue())) {
                throw value.wrong("must be a text");
            }
            if (!name.isEmpty() && !value.node().textValue().isEmpty()) {
                labels.put(name, value.node().textValue());
            }
        });
        return labels;
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
