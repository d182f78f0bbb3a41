package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

/**
 * Something that is wrong in a document by its schema.
 *
 * @param pointer JSON pointer (RFC 6901) from the document's root; of a missing field, where it ought to be
 * @param message one sentence for a person
 */
public record Violation(String pointer, String message) {
    public Violation {
        requireNonNull(pointer, "pointer");
        requireNonNull(message, "message");
    }
}
