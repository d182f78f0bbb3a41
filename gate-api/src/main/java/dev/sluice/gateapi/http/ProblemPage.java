package dev.sluice.gateapi.http;

import dev.sluice.gateapi.html.Page;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Tells people in words why there is no page. Who is not known is sent where they can sign in. */
final class ProblemPage {
    private static final Page PAGE = Page.styled();
    private static final int SEE_OTHER = 303;
    /** From here on it may not be known what was. */
    private static final int SERVER_ERROR = 500;

    private ProblemPage() {}

    static void answer(Context ctx, ApiException problem, String instance) {
        if (problem.type() == ErrorType.UNAUTHENTICATED && !ctx.path().equals("/sign-in")) {
            ctx.status(SEE_OTHER);
            ctx.header("Location", "/sign-in" + next(ctx));
            return;
        }
        ctx.status(problem.type().status());
        PAGE.answer(
                ctx,
                PAGE.of(
                        problem.type().title(),
                        body -> body.element("main", main -> {
                            main.element("h1", problem.type().title());
                            main.element("p", problem.detail());
                            if (problem.errors().size() > 1) {
                                main.element(
                                        "ul",
                                        list -> problem.errors().forEach(error -> list.element("li", error.detail())));
                            }
                            if (!ctx.method().equals(HandlerType.GET)) {
                                if (problem.type().status() < SERVER_ERROR) {
                                    main.element("p", "Nothing was changed.");
                                }
                                main.element(
                                        "p",
                                        line -> line.element(
                                                "a", "href", page(ctx), link -> link.text("Back to the page")));
                            }
                            main.element("p", line -> line.element("small", instance));
                        })));
    }

    /** Where they wanted to go; a form that was sent is lost, and has to be filled in again. */
    private static String next(Context ctx) {
        if (!ctx.method().equals(HandlerType.GET)) {
            return "?next=" + URLEncoder.encode(page(ctx), StandardCharsets.UTF_8);
        }
        String query = ctx.queryString();
        String whole = ctx.path() + (query == null ? "" : "?" + query);
        return "?next=" + URLEncoder.encode(whole, StandardCharsets.UTF_8);
    }

    /** Forms are sent to paths below that of their page. */
    private static String page(Context ctx) {
        int end = ctx.path().indexOf('/', 1);
        return end < 0 ? ctx.path() : ctx.path().substring(0, end);
    }
}
