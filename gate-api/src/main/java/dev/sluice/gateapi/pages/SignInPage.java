package dev.sluice.gateapi.pages;

import dev.sluice.gateapi.access.Sessions;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Form;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where people give a token, so that their browser is known for an hour. */
final class SignInPage {
    private static final String HOME = "/gates";
    private static final String NEXT = "next";
    private static final int MOST_OF_NEXT = 2_000;
    /** A path of this server: what begins with two slashes, or a backslash, leads elsewhere. */
    private static final Pattern LOCAL = Pattern.compile("/[A-Za-z0-9][!-\\[\\]-~]*");

    private final Sessions sessions;

    SignInPage(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Handles {@code GET /sign-in}. */
    void page(Context ctx) {
        String next = local(ctx.queryParam(NEXT));
        Frame.answerAnybody(ctx, "Sign in", main -> {
            main.element(
                    "p",
                    "With a token of the API. For an hour nobody asks for it again; when it is revoked, that ends too.");
            main.element("form", Attributes.of("method", "post").and("action", "/sign-in"), form -> {
                Frame.hidden(form, NEXT, next);
                // what keeps passwords asks for a name beside each
                form.empty(
                        "input",
                        Attributes.of("type", "text")
                                .and("autocomplete", "username")
                                .and("value", "sluice")
                                .and("hidden", ""));
                form.element("label", "for", "token", label -> label.text("Token"));
                form.empty(
                        "input",
                        Attributes.of("id", "token")
                                .and("name", "token")
                                .and("type", "password")
                                .and("autocomplete", "current-password")
                                .and("required", ""));
                Frame.submit(form, "Sign in");
            });
            main.element(
                    "p",
                    line -> line.text("From a link elsewhere browsers do not say who has signed in: ")
                            .element("a", "href", next, link -> link.text("go on"))
                            .text(" if you have."));
        });
    }

    /** Handles {@code POST /sign-in}. */
    void signIn(Context ctx) {
        Form form = Routes.form(ctx);
        String token = form.text("token")
                .orElseThrow(() -> new ApiException(ErrorType.UNAUTHENTICATED, "a token is required"));
        String next = local(form.text(NEXT).orElse(null));
        CompletableFuture<Void> done = sessions.signIn(ctx.req(), token).thenAccept(cookie -> {
            ctx.header("Set-Cookie", cookie);
            Frame.go(ctx, next);
        });
        ctx.future(() -> done);
    }

    /** Handles {@code POST /sign-out}. */
    void signOut(Context ctx) {
        CompletableFuture<Void> done = sessions.signOut(
                        ctx.req(), Routes.form(ctx).token())
                .thenAccept(cookie -> {
                    ctx.header("Set-Cookie", cookie);
                    Frame.go(ctx, "/sign-in");
                });
        ctx.future(() -> done);
    }

    /** Returns a path of this server that somebody wants to go to; where another is given, that of the first page. */
    static String local(@Nullable String path) {
        return path != null
                        && path.length() <= MOST_OF_NEXT
                        && LOCAL.matcher(path).matches()
                ? path
                : HOME;
    }
}
