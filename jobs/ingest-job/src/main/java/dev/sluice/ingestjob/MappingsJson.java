package dev.sluice.ingestjob;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Documents;
import dev.sluice.sources.MappingDocument;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The mappings of connections as JSON: an object by connection, each a {@link MappingDocument}. */
final class MappingsJson {
    private MappingsJson() {}

    /** Writes them; equal mappings give equal text. */
    static String write(Map<String, ConnectionMapping> mappings) {
        ObjectNode root = Json.mapper().createObjectNode();
        new TreeMap<>(mappings).forEach((connection, mapping) -> root.set(connection, MappingDocument.write(mapping)));
        return root.toString();
    }

    /** Writes the mapping of a connection that the API has set up. */
    static String of(Control connection) {
        ObjectNode document = connection.document().deepCopy();
        ObjectNode root = Json.mapper().createObjectNode();
        root.set(connection.id(), document.retain(MappingDocument.fields()));
        return root.toString();
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException naming everything that is wrong with them
     */
    static Map<String, ConnectionMapping> read(String json) {
        Place root;
        try {
            root = Documents.read(json).object();
        } catch (Rejection e) {
            throw new IllegalArgumentException("the mappings: " + e.getMessage(), e);
        }
        var mappings = new HashMap<String, ConnectionMapping>();
        var problems = new ArrayList<String>();
        root.node()
                .fieldNames()
                .forEachRemaining(connection -> MappingDocument.read(
                                root.at(connection), null, (pointer, message) -> problems.add(pointer + ": " + message))
                        .ifPresent(mapping -> mappings.put(connection, mapping)));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return mappings;
    }
}
