package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import java.util.Comparator;
import java.util.List;

/**
 * The schemas of what the API takes of canary runs: files of {@code schemas/canary}, read once from the class path. Both are
 * strict. Instances are immutable and may be shared by threads.
 */
public final class CanarySchemas {
    private final SchemaFiles files = new SchemaFiles("canary/");
    private final JsonSchema run = files.read("canary-run");
    private final JsonSchema samples = files.read("samples");

    private CanarySchemas() {}

    /**
     * Reads the schemas from the class path.
     *
     * @throws IllegalStateException if one is missing or no schema: the program was built wrongly
     */
    public static CanarySchemas load() {
        return new CanarySchemas();
    }

    /**
     * Checks the start of a run, but for what its config may be: {@link CanaryConfigs} reads that.
     *
     * @return what is wrong, in the order of the pointers; empty if nothing is
     */
    public List<Violation> run(JsonNode document) {
        return check(run, document);
    }

    /**
     * Checks points of metrics of a run.
     *
     * @return what is wrong, in the order of the pointers; empty if nothing is
     */
    public List<Violation> samples(JsonNode document) {
        return check(samples, document);
    }

    private List<Violation> check(JsonSchema schema, JsonNode document) {
        return files.check(schema, document, "").stream()
                .distinct()
                .sorted(Comparator.comparing(Violation::pointer).thenComparing(Violation::message))
                .toList();
    }
}
