package dev.sluice.canary.intake;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the counters of a target were read, for what comes too late to be judged. A reading is in the next one, unless the process
 * begins anew before that.
 *
 * @param read when it was last read; null before
 * @param missed the last reading that came too late and is in none that was judged; null where there is none
 * @param restart when its process began anew; null if it did not
 */
public record ReadingTimes(
        @Nullable Instant read,
        @Nullable Instant missed,
        @Nullable Restart restart) {
    /** Nothing was read. */
    public static final ReadingTimes NONE = new ReadingTimes(null, null, null);

    /** Returns whether a reading that comes too late is lost: the process had begun anew when it was read next. */
    public boolean loses(Instant at) {
        return restart != null && restart.loses(at);
    }

    /** Returns the times after a reading came too late: a later one that was judged has it, or one that is still to come. */
    public ReadingTimes late(Instant at) {
        boolean isJudged = read != null && !at.isAfter(read);
        boolean isKnown = missed != null && !at.isAfter(missed);
        return isJudged || isKnown ? this : new ReadingTimes(read, at, restart);
    }

    /** Returns whether a reading that was missed is lost, since the process has begun anew when it is read again. */
    public boolean losesMissed(Instant at, @Nullable Restart now) {
        return now != null && missed != null && !missed.isAfter(at);
    }

    /** Returns the times after a reading was judged. */
    public ReadingTimes read(Instant at, @Nullable Restart now) {
        return new ReadingTimes(
                at, missed == null || !missed.isAfter(at) ? null : missed, now == null ? restart : now.since(restart));
    }
}
