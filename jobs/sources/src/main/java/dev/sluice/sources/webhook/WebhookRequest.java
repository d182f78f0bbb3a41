package dev.sluice.sources.webhook;

import static java.util.Objects.requireNonNull;

import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A request to a webhook: its headers, the parameters of its URL and its body, as they came. */
public final class WebhookRequest {
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,200}");
    private static final Pattern PHRASE = Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,198}[\\x21-\\x7e])?");

    private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, String> parameters;
    private final byte[] body;

    /**
     * Creates a request.
     *
     * @param headers values by name, in any case
     * @param parameters values by name, of those that the sender may give
     * @param body the bytes; never changed
     */
    public WebhookRequest(Map<String, List<String>> headers, Map<String, String> parameters, byte[] body) {
        headers.forEach((name, values) -> this.headers.put(name, List.copyOf(values)));
        this.parameters = Map.copyOf(parameters);
        this.body = requireNonNull(body, "body");
    }

    /** Returns the bytes as they came; never change them. */
    public byte[] body() {
        return body;
    }

    /** Returns the parameters of the URL. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** Returns the value of a header; nothing where it is absent or there more than once. */
    public Optional<String> header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    /**
     * Returns the value of a header that holds an id or a name: 1 to 200 printable ASCII characters without spaces.
     *
     * @throws Rejection if it is absent, there more than once, or something else
     */
    public String token(String name) {
        return optionalToken(name).orElseThrow(() -> missing(name));
    }

    /** Returns the same; nothing where it is absent, there more than once, or something else. */
    public Optional<String> optionalToken(String name) {
        return header(name).filter(TOKEN.asMatchPredicate());
    }

    /**
     * Returns the value of a header that holds words: as a {@link #token}, with spaces within.
     *
     * @throws Rejection if it is absent, there more than once, or something else
     */
    public String phrase(String name) {
        return header(name).filter(PHRASE.asMatchPredicate()).orElseThrow(() -> missing(name));
    }

    private static Rejection missing(String name) {
        return new Rejection(Reason.MISSING_FIELD, "header " + name + " is missing or malformed", null);
    }

    /**
     * Returns the key of a delivery whose sender gives it no id: SHA-256 of the body and the parameters as 64 hexadecimal
     * digits, so that the same again is the same delivery.
     */
    public String digest() {
        MessageDigest sha256 = Sha256.digest();
        sha256.update(body);
        new TreeMap<>(parameters).forEach((name, value) -> {
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            sha256.update((name + "=" + text.length + ":").getBytes(StandardCharsets.UTF_8));
            sha256.update(text);
        });
        return HexFormat.of().formatHex(sha256.digest());
    }
}
