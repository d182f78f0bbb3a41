package dev.sluice.gateapi.access.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UncheckedJoseException;

/** Believes tokens of CI systems, or not: whom they are of, by which rule they are trusted. */
public final class IdTokens {
    private static final Duration FETCH_LIMIT = Duration.ofSeconds(3);

    private final Map<String, Trusted> issuers = new HashMap<>();
    private final Clock clock;

    /**
     * Creates it.
     *
     * @param trust whose tokens are taken
     * @param clock tells whether a token is of now
     */
    public IdTokens(TrustFile trust, Clock clock) {
        this(trust, clock, new KeyDownload(FETCH_LIMIT));
    }

    IdTokens(TrustFile trust, Clock clock, KeyDownload download) {
        this.clock = clock;
        for (Issuer issuer : trust.issuers()) {
            var keys = new IssuerKeys(issuer.issuer(), () -> download.fetch(issuer.jwksUrl()), clock);
            issuers.put(issuer.issuer(), new Trusted(issuer, keys));
        }
    }

    private record Trusted(Issuer issuer, IssuerKeys keys) {}

    /**
     * A token that is believed.
     *
     * @param rule by which
     * @param owner the machine behind it
     * @param number tells it from all others of all issuers
     * @param expires when it expires
     */
    record Believed(TrustRule rule, String owner, String number, Instant expires) {}

    /** What comes of a token: it is believed, or it is said why not. */
    record Outcome(Optional<Believed> believed, Optional<UntrustedException> refusal) {}

    /**
     * Looks at a token.
     *
     * @return what comes of it; fails with an {@link dev.sluice.gateapi.http.ApiException} 503 if the keys of its issuer are not known
     */
    CompletableFuture<Outcome> look(String text) {
        IdToken token;
        Trusted trusted;
        try {
            token = IdToken.parse(text);
            trusted = Optional.ofNullable(token.claims().path("iss").textValue())
                    .map(issuers::get)
                    .orElseThrow(() -> new UntrustedException("issuer"));
            if (!trusted.issuer().algorithms().contains(token.algorithm())) {
                throw new UntrustedException("algorithm");
            }
        } catch (UntrustedException e) {
            return CompletableFuture.completedFuture(new Outcome(Optional.empty(), Optional.of(e)));
        }
        return trusted.keys().key(token.kid(), token.algorithm()).thenApply(key -> {
            try {
                return new Outcome(Optional.of(believed(token, trusted.issuer(), key)), Optional.empty());
            } catch (UntrustedException e) {
                return new Outcome(Optional.empty(), Optional.of(e));
            }
        });
    }

    private Believed believed(IdToken token, Issuer issuer, Optional<PublicKey> key) throws UntrustedException {
        if (!isSigned(token, key.orElseThrow(() -> new UntrustedException("kid")))) {
            throw new UntrustedException("signature");
        }
        Instant expires = Claims.requireCurrent(token.claims(), issuer.audience(), clock.instant());
        String number = issuer.issuer() + " " + Claims.number(token, issuer);
        String owner = Claims.owner(token.claims(), issuer);
        return new Believed(rule(token.claims(), issuer), owner, number, expires);
    }

    private static TrustRule rule(JsonNode said, Issuer issuer) throws UntrustedException {
        String otherwise = "no rule trusts this token";
        for (TrustRule rule : issuer.rules()) {
            if (rule.takes(said)) {
                Optional<String> refusal = issuer.system() == null
                        ? Optional.empty()
                        : issuer.system().refusal(said, rule);
                if (refusal.isEmpty()) {
                    return rule;
                }
                otherwise = refusal.get();
            }
        }
        throw new UntrustedException("no_rule", otherwise);
    }

    private static boolean isSigned(IdToken token, PublicKey key) {
        var signature = new JsonWebSignature();
        try {
            signature.setAlgorithmConstraints(new AlgorithmConstraints(
                    AlgorithmConstraints.ConstraintType.PERMIT,
                    token.algorithm().header()));
            signature.setCompactSerialization(token.text());
            signature.setKey(key);
            return signature.verifySignature();
        } catch (JoseException | UncheckedJoseException e) {
            return false;
        }
    }
}
