package dev.sluice.dorajob.state;

import dev.sluice.dora.CommitRange;

/** A {@link CommitRange}, flat. */
public record CommitRangeState(String first, int size) {

    /** Returns the flat form. */
    public static CommitRangeState of(CommitRange range) {
        return new CommitRangeState(range.first(), range.size());
    }

    /** Returns the domain's form. */
    public CommitRange toDomain() {
        return new CommitRange(first, size);
    }
}
