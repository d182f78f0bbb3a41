package dev.sluice.gateapi.receive;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Bodies with events, read exactly as strictly as by the adapters that understand them later. */
final class EventDocuments {
    private EventDocuments() {}

    /**
     * Reads one document.
     *
     * @throws ApiException 400 if it is not one JSON document in UTF-8, or breaks a limit
     */
    static JsonNode read(byte[] body) {
        requireUtf8(body);
        try {
            return Documents.read(body).node();
        } catch (Rejection e) {
            throw invalid(e, "");
        }
    }

    /**
     * Returns the problem that a refusal of the adapters is.
     *
     * @param refusal what they refused
     * @param prefix pointer to the document in which the refusal points
     */
    static ApiException invalid(Rejection refusal, String prefix) {
        String pointer = refusal.outcome().pointer();
        return ApiException.invalidDocument(
                pointer == null ? prefix : prefix + pointer, refusal.outcome().detail());
    }

    /**
     * Returns the bytes of each object of a list as they came, in the order of the list; empty ones for what is no
     * object.
     *
     * @param list a list that {@link #read} has read
     */
    static List<byte[]> elements(byte[] list) {
        var elements = new ArrayList<byte[]>();
        try (JsonParser parser = Json.mapper().getFactory().createParser(list)) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                int start = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                int end = (int) parser.currentLocation().getByteOffset();
                elements.add(token == JsonToken.START_OBJECT ? Arrays.copyOfRange(list, start, end) : new byte[0]);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a list that was read before", e);
        }
        return elements;
    }

    /** A parser of JSON would take other encodings too; what is stored is read by others. */
    private static void requireUtf8(byte[] body) {
        boolean utf8 = true;
        try {
            String unused = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            utf8 = false;
        }
        for (byte one : body) {
            utf8 &= one != 0;
        }
        if (!utf8) {
            throw ApiException.invalidDocument("", "the body is not UTF-8");
        }
    }
}
