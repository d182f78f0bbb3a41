package dev.sluice.sources;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A place in a JSON document, so that whatever is wrong there can be pointed to. Absent and null mean the same, as do
 * absent and blank texts.
 *
 * @param node what stands there; a missing node where there is nothing
 * @param pointer JSON pointer (RFC 6901) from the document's root
 */
public record Place(JsonNode node, String pointer) {
    /** Longest text that may become part of an identity or a key. */
    private static final int MAX_TEXT = 1024;

    public Place {
        requireNonNull(node, "node");
        requireNonNull(pointer, "pointer");
    }

    /** Returns the place of a member of this object. */
    public Place at(String field) {
        return new Place(
                node.path(field), pointer + "/" + field.replace("~", "~0").replace("/", "~1"));
    }

    /** Returns the place of an element of this list. */
    public Place at(int index) {
        return new Place(node.path(index), pointer + "/" + index);
    }

    /** Returns whether nothing stands here. */
    public boolean isAbsent() {
        return node.isMissingNode() || node.isNull();
    }

    /**
     * Returns this place of an object.
     *
     * @throws Rejection if there is none
     */
    public Place object() {
        if (!node.isObject()) {
            throw isAbsent() ? missing() : wrong("must be an object");
        }
        return this;
    }

    /**
     * Returns this place of a list.
     *
     * @throws Rejection if there is none
     */
    public Place list() {
        if (!node.isArray()) {
            throw isAbsent() ? missing() : wrong("must be a list");
        }
        return this;
    }

    /**
     * Returns the text that stands here.
     *
     * @throws Rejection if there is none, or it is blank, too long, or cannot be written as UTF-8
     */
    public String text() {
        String text = optionalText();
        if (text == null) {
            throw missing();
        }
        return text;
    }

    /**
     * Returns the text that stands here, null if there is none.
     *
     * @throws Rejection if it is something else, too long, or cannot be written as UTF-8
     */
    public @Nullable String optionalText() {
        if (isAbsent()) {
            return null;
        }
        if (!node.isTextual()) {
            throw wrong("must be a text");
        }
        String text = node.textValue();
        if (text.isBlank()) {
            return null;
        }
        if (text.length() > MAX_TEXT) {
            throw wrong("must have at most " + MAX_TEXT + " characters");
        }
        if (!isWellFormed(text)) {
            throw wrong("holds half of a surrogate pair");
        }
        return text;
    }

    /**
     * Returns the beginning of the text that stands here, as much as a text may have; null if there is none. For texts
     * that are not part of an identity and that their senders do not keep short.
     *
     * @throws Rejection if it is something else, or cannot be written as UTF-8
     */
    public @Nullable String beginning() {
        if (!node.isTextual() || node.textValue().length() <= MAX_TEXT) {
            return optionalText();
        }
        String text = node.textValue();
        boolean splits = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1));
        return new Place(TextNode.valueOf(text.substring(0, splits ? MAX_TEXT - 1 : MAX_TEXT)), pointer).optionalText();
    }

    /**
     * Returns the texts of the list that stands here, null if there is none.
     *
     * @throws Rejection if it is something else, or one of its elements is no text
     */
    public @Nullable List<String> optionalTexts() {
        if (isAbsent()) {
            return null;
        }
        if (!node.isArray()) {
            throw wrong("must be a list of texts");
        }
        return elements().map(Place::text).toList();
    }

    /** Returns the places of the elements of this list; none if it is no list. */
    public Stream<Place> elements() {
        return IntStream.range(0, node.isArray() ? node.size() : 0).mapToObj(this::at);
    }

    /**
     * Returns this place, in which no text is too long or cannot be written as UTF-8, nor within it.
     *
     * @throws Rejection if there is one
     */
    public Place encodable() {
        if (node.isTextual()) {
            optionalText();
        }
        node.fieldNames().forEachRemaining(name -> at(name).encodable());
        elements().forEach(Place::encodable);
        return this;
    }

    /**
     * Returns the whole number that stands here.
     *
     * @throws Rejection if there is none, or it does not fit into 64 bits
     */
    public long number() {
        if (isAbsent()) {
            throw missing();
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong("must be a whole number of 64 bits");
        }
        return node.longValue();
    }

    /** Returns whether {@code true} stands here. */
    public boolean isTrue() {
        return node.isBoolean() && node.booleanValue();
    }

    /**
     * Returns whether true or false stands here, null if neither does.
     *
     * @throws Rejection if something else stands here
     */
    public @Nullable Boolean optionalFlag() {
        if (isAbsent()) {
            return null;
        }
        if (!node.isBoolean()) {
            throw wrong("must be true or false");
        }
        return node.booleanValue();
    }

    /**
     * Returns the time that stands here.
     *
     * @throws Rejection if there is none
     */
    public Instant time() {
        return EventTimes.parse(text(), pointer);
    }

    /**
     * Returns the time that stands here, null if there is none.
     *
     * @throws Rejection if something else stands here
     */
    public @Nullable Instant optionalTime() {
        String text = optionalText();
        return text == null ? null : EventTimes.parse(text, pointer);
    }

    /** Returns the refusal of what stands here. */
    public Rejection wrong(String detail) {
        return new Rejection(Reason.WRONG_VALUE, detail, pointer);
    }

    private Rejection missing() {
        return new Rejection(Reason.MISSING_FIELD, "is required", pointer);
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
