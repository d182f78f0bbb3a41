package dev.sluice.canaryjob.state;

import java.time.Duration;

/**
 * A time of which nothing is learned of a metric, since something is wrong with what there is of it.
 *
 * @param first its begin, ms since the epoch
 * @param last its end, ms since the epoch
 * @param why in words
 */
public record Withheld(long first, long last, String why) {
    /** Returns the time with another one, unless it is so long before that only the later one is still asked for. */
    public Withheld and(Withheld other, Duration asked) {
        if (other.first < first) {
            return other.and(this, asked);
        }
        if (other.first - last > asked.toMillis()) {
            return other;
        }
        // the same words whichever came first
        String words = why.compareTo(other.why) <= 0 ? why : other.why;
        return new Withheld(first, Math.max(last, other.last), words);
    }
}
