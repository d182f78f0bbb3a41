package dev.sluice.gateapi.report.digest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import dev.sluice.gateapi.report.dora.WrittenReport;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A URL that digests are posted to, as <a href="https://www.standardwebhooks.com">Standard Webhooks</a>, or as chats take
 * messages. Redirects are not followed, and nothing of an answer is read but its status and {@code Retry-After}.
 */
final class WebhookTarget implements Target {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);
    private static final int OK = 200;
    private static final int AFTER_OK = 300;
    private static final int GONE = 410;
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    private final URI url;
    private final Form form;
    private final @Nullable String secret;

    /**
     * Creates a target.
     *
     * @param url where to post; it may hold a secret and is never told
     * @param form what is posted
     * @param secret signs it, as Standard Webhooks spells secrets; null for no signature
     */
    WebhookTarget(URI url, Form form, @Nullable String secret) {
        this.url = url;
        this.form = form;
        this.secret = secret;
    }

    @Override
    public void deliver(String name, WrittenReport report, Instant now)
            throws UndeliveredException, InterruptedException {
        String body = body(report, now);
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(ANSWER_LIMIT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "sluice")
                .header("webhook-id", name)
                .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .POST(BodyPublishers.ofString(body));
        if (secret != null) {
            request.header("webhook-signature", signature(secret, name, now, body));
        }
        HttpResponse<InputStream> response;
        try {
            response = CLIENT.send(request.build(), BodyHandlers.ofInputStream());
            response.body().close();
        } catch (IOException e) {
            // the message of some failures names the whole URL
            throw UndeliveredException.forNow(
                    url.getHost() + " cannot be reached: " + e.getClass().getSimpleName(), null);
        }
        int status = response.statusCode();
        if (status >= OK && status < AFTER_OK) {
            return;
        }
        String answered = url.getHost() + " has answered with " + status;
        if (status == GONE) {
            throw UndeliveredException.forEver(answered);
        }
        Optional<Duration> retryAfter = retryAfter(response);
        throw retryAfter.isPresent()
                ? new UndeliveredException.Until(answered, retryAfter.get())
                : UndeliveredException.forNow(answered, null);
    }

    private String body(WrittenReport report, Instant now) {
        ObjectNode body = Json.mapper().createObjectNode();
        if (form == Form.CHAT) {
            body.put("text", literal(report.text()));
        } else {
            body.put("type", "dora.digest");
            body.put("timestamp", now.toString());
            body.putRawValue("data", new RawValue(report.json()));
        }
        return body.toString();
    }

    /** Writes a text so that no name in it calls anybody, whichever chat it is: they differ in how one escapes. */
    private static String literal(String text) {
        return text.replace('<', '\u2039').replace('>', '\u203a').replace("@", "@\u200b");
    }

    private static String signature(String secret, String id, Instant now, String body) {
        try {
            return new Webhook(secret).sign(id, now.getEpochSecond(), body);
        } catch (EmptyWebhookSecretException | WebhookSigningException e) {
            throw new IllegalStateException("the secret was checked when it was read", e);
        }
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    /** Neither the URL nor the secret. */
    @Override
    public String toString() {
        return "WebhookTarget[host=" + url.getHost() + ", form=" + form + ", signed=" + (secret != null) + "]";
    }

    /** What is posted. */
    enum Form {
        /** The report as data. */
        REPORT,
        /** Its words, as a message. */
        CHAT;

        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
