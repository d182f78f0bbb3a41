package dev.sluice.gateapi.access;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets callers in: by a token where there is a token file, otherwise from this machine only. */
public final class Access {
    private final Authenticator authenticator;
    private final MeterRegistry registry;

    private Access(Authenticator authenticator, MeterRegistry registry) {
        this.authenticator = authenticator;
        this.registry = registry;
    }

    /**
     * Returns access by the tokens of a file.
     *
     * @param file the file's name, for messages
     * @param content its text: YAML or JSON
     * @param clock tells whether a token has expired
     * @param registry counts refusals
     * @param problems where to report what is wrong with the file
     */
    public static Access byTokens(String file, String content, Clock clock, MeterRegistry registry, Problems problems) {
        List<Token> tokens = Tokens.read(file, content, problems);
        return new Access(new TokenAuthenticator(tokens, clock), registry);
    }

    /** Returns access for programs of this machine, all as tenant {@code default}. */
    public static Access fromLoopback(MeterRegistry registry) {
        return new Access(new LoopbackAuthenticator(), registry);
    }

    /**
     * Returns who asks, if they may do it.
     *
     * @throws ApiException 401 if nobody known asks, 403 if they may not
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
     * @throws ApiException 401 if nobody known asks, 403 if they may not
     */
    public Principal authorise(HttpServletRequest request, @Nullable String carried, Verb verb) {
        Principal principal;
        try {
            principal = authenticator.authenticate(request, carried);
        } catch (RefusedException e) {
            refused(e.reason());
            throw new ApiException(ErrorType.UNAUTHENTICATED, e.sentence());
        }
        if (!principal.verbs().contains(verb)) {
            refused("scope");
            throw new ApiException(ErrorType.FORBIDDEN, "the token lacks the scope " + verb.scope());
        }
        return principal;
    }

    private void refused(String reason) {
        registry.counter("sluice.access.refused", "reason", reason).increment();
    }

    /** Finds out who asks. */
    interface Authenticator {
        /**
         * Returns who asks.
         *
         * @param request the request
         * @param carried a token that its body carries; null where there is none
         */
        Principal authenticate(HttpServletRequest request, @Nullable String carried) throws RefusedException;
    }
}
