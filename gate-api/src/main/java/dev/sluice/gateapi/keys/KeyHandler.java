package dev.sluice.gateapi.keys;

import dev.sluice.gateapi.http.Requests;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;

/** Publishes the keys by which others verify what Sluice has signed. */
public final class KeyHandler {
    private static final int OK = 200;

    private final SigningKeys keys;

    /** Creates a handler of these keys. */
    public KeyHandler(SigningKeys keys) {
        this.keys = keys;
    }

    /** Handles {@code GET /.well-known/jwks.json}. */
    public void read(Context ctx) {
        Requests.answerJson(ctx, OK, keys.jwks().getBytes(StandardCharsets.UTF_8));
    }
}
