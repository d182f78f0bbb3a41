package dev.sluice.gateapi.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Sha256;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * People who have signed in with a token to look at pages. Their browser keeps a random number; the log keeps its hash and which token it
 * stands for, so that each replica knows it. The token is looked up with each request: with it ends what was begun by it.
 */
public final class Sessions {
    /** For how long nobody has to sign in again. */
    static final Duration LIFE = Duration.ofHours(1);

    /** The browser sends it by https only, and no other host can have set it. */
    private static final String SECURE_COOKIE = "__Host-sluice";
    /** On this machine, where there is no https. */
    private static final String LOCAL_COOKIE = "sluice";

    /** Whose the records are: no tenant is called so. */
    private static final String SLUICE = "~sluice";

    private static final int ID_BYTES = 32;
    private static final int FORGOTTEN_AT_ONCE = 50;

    private final Access access;
    private final IssuedTokens issued;
    private final Views views;
    private final ControlLog log;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** Of the forms of whoever is let in without a token: another site may send them, but cannot have read it. */
    private final String openFormToken;

    /**
     * Creates them.
     *
     * @param access tells whose a token is
     * @param issued tell whether it is known which tokens hold
     * @param views have what the log keeps
     * @param log keeps who has signed in
     * @param clock tells when that ends
     */
    public Sessions(Access access, IssuedTokens issued, Views views, ControlLog log, Clock clock) {
        this.access = access;
        this.issued = issued;
        this.views = views;
        this.log = log;
        this.clock = clock;
        this.openFormToken = randomText();
    }

    /**
     * Returns who looks at a page, if they may: by a header, by having signed in, or because this machine is let in.
     *
     * @throws ApiException 401 if nobody known does, 403 if they may not, 429 if they ask too often, 503 if it is not known which tokens
     *     hold
     */
    public Visitor visit(HttpServletRequest request, Verb verb) {
        if (request.getHeader("Authorization") != null) {
            return new Visitor(access.authorise(request, verb), null, false);
        }
        Optional<String> id = cookie(request);
        Optional<Principal> principal = id.flatMap(this::principal);
        if (principal.isPresent()) {
            access.requireVerb(principal.get(), verb);
            return new Visitor(principal.get(), formToken(id.orElseThrow()), true);
        }
        if (!access.isOpen()) {
            throw new ApiException(ErrorType.UNAUTHENTICATED, "sign in, or send a header Authorization: Bearer");
        }
        return new Visitor(access.authorise(request, verb), openFormToken, false);
    }

    private Optional<Principal> principal(String id) {
        issued.requireKnown();
        Optional<JsonNode> session = views.control(SLUICE, Control.SESSION, Sha256.hex(id))
                .map(Held::row)
                .map(Control::document);
        if (session.isEmpty() || !clock.instant().isBefore(expiry(session.get()))) {
            return Optional.empty();
        }
        byte[] kept = session.get().path("fingerprint").asText().getBytes(StandardCharsets.US_ASCII);
        return access.signedIn(
                session.get().path("token").asText(),
                hash -> MessageDigest.isEqual(kept, fingerprint(id, hash).getBytes(StandardCharsets.US_ASCII)));
    }

