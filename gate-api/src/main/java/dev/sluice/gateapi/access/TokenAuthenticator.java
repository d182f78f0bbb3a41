package dev.sluice.gateapi.access;

import dev.sluice.wire.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by {@code Authorization: Bearer}, or by the token that the body carries where a caller can send no header; the
 * comparison takes the same time whatever the secret.
 */
final class TokenAuthenticator implements Access.Authenticator {
    private static final String SCHEME = "bearer ";

    private final List<Token> tokens;
    private final Clock clock;

    TokenAuthenticator(List<Token> tokens, Clock clock) {
        this.tokens = List.copyOf(tokens);
        this.clock = clock;
    }

    @Override
    public Principal authenticate(HttpServletRequest request, @Nullable String carried) throws RefusedException {
        byte[] hash = Sha256.of(secret(request, carried));
        @Nullable Token match = null;
        for (Token token : tokens) {
            if (MessageDigest.isEqual(token.sha256(), hash)) {
                match = token;
            }
        }
        if (match == null) {
            throw new RefusedException("unknown_token", "the token is not valid");
        }
        if (match.expires() != null && !clock.instant().isBefore(match.expires())) {
            throw new RefusedException("expired_token", "the token is not valid");
        }
        return match.principal();
    }

    private static String secret(HttpServletRequest request, @Nullable String carried) throws RefusedException {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        if (headers.isEmpty() && carried != null) {
            return carried;
        }
        if (headers.size() != 1
                || !headers.get(0).regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                || headers.get(0).length() == SCHEME.length()) {
            throw new RefusedException("no_token", "a header Authorization: Bearer with a token is required");
        }
        return headers.get(0).substring(SCHEME.length());
    }
}
