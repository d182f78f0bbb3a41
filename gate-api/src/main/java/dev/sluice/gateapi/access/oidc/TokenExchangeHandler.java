package dev.sluice.gateapi.access.oidc;

import dev.sluice.gateapi.access.Access;
import dev.sluice.gateapi.access.SingleUse;
import dev.sluice.gateapi.access.TokenIssuer;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.wire.Sha256;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Exchanges tokens of CI systems for ones of Sluice, after RFC 8693: each once, for ten minutes. */
public final class TokenExchangeHandler {
    /** How long a token holds that was exchanged. */
    static final Duration LIFE = Duration.ofMinutes(10);

    private static final int OK = 200;
    private static final int MAX_BYTES = 32 << 10;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final Set<String> SUBJECTS =
            Set.of("urn:ietf:params:oauth:token-type:jwt", "urn:ietf:params:oauth:token-type:id_token");
    private static final Set<String> KNOWN =
            Set.of("grant_type", "subject_token", "subject_token_type", "requested_token_type");
    private static final String USE = "oidc-token";

    private final Access access;
    private final IdTokens tokens;
    private final SingleUse uses;
    private final TokenIssuer issuer;
    private final Executor answers;
    private final MeterRegistry registry;

    /**
     * Creates a handler.
     *
     * @param access knows who has failed too often
     * @param tokens believes tokens of CI systems
     * @param uses tells whether one was exchanged before
     * @param issuer issues what they are exchanged for
     * @param answers runs what follows
     * @param registry counts exchanges by what came of them
     */
    public TokenExchangeHandler(
            Access access,
            IdTokens tokens,
            SingleUse uses,
            TokenIssuer issuer,
            Executor answers,
            MeterRegistry registry) {
        this.access = access;
        this.tokens = tokens;
        this.uses = uses;
        this.issuer = issuer;
        this.answers = answers;
        this.registry = registry;
    }

    /** Handles {@code POST /v1/oidc/token}. */
    public void exchange(Context ctx) {
        Requests.requireMediaType(ctx, FORM);
        String subject = subject(form(new String(Requests.body(ctx, MAX_BYTES), StandardCharsets.UTF_8)));
        CompletableFuture<Void> done = access.attempt(
                        ctx.req(),
                        () -> tokens.look(subject)
                                .thenApplyAsync(this::believed, answers)
                                .thenCompose(this::issued))
                .thenAcceptAsync(
                        token -> Requests.answer(
                                ctx, OK, new Exchanged(token, ACCESS_TOKEN, "Bearer", LIFE.toSeconds())),
                        answers);
        ctx.future(() -> done);
    }

    private IdTokens.Believed believed(IdTokens.Outcome outcome) {
        return outcome.believed().orElseThrow(() -> {
            UntrustedException refusal = outcome.refusal().orElseThrow();
            count(refusal.reason());
            boolean isKnown = refusal.reason().equals("no_rule");
            return new ApiException(isKnown ? ErrorType.FORBIDDEN : ErrorType.UNAUTHENTICATED, refusal.sentence());
        });
    }

    private CompletableFuture<String> issued(IdTokens.Believed believed) {
        TrustRule rule = believed.rule();
        return uses.firstUse(
                        rule.tenant(),
                        USE,
                        Sha256.hex(believed.number()),
                        believed.expires().plus(Claims.SKEW))
                .thenComposeAsync(
                        isFirst -> {
                            if (!isFirst) {
                                count("used");
                                throw new ApiException(
                                        ErrorType.UNAUTHENTICATED,
                                        "the token was exchanged before: each is good for once");
                            }
                            return issuer.exchange(
                                    rule.name(), rule.tenant(), believed.owner(), rule.verbs(), rule.reach(), LIFE);
                        },
                        answers)
                .whenComplete((token, failure) -> {
                    if (failure == null) {
                        count("exchanged");
                    }
                });
    }

    private void count(String outcome) {
        registry.counter("sluice.oidc.exchanges", "outcome", outcome).increment();
    }

    private static String subject(Map<String, String> form) {
        require(GRANT.equals(form.get("grant_type")), "grant_type must be " + GRANT);
        require(
                SUBJECTS.contains(form.getOrDefault("subject_token_type", "")),
                "subject_token_type must be urn:ietf:params:oauth:token-type:jwt or …:id_token");
        require(
                form.getOrDefault("requested_token_type", ACCESS_TOKEN).equals(ACCESS_TOKEN),
                "requested_token_type can be " + ACCESS_TOKEN + " only");
        @Nullable String subject = form.get("subject_token");
        require(subject != null && !subject.isEmpty(), "subject_token is missing");
        return String.valueOf(subject);
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String part : body.split("&", -1)) {
            int equals = part.indexOf('=');
            String name = decoded(equals < 0 ? part : part.substring(0, equals));
            require(KNOWN.contains(name), "the form has a parameter that is not read here");
            require(
                    form.put(name, decoded(equals < 0 ? "" : part.substring(equals + 1))) == null,
                    "parameter " + name + " is given twice");
        }
        return form;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ErrorType.BAD_REQUEST, "the form is not encoded as in a URL", e);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ApiException(ErrorType.BAD_REQUEST, otherwise);
        }
    }

    /** The answer to an exchange, as RFC 8693 names its members. */
    record Exchanged(String accessToken, String issuedTokenType, String tokenType, long expiresIn) {}
}
