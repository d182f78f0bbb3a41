package dev.sluice.gateapi.html;

import dev.sluice.wire.Sha256;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A style sheet, perhaps a script, and the pages that have them. Safe for use by several threads. */
public final class Page {
    private final String style;
    private final @Nullable String script;
    private final boolean hasForms;
    private final String policy;

    private Page(String style, @Nullable String script, boolean hasForms) {
        this.style = style;
        this.script = script;
        this.hasForms = hasForms;
        String scripts = script == null ? "" : "script-src 'sha256-" + hash(script) + "'; connect-src 'self'; ";
        this.policy = "default-src 'none'; style-src 'sha256-" + hash(style) + "'; " + scripts
                + "base-uri 'none'; form-action " + (hasForms ? "'self'" : "'none'") + "; frame-ancestors 'none'";
    }

    /** Returns the style that most pages have. */
    public static Page styled() {
        return styledBy(Page.class, "pages.css");
    }

    /**
     * Reads a style sheet.
     *
     * @param owner the class beside which it lies
     * @param resource the file's name
     * @throws IllegalStateException if it is missing: the program was built wrongly
     */
    public static Page styledBy(Class<?> owner, String resource) {
        return new Page(read(owner, resource), null, false);
    }

    /**
     * Returns the style with a script, which may ask this server and nobody else. Without scripts pages say the same.
     *
     * @param owner the class beside which it lies
     * @param resource the file's name
     * @throws IllegalStateException if it is missing: the program was built wrongly
     */
    public Page withScript(Class<?> owner, String resource) {
        return new Page(style, read(owner, resource), hasForms);
    }

    /** Returns the style with forms, which may be sent to this server and nowhere else. */
    public Page withForms() {
        return new Page(style, script, true);
    }

    private static String read(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + resource, e);
        }
    }

    /** Returns a page. */
    public String of(String title, Consumer<Html> body) {
        var html = new Html();
        body.accept(html);
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>"
                + new Html().text(title) + "</title><style>" + style + "</style></head>\n<body>\n" + html
                + (script == null ? "" : "<script>" + script + "</script>") + "</body></html>\n";
    }

    /** Answers with a page that has this style sheet, under a policy by which nothing else has an effect. */
    public void answer(Context ctx, String html) {
        ctx.header("Content-Security-Policy", policy);
        if (hasForms) {
            // without it a browser does not say where a form comes from
            ctx.header("Referrer-Policy", "same-origin");
        }
        ctx.contentType("text/html; charset=utf-8").result(html.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the policy under which pages are answered. */
    public String policy() {
        return policy;
    }

    private static String hash(String style) {
        return Base64.getEncoder().encodeToString(Sha256.of(style));
    }
}
