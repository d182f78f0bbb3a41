package dev.sluice.gateapi.access;

import dev.sluice.wire.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Knows callers by {@code Authorization: Bearer}, or by the token that the body carries where a caller can send no header; the
 * comparison takes the same time whatever the secret.
 */
final class TokenAuthenticator {
    private static final String SCHEME = "bearer ";
    private static final String FILE = "file/";
    private static final String ISSUED = "issued/";

    private final FileTokens file;
    private final IssuedTokens issued;
    private final Clock clock;

    TokenAuthenticator(FileTokens file, IssuedTokens issued, Clock clock) {
        this.file = file;
        this.issued = issued;
        this.clock = clock;
    }

    /**
     * Who asks, and by what.
     *
     * @param principal who
     * @param key tells this credential from all others
     * @param isBootstrap whether it is good for the first token only
     */
    record Known(Principal principal, String key, boolean isBootstrap) {}

    /** Returns whose token it is. */
    Known authenticate(String secret) throws RefusedException {
        Optional<Token> match = ofFile(secret);
        if (match.isPresent()) {
            return ofFile(match.get());
        }
        Optional<String> keyId = TokenText.keyId(secret);
        if (keyId.isEmpty()) {
            throw new RefusedException("unknown_token", "the token is not valid");
        }
        return ofIssued(issued.require(keyId.get(), secret));
    }

    private Known ofFile(Token token) throws RefusedException {
        if (token.expires() != null && !clock.instant().isBefore(token.expires())) {
            throw new RefusedException("expired_token", "the token is not valid");
        }
        return new Known(token.principal(), key(token), false);
    }

    private static String key(Token token) {
        return FILE + token.principal().tenant() + "/" + token.principal().id();
    }

    private static Known ofIssued(IssuedTokens.Found found) {
        return new Known(
                found.token().principal(found.control()),
                ISSUED + found.token().keyId(),
                found.token().isBootstrap());
    }

    /**
     * Returns whose token it is that somebody has signed in with.
     *
     * @param key tells it from all others
     * @param isSame tells by the hash of a token whether it is still that one
     * @throws RefusedException if it is another one by now, or holds no longer
     */
    Known again(String key, Predicate<byte[]> isSame) throws RefusedException {
        if (key.startsWith(ISSUED)) {
            return ofIssued(issued.require(key.substring(ISSUED.length()), isSame));
        }
        for (Token token : file.all()) {
            if (key(token).equals(key) && isSame.test(token.sha256())) {
                return ofFile(token);
            }
        }
        throw new RefusedException("unknown_token", "the token is not valid");
    }

    private Optional<Token> ofFile(String secret) {
        byte[] hash = Sha256.of(secret);
        @Nullable Token match = null;
        for (Token token : file.all()) {
            if (MessageDigest.isEqual(token.sha256(), hash)) {
                match = token;
            }
        }
        return Optional.ofNullable(match);
    }

    /**
     * Returns the token that a request carries.
     *
     * @param request the request
     * @param carried a token that its body carries; null where there is none
     * @throws RefusedException if it carries none, or several
     */
    static String secret(HttpServletRequest request, @Nullable String carried) throws RefusedException {
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

    /** Returns whether a request carries a token that looks as if Sluice had issued it. */
    static boolean carriesIssued(HttpServletRequest request, @Nullable String carried) {
        try {
            return secret(request, carried).startsWith(TokenText.PREFIX);
        } catch (RefusedException e) {
            return false;
        }
    }
}
