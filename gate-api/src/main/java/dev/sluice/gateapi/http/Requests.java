package dev.sluice.gateapi.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads requests within limits and writes JSON answers. */
public final class Requests {
    private static final String JSON = "application/json";
    private static final int MAX_NESTING = 100;
    private static final ObjectMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Requests() {}

    /** Returns the media type of the body without its parameters, in lower case; empty if none is given. */
    public static String mediaType(Context ctx) {
        String header = ctx.req().getContentType();
        if (header == null) {
            return "";
        }
        int parameters = header.indexOf(';');
        return (parameters < 0 ? header : header.substring(0, parameters))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /**
     * Ends the request if its body is of another media type.
     *
     * @throws ApiException 415 if it is
     */
    public static void requireMediaType(Context ctx, String type) {
        if (!mediaType(ctx).equals(type)) {
            throw new ApiException(ErrorType.UNSUPPORTED_MEDIA_TYPE, "the content type must be " + type);
        }
    }

    /**
     * Reads the body.
     *
     * @param ctx the request
     * @param limit most bytes that are accepted
     * @throws ApiException 413 if it is longer, 415 if it is compressed, 400 if it breaks off, 408 if it comes too slowly
     */
    public static byte[] body(Context ctx, int limit) {
        return read(new BodyReader(ctx, BodyReader.TIME), limit);
    }

    /**
     * Reads a body that may be encoded, as it is.
     *
     * @param ctx the request
     * @param limit most bytes that are accepted
     * @param encoding how it may be encoded, as the header {@code Content-Encoding} names it
     * @throws ApiException as {@link #body}
     */
    public static byte[] encodedBody(Context ctx, int limit, String encoding) {
        return read(new BodyReader(ctx, BodyReader.TIME, encoding), limit);
    }

    private static byte[] read(BodyReader reader, int limit) {
        if (!reader.read(limit)) {
            reader.discard();
            throw tooLarge(limit);
        }
        return reader.bytes();
    }

    /**
     * Reads JSON: one document, UTF-8, no field twice, nested at most {@value #MAX_NESTING} deep.
     *
     * @throws ApiException 400 if it is not such a document
     */
    public static JsonNode json(byte[] body) {
        JsonNode document;
        try {
            document = STRICT.readTree(body);
        } catch (JsonProcessingException e) {
            throw ApiException.invalidDocument("", "not JSON: " + reason(e));
        } catch (IOException e) {
            throw ApiException.invalidDocument("", "not UTF-8");
        }
        if (document == null || document.isMissingNode()) {
            throw ApiException.invalidDocument("", "the body is empty");
        }
        return document;
    }

    /**
     * Reads a body that is JSON and of which all texts can be kept.
     *
     * @param ctx the request
     * @param limit most bytes that are accepted
     * @throws ApiException 415 if it is no JSON by its type, 400 if it is none, or a text cannot be kept
     */
    public static JsonNode document(Context ctx, int limit) {
        requireMediaType(ctx, JSON);
        return storable(json(body(ctx, limit)));
    }

    /**
     * Returns the document, all texts of which can be kept.
     *
     * @throws ApiException 400 with a pointer to the text that cannot
     */
    static JsonNode storable(JsonNode document) {
        try {
            return new Place(document, "").encodable().node();
        } catch (Rejection e) {
            String pointer = e.outcome().pointer();
            throw ApiException.invalidDocument(
                    pointer == null ? "" : pointer, e.outcome().detail());
        }
    }

    /** Returns what is wrong and where, without quoting the document. */
    private static String reason(JsonProcessingException e) {
        var location = e.getLocation();
        String where =
                location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
        boolean duplicate =
                e instanceof JsonParseException && e.getOriginalMessage().startsWith("Duplicate field");
        return (duplicate ? "a field is written twice" : "the text breaks the syntax or a limit") + where;
    }

    /** Answers with a row or document as JSON. */
    public static void answer(Context ctx, int status, Object document) {
        answerJson(ctx, status, Json.bytes(document));
    }

    /** Answers with JSON that is written already. */
    public static void answerJson(Context ctx, int status, byte[] json) {
        ctx.status(status);
        ctx.contentType(JSON);
        ctx.result(json);
    }

    /** Returns the headers with all their values, by name. */
    public static Map<String, List<String>> headers(Context ctx) {
        var headers = new HashMap<String, List<String>>();
        for (String name : Collections.list(ctx.req().getHeaderNames())) {
            headers.put(name, Collections.list(ctx.req().getHeaders(name)));
        }
        return headers;
    }

    /** Returns a query parameter that must be there. */
    public static String requiredQuery(Context ctx, String name) {
        return query(ctx, name)
                .orElseThrow(() -> new ApiException(ErrorType.BAD_REQUEST, "query parameter " + name + " is missing"));
    }

    /** Returns a query parameter; that it is given twice or empty is a problem. */
    public static Optional<String> query(Context ctx, String name) {
        var values = ctx.queryParams(name);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        @Nullable String value = values.get(0);
        if (values.size() > 1 || value == null || value.isBlank()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST, "query parameter " + name + " must be given once and not be empty");
        }
        return Optional.of(value);
    }

    private static ApiException tooLarge(int limit) {
        return new ApiException(ErrorType.TOO_LARGE, "the body is larger than " + limit + " bytes");
    }
}
