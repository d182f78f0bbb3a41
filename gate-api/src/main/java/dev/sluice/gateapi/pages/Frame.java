package dev.sluice.gateapi.pages;

import dev.sluice.gateapi.access.Visitor;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.html.Page;
import dev.sluice.gateapi.http.Form;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What stands around each page: where to go, who looks, and how to sign out. */
final class Frame {
    private static final Page PAGE = Page.styled().withForms();
    private static final int SEE_OTHER = 303;
    private static final Map<String, String> PLACES = new LinkedHashMap<>();

    static {
        PLACES.put("/gates", "Gates");
        PLACES.put("/approvals", "Approvals");
        PLACES.put("/freezes", "Freezes");
        PLACES.put("/rollbacks", "Rollbacks");
        PLACES.put("/audit", "Audit log");
        PLACES.put("/reports/dora", "Delivery report");
    }

    private Frame() {}

    /** Answers with a page for somebody who is known. */
    static void answer(Context ctx, String title, Consumer<Html> content) {
        Visitor visitor = Routes.visitor(ctx);
        PAGE.answer(
                ctx,
                PAGE.of(
                        title,
                        body -> body.element(
                                        "a",
                                        Attributes.of("class", "skip").and("href", "#content"),
                                        skip -> skip.text("To the content"))
                                .element("header", "class", "bar", header -> header(header, visitor, ctx.path()))
                                .element("main", "id", "content", main -> {
                                    main.element("h1", title);
                                    content.accept(main);
                                })));
    }

    /** Answers with a page for anybody. */
    static void answerAnybody(Context ctx, String title, Consumer<Html> content) {
        PAGE.answer(
                ctx,
                PAGE.of(
                        title,
                        body -> body.element("main", main -> {
                            main.element("h1", title);
                            content.accept(main);
                        })));
    }

    private static void header(Html header, Visitor visitor, String current) {
        header.element(
                "nav",
                "aria-label",
                "Pages",
                nav -> PLACES.forEach((path, name) -> {
                    Attributes to = Attributes.of("href", path);
                    nav.element(
                            "a", path.equals(current) ? to.and("aria-current", "page") : to, link -> link.text(name));
                }));
        header.element("div", "class", "who", who -> {
            who.element(
                    "span",
                    name -> name.text("As ").element("bdi", visitor.principal().owner()));
            if (visitor.signedIn()) {
                form(who, visitor, "/sign-out", form -> submit(form, "Sign out"));
            }
        });
    }

    /** Adds a form whose answer changes something. */
    static void form(Html html, Visitor visitor, String action, Consumer<Html> content) {
        html.element("form", Attributes.of("method", "post").and("action", action), form -> {
            if (visitor.formToken() != null) {
                hidden(form, Form.TOKEN, visitor.formToken());
            }
            content.accept(form);
        });
    }

    /** Adds a field that is sent and not seen. */
    static void hidden(Html form, String name, String value) {
        form.empty("input", Attributes.of("type", "hidden").and("name", name).and("value", value));
    }

    /** Adds a button that sends the form. */
    static void submit(Html form, String text) {
        form.element("button", "type", "submit", button -> button.text(text));
    }

    /** Answers with another page, once something is done. */
    static void goThen(Context ctx, String path, CompletableFuture<?> done) {
        CompletableFuture<Void> gone = done.thenAccept(what -> go(ctx, path));
        ctx.future(() -> gone);
    }

    /** Answers with another page. */
    static void go(Context ctx, String path) {
        ctx.status(SEE_OTHER);
        ctx.header("Location", path);
    }
}
