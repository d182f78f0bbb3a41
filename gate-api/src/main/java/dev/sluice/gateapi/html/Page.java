package dev.sluice.gateapi.html;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.Consumer;

/** A style sheet and the pages that have it. Safe for use by several threads. */
public final class Page {
    private final String style;
    private final String policy;

    private Page(String style) {
        this.style = style;
        this.policy = "default-src 'none'; style-src 'sha256-" + hash(style)
                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /**
     * Reads a style sheet.
     *
     * @param owner the class beside which it lies
     * @param resource the file's name
     * @throws IllegalStateException if it is missing: the program was built wrongly
     */
    public static Page styledBy(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing");
            }
            return new Page(new String(in.readAllBytes(), StandardCharsets.UTF_8));
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
                + "</body></html>\n";
    }

    /** Answers with a page that has this style sheet, under a policy by which nothing else has an effect. */
    public void answer(Context ctx, String html) {
        ctx.header("Content-Security-Policy", policy);
        ctx.contentType("text/html; charset=utf-8").result(html.getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(String style) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
