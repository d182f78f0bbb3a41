package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Who corrected something, and why. It stands beside the event that the correction became; no metric depends on it.
 *
 * @param principal whose credential the correction came with
 * @param reason why, in the words of who made it
 * @param ticket where that is discussed, if somewhere
 */
public record CorrectionNote(
        String principal, String reason, @Nullable String ticket) {
    public CorrectionNote {
        requireNonNull(principal, "principal");
        requireNonNull(reason, "reason");
    }
}
