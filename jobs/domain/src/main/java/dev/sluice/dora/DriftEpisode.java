package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A time during which a resource was not what was declared, as far as the checks up to some moment tell. It is one
 * episode however many detectors see it.
 *
 * @param openedAt the first check that saw it
 * @param closedAt the check that saw it gone; null while it goes on
 * @param lastSeenAt the last check that saw it
 * @param checks how many checks saw it
 * @param fingerprints what differed, each once, in the order in which it was seen; at most {@link #MOST_FINGERPRINTS}
 * @param detectors which sources saw it, each once, in the order in which they did
 */
public record DriftEpisode(
        Instant openedAt,
        @Nullable Instant closedAt,
        Instant lastSeenAt,
        int checks,
        List<String> fingerprints,
        List<String> detectors) {
    /** How many fingerprints are kept: a detector whose fingerprint is another each time must not fill the state. */
    public static final int MOST_FINGERPRINTS = 20;

    public DriftEpisode {
        requireNonNull(openedAt, "openedAt");
        requireNonNull(lastSeenAt, "lastSeenAt");
        fingerprints = List.copyOf(fingerprints);
        detectors = List.copyOf(detectors);
    }

    static DriftEpisode openedBy(DriftRow check) {
        return new DriftEpisode(check.at(), null, check.at(), 0, List.of(), List.of()).seenBy(check);
    }

    DriftEpisode seenBy(DriftRow check) {
        return new DriftEpisode(
                openedAt,
                closedAt,
                check.at(),
                checks + 1,
                fingerprints.size() == MOST_FINGERPRINTS ? fingerprints : with(fingerprints, check.fingerprint()),
                with(detectors, check.detector()));
    }

    /**
     * Returns whether a check that saw no drift is the end of it. Where it is known what differed, a detector that never
     * saw that may not look at it, so it takes one that did. At the moment at which the episode opened, nothing closes it.
     */
    boolean isClosedBy(DriftRow clean) {
        return clean.at().isAfter(openedAt) && (fingerprints.isEmpty() || detectors.contains(clean.detector()));
    }

    DriftEpisode closed(Instant at) {
        return new DriftEpisode(openedAt, at, lastSeenAt, checks, fingerprints, detectors);
    }

    /** Returns how long it took to reconcile, in milliseconds; null while it goes on. */
    @Nullable
    Long reconcileMs() {
        return closedAt == null
                ? null
                : Long.valueOf(Duration.between(openedAt, closedAt).toMillis());
    }

    private static List<String> with(List<String> values, @Nullable String value) {
        if (value == null || values.contains(value)) {
            return values;
        }
        var more = new ArrayList<>(values);
        more.add(value);
        return more;
    }
}
