package dev.sluice.dorajob.state;

import dev.sluice.dora.OwnedRange;

/** A {@link OwnedRange}, flat. */
public record OwnedRangeState(String first, int size) {

    /** Returns the flat form. */
    public static OwnedRangeState of(OwnedRange range) {
        return new OwnedRangeState(range.first(), range.size());
    }

    /** Returns the domain's form. */
    public OwnedRange toDomain() {
        return new OwnedRange(first, size);
    }
}