    private static Instant expiry(JsonNode session) {
        try {
            return Instant.parse(session.path("expires_at").asText());
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    /** It says nothing of the token to whoever does not know the number that the browser keeps. */
    private static String fingerprint(String id, byte[] hash) {
        return Sha256.hex(id + " " + HexFormat.of().formatHex(hash));
    }

    private static String formToken(String id) {
        return Sha256.hex("form " + id);
    }

    private String randomText() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /**
     * Signs somebody in.
     *
     * @param request their request
     * @param token what they have typed
     * @return the cookie for their browser, when this replica knows it
     * @throws ApiException 401 if the token is nobody's, 403 if the browser has come without https from elsewhere, 429 if they try too
     *     often
     */
    public CompletableFuture<String> signIn(HttpServletRequest request, String token) {
        boolean secure = requireSafe(request);
        TokenAuthenticator.Known known = access.known(request, token);
        forgetOld();
        String id = randomText();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        JsonNode document = Json.mapper()
                .createObjectNode()
                .put("token", known.key())
                .put("fingerprint", fingerprint(id, Sha256.of(token)))
                .put("expires_at", now.plus(LIFE).toString());
        var control = new Control(
                SLUICE, Control.SESSION, Sha256.hex(id), known.principal().id(), now, false, document);
        return log.append(control).thenApply(done -> cookie(secure, id, LIFE));
    }

    /**
     * Ends what the browser keeps.
     *
     * @param request the request
     * @param formToken what its form carries
     * @return the cookie that takes the browser's place, when this replica knows that it has ended
     * @throws ApiException 403 if the form is none of the pages of whoever is signed in
     */
    public CompletableFuture<String> signOut(HttpServletRequest request, @Nullable String formToken) {
        boolean secure = !isLocal(request);
        Optional<String> id = cookie(request);
        if (id.isEmpty()) {
            return CompletableFuture.completedFuture(cookie(secure, "", Duration.ZERO));
        }
        requireSame(formToken(id.get()), formToken);
        var thing = new Thing(SLUICE, Control.SESSION, Sha256.hex(id.get()));
        return log.find(thing)
                .map(control -> log.append(control.deletedBy(control.principal(), clock.instant()))
                        .thenCompose(done -> log.forget(thing)))
                .orElseGet(() -> CompletableFuture.completedFuture(null))
                .thenApply(done -> cookie(secure, "", Duration.ZERO));
    }

    /**
     * Returns normally if a form is of a page of whoever sends it.
     *
     * @throws ApiException 403 if it does not carry what the page has
     */
    public static void requireOwn(Visitor visitor, @Nullable String formToken) {
        if (visitor.formToken() != null) {
            requireSame(visitor.formToken(), formToken);
        }
    }

    private static void requireSame(String expected, @Nullable String given) {
        boolean same = given != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
        if (!same) {
            throw new ApiException(
                    ErrorType.FORBIDDEN, "the form is not of a page that was shown to you: load the page again");
        }
    }

    /**
     * Returns normally if no other site has sent a form. Browsers say who has; where one does not say so in words, it says its origin.
     *
     * @throws ApiException 403 if one has
     */
    public static void requireSameSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        boolean own = site != null
                ? site.equals("same-origin") || site.equals("none")
                : origin == null || hostOf(origin).equals(Optional.ofNullable(request.getHeader("Host")));
        if (!own) {
            throw new ApiException(ErrorType.FORBIDDEN, "no other site may send this form");
        }
    }

    private static Optional<String> hostOf(String origin) {
        try {
            return Optional.ofNullable(new URI(origin).getAuthority());
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean requireSafe(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        boolean https = origin != null && origin.startsWith("https://");
        if (!https && origin != null && !isLocal(request)) {
            throw new ApiException(ErrorType.FORBIDDEN, "sign in by https, or on the machine itself");
        }
        return https || !isLocal(request);
    }

    /** A proxy may have changed the name of the host. */
    private static boolean isLocal(HttpServletRequest request) {
        return request.getHeader("Forwarded") == null
                && request.getHeader("X-Forwarded-For") == null
                && LoopbackAuthenticator.isLoopback(request.getServerName());
    }

    /** Elsewhere than on this machine the one that is sent by https only is the one that counts. */
    private static Optional<String> cookie(HttpServletRequest request) {
        List<Cookie> cookies =
                Stream.ofNullable(request.getCookies()).flatMap(Arrays::stream).toList();
        return value(cookies, SECURE_COOKIE)
                .or(() -> isLocal(request) ? value(cookies, LOCAL_COOKIE) : Optional.empty());
    }

    private static Optional<String> value(List<Cookie> cookies, String name) {
        return cookies.stream()
                .filter(cookie ->
                        cookie.getName().equals(name) && !cookie.getValue().isEmpty())
                .map(Cookie::getValue)
                .findFirst();
    }

    private static String cookie(boolean secure, String value, Duration life) {
        return (secure ? SECURE_COOKIE : LOCAL_COOKIE) + "=" + value + "; Path=/; Max-Age=" + life.toSeconds()
                + "; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
    }

    private void forgetOld() {
        Instant now = clock.instant();
        views.controls(Control.SESSION)
                .map(Held::row)
                .filter(control -> !now.isBefore(expiry(control.document())))
                .limit(FORGOTTEN_AT_ONCE)
                .forEach(control -> {
                    var unused = log.forget(new Thing(SLUICE, Control.SESSION, control.id()));
                });
    }
}
