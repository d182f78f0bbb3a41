package dev.sluice.sources;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads bodies as JSON, strictly: one document, no member twice, and a limit on how deeply it is nested. */
public final class Documents {
    /** Deepest nesting of lists and objects; real payloads have less than 12. */
    static final int MAX_DEPTH = 64;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Documents() {}

    /**
     * Returns the root of a document.
     *
     * @param json the bytes
     * @throws Rejection if they are not one JSON document
     */
    public static Place read(byte[] json) {
        try {
            JsonNode root = MAPPER.readTree(json);
            if (root.isMissingNode()) {
                throw new Rejection(Reason.MALFORMED_JSON, "the body is empty", "");
            }
            return new Place(root, "");
        } catch (JacksonException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Returns the root of a document that stands in a text.
     *
     * @param json the text
     * @throws Rejection if it is not one JSON document
     */
    public static Place read(String json) {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the root of a document of which only a part is read.
     *
     * @param json the bytes
     * @param part reads the part, from the document's first token to its last
     * @throws Rejection if the bytes are not one JSON document
     */
    public static Place read(byte[] json, PartReader part) {
        try (JsonParser parser = MAPPER.getFactory().createParser(json)) {
            if (parser.nextToken() == null) {
                throw new Rejection(Reason.MALFORMED_JSON, "the body is empty", "");
            }
            JsonNode root = part.read(parser);
            if (parser.nextToken() != null) {
                throw new Rejection(Reason.MALFORMED_JSON, "the body goes on after its JSON", "");
            }
            return new Place(root, "");
        } catch (JacksonException e) {
            throw malformed(e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Reads a part of a document. */
    @FunctionalInterface
    public interface PartReader {
        /**
         * Returns the part.
         *
         * @param parser stands at the document's first token, and after it at its last
         */
        JsonNode read(JsonParser parser) throws IOException;
    }

    private static Rejection unreadable(IOException e) {
        if (e instanceof CharConversionException) {
            return new Rejection(Reason.MALFORMED_JSON, "the body is not UTF-8", "");
        }
        throw new UncheckedIOException("reading from memory", e);
    }

    private static Rejection malformed(JacksonException e) {
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return new Rejection(Reason.MALFORMED_JSON, "the body is not JSON" + where + ": " + firstLine(e), "");
    }

    private static String firstLine(JacksonException e) {
        String message = String.valueOf(e.getOriginalMessage());
        String line = message.lines().findFirst().orElse("");
        String cut = line.length() <= 200 ? line : line.substring(0, 200);
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
