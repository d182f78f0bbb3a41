package dev.sluice.shift;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * All that a {@link ShiftDetector} knows after some values: with it the detector resumes as if it had just seen them.
 *
 * @param stretch the values that belong together so far; null before the first
 * @param renewed whether a shift has been reported before
 * @param reference what values are compared with; null while it is being learned
 * @param more the evidence that values have become greater; for rates, that the bad outcome has become more frequent
 * @param less the evidence for the contrary
 */
public record DetectorState(
        @Nullable Stretch stretch,
        boolean renewed,
        @Nullable Reference reference,
        Evidence more,
        Evidence less) {
    /** What is known before the first value. */
    public static final DetectorState INITIAL = new DetectorState(null, false, null, Evidence.NONE, Evidence.NONE);

    public DetectorState {
        requireNonNull(more, "more");
        requireNonNull(less, "less");
        if (reference != null && stretch == null) {
            throw new IllegalArgumentException("a reference without the values that it is from");
        }
    }
}
