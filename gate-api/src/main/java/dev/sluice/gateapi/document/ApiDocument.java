package dev.sluice.gateapi.document;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The OpenAPI document of the API, the file in {@code schemas/openapi}, and the page that is made of it at start. */
public final class ApiDocument {
    private static final String RESOURCE = "/openapi/sluice.openapi.json";

    private final byte[] json;
    private final JsonNode document;
    private final ApiPage page;

    private ApiDocument(byte[] json, JsonNode document) {
        this.json = json;
        this.document = document;
        this.page = ApiPage.of(document);
    }

    /**
     * Reads the document from the class path.
     *
     * @throws IllegalStateException if it is missing: the program was built wrongly
     */
    public static ApiDocument load() {
        try (InputStream in = ApiDocument.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource " + RESOURCE + " is missing");
            }
            byte[] json = in.readAllBytes();
            return new ApiDocument(json, Json.mapper().readTree(json));
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + RESOURCE, e);
        }
    }

    /** Returns the document. */
    public JsonNode json() {
        return document.deepCopy();
    }

    /** Returns the page. */
    public String html() {
        return page.html();
    }

    /** Handles {@code GET /openapi.json}. */
    public void answerJson(Context ctx) {
        ctx.contentType("application/json").result(json);
    }

    /** Handles {@code GET /docs}. */
    public void answerPage(Context ctx) {
        page.answer(ctx);
    }
}
