package dev.sluice.sources.metrics.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Attributes as labels. */
final class Attributes {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Attributes() {}

    /** Returns a text for each attribute that has a name; it is empty where the value is. */
    static SortedMap<String, String> texts(List<KeyValue> attributes) {
        SortedMap<String, String> texts = new TreeMap<>();
        for (KeyValue attribute : attributes) {
            if (!attribute.getKey().isEmpty()) {
                texts.put(attribute.getKey(), text(attribute.getValue()));
            }
        }
        return texts;
    }

    private static String text(AnyValue value) {
        JsonNode node = node(value);
        return node.isNull() ? "" : node.isContainerNode() ? node.toString() : node.asText();
    }

    private static JsonNode node(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> NODES.textNode(value.getStringValue());
            case BOOL_VALUE -> NODES.booleanNode(value.getBoolValue());
            case INT_VALUE -> NODES.numberNode(value.getIntValue());
            case DOUBLE_VALUE -> number(value.getDoubleValue());
            case BYTES_VALUE ->
                NODES.textNode(
                        Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
            case ARRAY_VALUE -> list(value.getArrayValue().getValuesList());
            case KVLIST_VALUE -> map(value.getKvlistValue().getValuesList());
            case STRING_VALUE_STRINDEX, VALUE_NOT_SET -> NODES.nullNode(); // an index is of profiles only
        };
    }

    private static JsonNode number(double value) {
        return Double.isFinite(value) ? NODES.numberNode(value) : NODES.textNode(Double.toString(value));
    }

    private static JsonNode list(List<AnyValue> values) {
        ArrayNode list = NODES.arrayNode();
        values.forEach(value -> list.add(node(value)));
        return list;
    }

    private static JsonNode map(List<KeyValue> values) {
        ObjectNode map = NODES.objectNode();
        values.forEach(value -> map.set(value.getKey(), node(value.getValue())));
        return map;
    }
}
