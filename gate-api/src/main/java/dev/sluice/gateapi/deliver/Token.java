package dev.sluice.gateapi.deliver;

import java.nio.charset.StandardCharsets;

/** A secret that lets in, in a header or a field. */
final class Token {
    /** What it must be, for messages. */
    static final String EXPECTED = "a token of visible characters of ASCII";

    private static final int LONGEST = 4_000;

    private Token() {}

    /** Returns whether a secret is such a token. */
    static boolean isRight(byte[] secret) {
        return secret.length <= LONGEST && text(secret).matches("[\\x21-\\x7e]+");
    }

    static String text(byte[] secret) {
        return new String(secret, StandardCharsets.UTF_8);
    }
}
