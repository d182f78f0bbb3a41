package dev.sluice.gateapi.access.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Sha256;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/** What a token of an issuer says, once its signature is verified. */
final class Claims {
    /** How far clocks may be apart. */
    static final Duration SKEW = Duration.ofSeconds(60);

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long LATEST_SECOND = 253_402_300_799L;
    private static final int MAX_ID = 200;
    private static final int MAX_OWNER = 200;

    private Claims() {}

    /**
     * Returns when a token expires, if it is for us and of now.
     *
     * @throws UntrustedException if not
     */
    static Instant requireCurrent(JsonNode said, String audience, Instant now) throws UntrustedException {
        JsonNode given = said.path("aud");
        // of several audiences any other one could show the token here
        JsonNode only = given.isArray() && given.size() == 1 ? given.get(0) : given;
        if (!audience.equals(only.textValue())) {
            throw new UntrustedException("audience", "the token's aud is not the audience of this service alone");
        }
        Instant expires = time(said, "exp").orElseThrow(() -> absent("exp"));
        Instant issued = time(said, "iat").orElseThrow(() -> absent("iat"));
        Optional<Instant> begins = said.has("nbf") ? time(said, "nbf") : Optional.of(issued);
        if (!now.isBefore(expires.plus(SKEW))) {
            throw new UntrustedException("expired", "the token has expired");
        }
        if (expires.isAfter(now.plus(LONGEST).plus(SKEW))) {
            throw new UntrustedException("too_long", "the token's exp is more than a day ahead");
        }
        if (issued.isAfter(now.plus(SKEW))) {
            throw new UntrustedException("future", "the token's iat is in the future");
        }
        if (begins.orElseThrow(() -> absent("nbf")).isAfter(now.plus(SKEW))) {
            throw new UntrustedException("future", "the token's nbf is in the future");
        }
        return expires;
    }

    private static UntrustedException absent(String claim) {
        return new UntrustedException("claims", "the token has no " + claim + ", or it is no time");
    }

    private static Optional<Instant> time(JsonNode said, String claim) {
        JsonNode value = said.path(claim);
        return value.isIntegralNumber()
                        && value.canConvertToLong()
                        && value.longValue() > 0
                        && value.longValue() <= LATEST_SECOND
                ? Optional.of(Instant.ofEpochSecond(value.longValue()))
                : Optional.empty();
    }

    /**
     * Returns what tells a token from all others of its issuer: its {@code jti}, or where a system has none what it has signed.
     *
     * @throws UntrustedException if it has none
     */
    static String number(IdToken token, Issuer issuer) throws UntrustedException {
        JsonNode number = token.claims().path("jti");
        if (number.isMissingNode()
                && issuer.system() != null
                && !issuer.system().numbersItsTokens()) {
            return "signed " + Sha256.hex(token.signed());
        }
        return Optional.ofNullable(number.textValue())
                .filter(text -> !text.isBlank() && text.length() <= MAX_ID)
                .map(text -> "jti " + text)
                .orElseThrow(() -> new UntrustedException("claims", "the token has no jti"));
    }

    /**
     * Returns the machine behind a token: its issuer, and the ids of whose it is.
     *
     * @throws UntrustedException if it does not say whose it is
     */
    static String owner(JsonNode said, Issuer issuer) throws UntrustedException {
        List<String> names =
                issuer.system() == null ? List.of("sub") : issuer.system().ids();
        var ids = new StringJoiner(" ");
        for (String name : names) {
            ids.add(name + "="
                    + TrustRule.text(said, name)
                            .filter(text -> !text.isBlank())
                            .orElseThrow(() ->
                                    new UntrustedException("claims", "the token does not say whose it is: " + name)));
        }
        String owner = issuer.issuer() + " " + ids;
        return owner.length() <= MAX_OWNER ? owner : "oidc sha256:" + Sha256.hex(owner);
    }
}
