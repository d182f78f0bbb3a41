package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.IOException;

/** Documents of tests; they may be written with single quotation marks. */
final class Documents {
    private Documents() {}

    static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new AssertionError(text, e);
        }
    }

    static Members members(String text) {
        return Members.of(json(text));
    }

    static KayentaConfig config(String text) {
        return KayentaConfig.read(members(text));
    }
}
