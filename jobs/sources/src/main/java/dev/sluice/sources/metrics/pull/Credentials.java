package dev.sluice.sources.metrics.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What shows a source who asks. Secrets are read anew for each request, so that they may change; none is ever told. */
public final class Credentials {
    private static final String AUTHORIZATION = "Authorization";
    private static final Pattern HEADER_TEXT = Pattern.compile("[\\x21-\\x7e]{1,8192}");

    private final List<Header> headers;

    private Credentials(Header... headers) {
        this.headers = List.of(headers);
    }

    /** Returns none. */
    public static Credentials none() {
        return new Credentials();
    }

    /**
     * Returns a bearer token (RFC 6750).
     *
     * @param token reads it; may wait, e.g. for a file
     */
    public static Credentials bearer(Supplier<String> token) {
        return new Credentials(new Header(AUTHORIZATION, "Bearer ", token, UnaryOperator.identity()));
    }

    /**
     * Returns a name and a password (RFC 7617), in UTF-8.
     *
     * @param user the name, without a colon
     * @param password reads the password; may wait, e.g. for a file
     */
    public static Credentials basic(String user, Supplier<String> password) {
        if (user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("user must not have a colon, is " + user);
        }
        return new Credentials(new Header(
                AUTHORIZATION,
                "Basic ",
                password,
                secret -> Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(UTF_8))));
    }

    /**
     * Returns an API key of Elasticsearch.
     *
     * @param key reads it as Elasticsearch gives it encoded: id and key, in Base64; may wait, e.g. for a file
     */
    public static Credentials apiKey(Supplier<String> key) {
        return new Credentials(new Header(AUTHORIZATION, "ApiKey ", key, UnaryOperator.identity()));
    }

    /**
     * Returns the two keys of Datadog.
     *
     * @param apiKey reads the one of the organisation; may wait, e.g. for a file
     * @param applicationKey reads the one of who asks
     */
    public static Credentials datadog(Supplier<String> apiKey, Supplier<String> applicationKey) {
        return new Credentials(
                new Header("DD-API-KEY", "", apiKey, UnaryOperator.identity()),
                new Header("DD-APPLICATION-KEY", "", applicationKey, UnaryOperator.identity()));
    }

    /** Returns whether there is any. */
    boolean arePresent() {
        return !headers.isEmpty();
    }

    /**
     * Reads the secrets.
     *
     * @throws UnusableAnswerException if one cannot be read, or cannot be sent
     */
    Shown show() {
        Map<String, String> shown = new LinkedHashMap<>();
        List<String> secrets = new ArrayList<>();
        for (Header header : headers) {
            String secret = header.read();
            String value = header.encoding().apply(secret);
            if (secret.isEmpty() || !HEADER_TEXT.matcher(value).matches()) {
                throw UnusableAnswerException.ofSource(
                        "is not asked: its secret is empty, or holds what no header may hold", null);
            }
            shown.put(header.name(), header.prefix() + value);
            secrets.add(value);
            secrets.add(secret);
        }
        return new Shown(shown, secrets);
    }

    /** No secret. */
    @Override
    public String toString() {
        return "Credentials" + headers.stream().map(Header::name).toList();
    }

    private record Header(String name, String prefix, Supplier<String> secret, UnaryOperator<String> encoding) {
        String read() {
            try {
                return requireNonNull(secret.get(), "secret");
            } catch (RuntimeException e) { // of whoever keeps the secret; its message may say it
                throw UnusableAnswerException.ofSource(
                        "is not asked: its secret cannot be read: "
                                + e.getClass().getSimpleName(),
                        null);
            }
        }
    }

    /**
     * Secrets as they are sent with one request.
     *
     * @param headers by name
     * @param secrets what must not be told
     */
    record Shown(Map<String, String> headers, List<String> secrets) {
        /** As they are where nothing has been read. */
        static final Shown NONE = new Shown(Map.of(), List.of());

        private static final int MOST = 300;
        private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Cs}\u2028\u2029]+");

        /** Returns a text of a source as one line that may be told: without secrets, and cut. */
        String quote(String text) {
            String quoted = text;
            for (String secret : secrets) {
                quoted = quoted.replace(secret, "***");
            }
            String cut = quoted.length() <= MOST ? quoted : quoted.substring(0, MOST) + "...";
            return UNPRINTABLE.matcher(cut).replaceAll(" ");
        }

        @Override
        public String toString() {
            return "Shown" + headers.keySet();
        }
    }
}
