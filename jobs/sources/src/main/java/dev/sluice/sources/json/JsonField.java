package dev.sluice.sources.json;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.sources.Place;
import org.jspecify.annotations.Nullable;

/**
 * Where the value of a field comes from.
 *
 * @param pointer where it stands in an item; null for the same in all
 * @param literal the same for all, where there is no pointer
 */
record JsonField(@Nullable JsonPointer pointer, String literal) {

    /**
     * Reads the declaration of a field: a text that begins with a slash is a JSON pointer (RFC 6901), any other is meant as
     * it stands.
     *
     * @throws IllegalArgumentException if it begins with a slash and is no pointer
     */
    static JsonField of(String declared) {
        return declared.startsWith("/")
                ? new JsonField(JsonPointer.compile(requireEscapes(declared)), "")
                : new JsonField(null, declared);
    }

    /** Returns the place of the value that an item has. */
    Place in(Place item) {
        return pointer == null
                ? new Place(TextNode.valueOf(literal), item.pointer())
                : new Place(item.node().at(pointer), item.pointer() + pointer);
    }

    /** Jackson takes a tilde that escapes nothing for itself; RFC 6901 does not. */
    private static String requireEscapes(String pointer) {
        if (pointer.matches("(?s).*~(?![01]).*")) {
            throw new IllegalArgumentException("a tilde is written ~0, a slash within a name ~1");
        }
        return pointer;
    }
}
