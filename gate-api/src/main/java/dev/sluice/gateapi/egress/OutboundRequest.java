package dev.sluice.gateapi.egress;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is sent.
 *
 * @param method of HTTP, such as {@code POST}
 * @param url to where; it may hold a secret and is never told
 * @param headers by name, each once; not those of the connection and of the length, which are the client's
 * @param body what is sent; of no bytes for none
 * @param mostBytes most bytes of the body of an answer that are taken, 1 to {@link #MOST_BYTES}; an answer of more is none
 * @param within how long it may take from now to the end of the answer, where that is less than any request may; null for as long as any
 * @param tenant for whom it is, who has no more under way than a share; null where that is not said, then all to one host have a share
 */
public record OutboundRequest(
        String method,
        URI url,
        Map<String, String> headers,
        byte[] body,
        int mostBytes,
        @Nullable Duration within,
        @Nullable String tenant) {
    /** Bytes of an answer where a request does not ask for more. */
    public static final int USUAL_BYTES = 64 << 10;

    /** Most bytes that a request can ask for. */
    public static final int MOST_BYTES = 4 << 20;

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    /** Visible characters of ASCII, with blanks and tabs between them: neither an end of a line nor what becomes one. */
    private static final Pattern VALUE = Pattern.compile("([\\x21-\\x7e]([\\x20-\\x7e\\t]*[\\x21-\\x7e])?)?");

    private static final Set<String> OF_THE_CLIENT = Set.of(
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "te",
            "trailer",
            "upgrade",
            "expect",
            "keep-alive",
            "accept-encoding",
            "proxy-authorization",
            "proxy-connection");

    /**
     * Checks the method and the headers.
     *
     * @throws IllegalArgumentException naming what is wrong, and no value: who takes headers from others checks them first, by
     *     {@link #isHeader}
     */
    public OutboundRequest {
        if (!TOKEN.matcher(method).matches()) {
            throw new IllegalArgumentException("the method is none of HTTP");
        }
        if (mostBytes < 1 || mostBytes > MOST_BYTES) {
            throw new IllegalArgumentException("mostBytes must be 1 to " + MOST_BYTES + ", is " + mostBytes);
        }
        headers = Map.copyOf(headers);
        headers.forEach((name, value) -> {
            if (!isHeader(name, value)) {
                throw new IllegalArgumentException("this header cannot be sent: " + name.replaceAll("[^!-~]", "?"));
            }
        });
    }

    /** What is sent by one who takes an answer of so many bytes at most. */
    public OutboundRequest(String method, URI url, Map<String, String> headers, byte[] body, int mostBytes) {
        this(method, url, headers, body, mostBytes, null, null);
    }

    /** What is sent by one who takes an answer of {@link #USUAL_BYTES} at most. */
    public OutboundRequest(String method, URI url, Map<String, String> headers, byte[] body) {
        this(method, url, headers, body, USUAL_BYTES);
    }

    /** Returns the same that is given up sooner. */
    public OutboundRequest within(Duration limit) {
        return new OutboundRequest(method, url, headers, body, mostBytes, limit, tenant);
    }

    /** Returns the same for a tenant. */
    public OutboundRequest onBehalfOf(String whom) {
        return new OutboundRequest(method, url, headers, body, mostBytes, within, whom);
    }

    /** Returns of whose share it is. */
    String share() {
        return tenant == null ? "host " + url.getHost() : "tenant " + tenant;
    }

    /** Returns whether a header can be sent. */
    public static boolean isHeader(String name, String value) {
        return TOKEN.matcher(name).matches()
                && !OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))
                && VALUE.matcher(value).matches();
    }

    /** Neither the URL, the values of headers, nor the body. */
    @Override
    public String toString() {
        return "OutboundRequest[method=" + method + ", host=" + url.getHost() + ", headers=" + headers.keySet()
                + ", bytes=" + body.length + "]";
    }
}
