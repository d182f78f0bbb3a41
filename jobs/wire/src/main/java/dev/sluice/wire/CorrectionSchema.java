package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import java.util.Comparator;
import java.util.List;

/**
 * The schema of what {@code POST /v1/corrections} takes: the file of {@code schemas/corrections}, read once from the class
 * path. Instances are immutable and may be shared by threads.
 */
public final class CorrectionSchema {
    private final SchemaFiles files = new SchemaFiles("corrections/");
    private final JsonSchema correction = files.read("correction");

    private CorrectionSchema() {}

    /**
     * Reads the schema from the class path.
     *
     * @throws IllegalStateException if it is missing or no schema: the program was built wrongly
     */
    public static CorrectionSchema load() {
        return new CorrectionSchema();
    }

    /**
     * Checks a correction. Unlike an event it may have no member that its kind does not have.
     *
     * @param node the document
     * @param prefix JSON pointer to it in what the sender sent
     * @return what is wrong, in the order of the pointers; empty if the correction is valid
     */
    public List<Violation> validate(JsonNode node, String prefix) {
        return files.check(correction, node, prefix).stream()
                .distinct()
                .sorted(Comparator.comparing(Violation::pointer).thenComparing(Violation::message))
                .toList();
    }
}
