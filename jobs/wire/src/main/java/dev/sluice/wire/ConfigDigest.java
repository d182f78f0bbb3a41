package dev.sluice.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.TreeMap;

/** The digest of a canary config: the same for the same members and numbers, however they are written. */
public final class ConfigDigest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ConfigDigest() {}

    /**
     * Returns {@code sha256:} and 64 hexadecimal digits: SHA-256 of the document in canonical form, without space, members
     * sorted by name, numbers without zeros at their end.
     */
    public static String of(JsonNode config) {
        return "sha256:" + Sha256.hex(Json.bytes(canonical(config)));
    }

    private static JsonNode canonical(JsonNode node) {
        if (node.isObject()) {
            var members = new TreeMap<String, JsonNode>();
            node.properties().forEach(member -> members.put(member.getKey(), canonical(member.getValue())));
            ObjectNode sorted = JSON.objectNode();
            sorted.setAll(members);
            return sorted;
        }
        if (node.isArray()) {
            ArrayNode elements = JSON.arrayNode();
            node.forEach(element -> elements.add(canonical(element)));
            return elements;
        }
        return node.isNumber() ? number(node) : node;
    }

    private static JsonNode number(JsonNode node) {
        BigDecimal shortest = node.decimalValue().stripTrailingZeros();
        boolean isLong = shortest.scale() <= 0 && shortest.precision() - shortest.scale() <= 18;
        return isLong ? LongNode.valueOf(shortest.longValueExact()) : DecimalNode.valueOf(shortest);
    }
}
