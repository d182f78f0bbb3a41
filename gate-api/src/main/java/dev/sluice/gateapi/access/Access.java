package dev.sluice.gateapi.access;

import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets callers in: by a token of the token file or one that Sluice has issued; without a token file, and where only this machine can
 * reach the server, also whatever program of it carries no token that Sluice has issued.
 */
public final class Access {
    private static final String BOOTSTRAP = "sluice.bootstrap";

    private final @Nullable LoopbackAuthenticator loopback;
    private final TokenAuthenticator tokens;
    private final IssuedTokens issued;
    private final RateLimits limits;
    private final MeterRegistry registry;

    private Access(
            @Nullable LoopbackAuthenticator loopback,
            TokenAuthenticator tokens,
            IssuedTokens issued,
            RateLimits limits,
            MeterRegistry registry) {
        this.loopback = loopback;
        this.tokens = tokens;
        this.issued = issued;
        this.limits = limits;
        this.registry = registry;
    }

    /**
     * Returns access by tokens only.
     *
     * @param file those of the token file
     * @param issued those that Sluice has issued
     * @param limits how often they may be used
     * @param clock tells whether a token has expired
     * @param registry counts refusals
     */
    public static Access byTokens(
            FileTokens file, IssuedTokens issued, RateLimits limits, Clock clock, MeterRegistry registry) {
        return new Access(null, new TokenAuthenticator(file, issued, clock), issued, limits, registry);
    }

    /**
     * Returns access for programs of this machine, all as tenant {@code default}, and by tokens that Sluice has issued.
     *
     * @param issued those tokens
     * @param limits how often they may be used; whoever carries none has no limits
     * @param clock tells whether a token has expired
     * @param registry counts refusals
     */
    public static Access fromLoopback(IssuedTokens issued, RateLimits limits, Clock clock, MeterRegistry registry) {
        var tokens = new TokenAuthenticator(FileTokens.none(), issued, clock);
        return new Access(new LoopbackAuthenticator(), tokens, issued, limits, registry);
    }

    /**
     * Returns who asks, if they may do it.
     *
     * @throws ApiException 401 if nobody known asks, 403 if they may not, 429 if they ask too often, 503 if it is not known which
     *     tokens hold
     */
    public Principal authorise(HttpServletRequest request, Verb verb) {
        return authorise(request, null, verb);
    }

    /**
     * Returns who asks, if they may do it, of callers that cannot send a header with a token: theirs stands in the body. Never in
     * the URL, which proxies and logs keep. A header goes first where there is one.
     *
     * @param request the request
     * @param carried the token in its body; null where there is none
     * @param verb what a caller needs
     * @throws ApiException 401 if nobody known asks, 403 if they may not, 429 if they ask too often, 503 if it is not known which
     *     tokens hold
     */
    public Principal authorise(HttpServletRequest request, @Nullable String carried, Verb verb) {
        Principal principal = loopback == null || TokenAuthenticator.carriesIssued(request, carried)
                ? byToken(request, carried)
                : fromLoopback(loopback, request);
        requireVerb(principal, verb);
        return principal;
    }

    /**
     * Returns normally if somebody may do something.
     *
     * @throws ApiException 403 if not
     */
    void requireVerb(Principal principal, Verb verb) {
        if (!principal.verbs().contains(verb)) {
            refused("scope");
            throw new ApiException(ErrorType.FORBIDDEN, "the token lacks the scope " + verb.scope());
        }
    }

    /**
     * Returns whose token it is that somebody has signed in with, as long as it holds.
     *
     * @param key tells it from all others
     * @param isSame tells by the hash of a token whether it is still that one
     * @return nothing if it holds no longer
     * @throws ApiException 429 if they ask too often, 503 if it is not known which tokens hold
     */
    Optional<Principal> signedIn(String key, Predicate<byte[]> isSame) {
        try {
            TokenAuthenticator.Known known = tokens.again(key, isSame);
            limits.count(known.key(), known.principal().tenant());
            return Optional.of(known.principal());
        } catch (RefusedException e) {
            refused(e.reason());
            return Optional.empty();
        }
    }

    /** Returns whether whoever can reach the server is let in without a token. */
    boolean isOpen() {
        return loopback != null;
    }

    private Principal fromLoopback(LoopbackAuthenticator callers, HttpServletRequest request) {
        try {
            return callers.authenticate(request);
        } catch (RefusedException e) {
            refused(e.reason());
            throw new ApiException(ErrorType.UNAUTHENTICATED, e.sentence());
        }
    }

    private Principal byToken(HttpServletRequest request, @Nullable String carried) {
        try {
            return known(request, TokenAuthenticator.secret(request, carried)).principal();
        } catch (RefusedException e) {
            throw failed(Addresses.network(request.getRemoteAddr()), e);
        }
    }

    /**
     * Returns whose token it is that a request carries, or that somebody types in.
     *
     * @throws ApiException 401 if it is nobody's, 429 if they try too often, 503 if it is not known which tokens hold
     */
    TokenAuthenticator.Known known(HttpServletRequest request, String secret) {
        String address = Addresses.network(request.getRemoteAddr());
        TokenAuthenticator.Known known;
        try {
            if (TokenText.keyId(secret).isEmpty()) {
                // one that somebody may have thought up: of those nobody tries many
                limits.requireFailuresLeft(address);
            }
            known = tokens.authenticate(secret);
            if (known.isBootstrap()) {
                requireFirst(request);
            }
        } catch (RefusedException e) {
            throw failed(address, e);
        }
        limits.count(known.key(), known.principal().tenant());
        return known;
    }

    private ApiException failed(String address, RefusedException refusal) {
        refused(refusal.reason());
        limits.requireFailuresLeft(address);
        limits.failed(address);
        return new ApiException(ErrorType.UNAUTHENTICATED, refusal.sentence());
    }

    /**
     * Lets somebody try a credential that is no token of ours.
     *
     * @param request the request
     * @param work looks at the credential; fails with an {@link ApiException} 401 if it is not valid
     * @return what comes of it; fails with an {@link ApiException} 429 if the address has failed too often
     */
    public <T> CompletableFuture<T> attempt(HttpServletRequest request, Supplier<CompletableFuture<T>> work) {
        String address = Addresses.network(request.getRemoteAddr());
        limits.requireFailuresLeft(address);
        return work.get().whenComplete((done, thrown) -> {
            Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
            if (cause instanceof ApiException problem && problem.type() == ErrorType.UNAUTHENTICATED) {
                limits.failed(address);
            }
        });
    }

    /** The bootstrap token is good for the first tokens only; the path is compared as it was sent, before anything decodes it. */
    private void requireFirst(HttpServletRequest request) throws RefusedException {
        if (issued.hasAdmin()) {
            throw new RefusedException("bootstrap_over", "the token is not valid");
        }
        if (!request.getMethod().equals("POST") || !request.getRequestURI().equals(TokenHandler.PATH)) {
            refused("scope");
            throw new ApiException(
                    ErrorType.FORBIDDEN, "the bootstrap token is for POST " + TokenHandler.PATH + " only");
        }
        request.setAttribute(BOOTSTRAP, true);
    }

    /** Returns whether a request that was let in carries the bootstrap token. */
    static boolean isBootstrap(HttpServletRequest request) {
        return request.getAttribute(BOOTSTRAP) != null;
    }

    private void refused(String reason) {
        registry.counter("sluice.access.refused", "reason", reason).increment();
    }
}
