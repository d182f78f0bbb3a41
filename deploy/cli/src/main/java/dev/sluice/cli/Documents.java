package dev.sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON documents as they are sent and printed. */
final class Documents {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private Documents() {}

    static ObjectMapper mapper() {
        return MAPPER;
    }

    static byte[] bytes(JsonNode document) {
        try {
            return MAPPER.writeValueAsBytes(document);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a tree can always be written", e);
        }
    }

    /** Returns a document in one line. */
    static String line(JsonNode document) {
        return document.toString();
    }

    static String pretty(JsonNode document) {
        return document.toPrettyString();
    }
}
