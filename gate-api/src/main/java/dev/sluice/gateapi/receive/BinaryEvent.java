package dev.sluice.gateapi.receive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.wire.Json;
import io.cloudevents.CloudEventData;
import io.cloudevents.SpecVersion;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.rw.CloudEventRWException;
import io.cloudevents.rw.CloudEventWriter;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A CloudEvent in the binary mode of the HTTP binding: its attributes are headers that begin with {@code ce-}, the body
 * is its data. It is turned into the structured form, in which alone events are checked and stored; the bytes of the
 * data stay as they came.
 */
final class BinaryEvent {
    private static final String PREFIX = "ce-";
    private static final String CONTENT_TYPE = "Content-Type";
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9]+");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]*");
    private static final byte[] DATA = ",\"data\":".getBytes(StandardCharsets.US_ASCII);
    private static final int ESCAPE_LENGTH = 3;

    private BinaryEvent() {}

    /** Returns whether the request has attributes in its headers. */
    static boolean isIn(Context ctx) {
        return names(ctx).stream().anyMatch(BinaryEvent::isAttribute);
    }

    /**
     * Returns the event in the structured form.
     *
     * @param ctx the request
     * @param data its body, which is JSON or empty
     * @throws ApiException 400 if a header is no attribute; the pointer is that of the attribute in the structured form
     */
    static byte[] structured(Context ctx, byte[] data) {
        Map<String, String> headers = headers(ctx);
        ObjectNode attributes;
        try {
            attributes = HttpMessageFactory.createReader(headers::forEach, new byte[0])
                    .read(Attributes::new);
        } catch (CloudEventRWException e) {
            throw ApiException.invalidDocument(
                    "/specversion", "header ce-specversion must be 1.0 or 0.3, a version of CloudEvents");
        }
        byte[] envelope = Json.bytes(attributes);
        if (data.length == 0) {
            return envelope;
        }
        return ByteBuffer.allocate(envelope.length + DATA.length + data.length)
                .put(envelope, 0, envelope.length - 1)
                .put(DATA)
                .put(data)
                .put((byte) '}')
                .array();
    }

    private static Map<String, String> headers(Context ctx) {
        var headers = new TreeMap<String, String>();
        for (String name : names(ctx)) {
            if (isAttribute(name)) {
                String attribute = name.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
                requireName(attribute);
                headers.put(
                        PREFIX + attribute,
                        decoded(attribute, Collections.list(ctx.req().getHeaders(name))));
            }
        }
        String contentType = ctx.req().getContentType();
        if (contentType != null) {
            headers.put(CONTENT_TYPE, contentType);
        }
        return headers;
    }

    private static List<String> names(Context ctx) {
        return Collections.list(ctx.req().getHeaderNames());
    }

    private static boolean isAttribute(String header) {
        return header.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
    }

    private static void requireName(String attribute) {
        if (!ATTRIBUTE.matcher(attribute).matches()) {
            throw wrong(attribute, "names of attributes are made of letters and digits");
        }
        if (attribute.equals("data") || attribute.equals("datacontenttype")) {
            throw wrong(attribute, "the body is the data, and Content-Type says what it is");
        }
    }

    /** Returns the value of an attribute from its header, after section 3.1.3.2 of the HTTP binding. */
    private static String decoded(String attribute, List<String> values) {
        if (values.size() != 1) {
            throw wrong(attribute, "header ce-" + attribute + " is there more than once");
        }
        String value = values.get(0);
        if (!PRINTABLE.matcher(value).matches()) {
            throw wrong(attribute, "characters outside of printable ASCII must be percent-encoded");
        }
        try {
            return percentDecoded(unquoted(value));
        } catch (CharacterCodingException e) {
            throw wrong(attribute, "what is percent-encoded must be UTF-8");
        }
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
            return value;
        }
        return value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
    }

    /** A percent sign that begins no escape stands for itself: older senders do not encode. */
    private static String percentDecoded(String value) throws CharacterCodingException {
        var bytes = new ByteArrayOutputStream(value.length());
        int i = 0;
        while (i < value.length()) {
            boolean escape = value.charAt(i) == '%'
                    && i + 2 < value.length()
                    && HexFormat.isHexDigit(value.charAt(i + 1))
                    && HexFormat.isHexDigit(value.charAt(i + 2));
            bytes.write(escape ? HexFormat.fromHexDigits(value, i + 1, i + ESCAPE_LENGTH) : value.charAt(i));
            i += escape ? ESCAPE_LENGTH : 1;
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes.toByteArray()))
                .toString();
    }

    private static ApiException wrong(String attribute, String detail) {
        String pointer = "/" + attribute.replace("~", "~0").replace("/", "~1");
        return ApiException.invalidDocument(pointer, detail);
    }

    /** Collects attributes as they are in the structured form, where every value is a text. */
    private static final class Attributes implements CloudEventWriter<ObjectNode> {
        private final ObjectNode document = Json.mapper().createObjectNode();

        Attributes(SpecVersion version) {
            document.put("specversion", version.toString());
        }

        @Override
        public Attributes withContextAttribute(String name, String value) {
            document.put(name, value);
            return this;
        }

        @Override
        public ObjectNode end(CloudEventData data) {
            return document;
        }

        @Override
        public ObjectNode end() {
            return document;
        }
    }
}
