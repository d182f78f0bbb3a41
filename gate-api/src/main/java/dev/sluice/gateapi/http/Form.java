package dev.sluice.gateapi.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What somebody has filled in on a page. A field that was left empty is not there. */
public final class Form {
    /** The field that shows of which page the form is. */
    public static final String TOKEN = "form_token";

    private static final String TYPE = "application/x-www-form-urlencoded";
    private static final int MAX_BYTES = 16 << 10;

    private final Map<String, String> fields;

    private Form(Map<String, String> fields) {
        this.fields = fields;
    }

    static Form of(Context ctx) {
        Requests.requireMediaType(ctx, TYPE);
        String body = new String(Requests.body(ctx, MAX_BYTES), StandardCharsets.UTF_8);
        Map<String, String> fields = new HashMap<>();
        for (String part : body.split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0 && equals < part.length() - 1) {
                String before = fields.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
                if (before != null) {
                    throw new ApiException(ErrorType.BAD_REQUEST, "the form has a field twice");
                }
            }
        }
        return new Form(fields);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_REQUEST, "the form is not encoded as in a URL", e);
        }
    }

    /** Returns what shows of which page the form is; null if it has nothing of the kind. */
    public @Nullable String token() {
        return fields.get(TOKEN);
    }

    /** Returns what was filled in; nothing if nothing was. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(fields.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** Returns what was filled in of some fields, as the body of a call of the API has it. */
    public ObjectNode json(String... names) {
        ObjectNode json = Json.mapper().createObjectNode();
        for (String name : names) {
            text(name).ifPresent(text -> json.put(name, text));
        }
        return json;
    }
}
