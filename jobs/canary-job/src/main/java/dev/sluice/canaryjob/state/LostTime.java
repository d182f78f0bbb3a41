package dev.sluice.canaryjob.state;

/**
 * When what a target counted is in no later reading, because its process began anew; the ends are not part of it.
 *
 * @param from its last reading before, ms since the epoch; the first one if it began anew more than once
 * @param to its first reading after, ms since the epoch; the last one if it began anew more than once
 */
public record LostTime(long from, long to) {
    /** Returns whether what was read then is lost. */
    public boolean holds(long millis) {
        return from < millis && millis < to;
    }
}
