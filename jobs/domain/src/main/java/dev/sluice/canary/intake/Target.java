package dev.sluice.canary.intake;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the counters of a target: of a pod that is read, or of a single series where pods are not known.
 *
 * @param since when it was first read
 * @param at when it was last read
 * @param last how its counters stood then, by {@link SamplePoint#seriesKey}
 * @param gone how those stood that nobody waits for any more; they may come back
 * @param anew how counters that fell stood after, until a further reading has shown that they go on from there; null where none
 *     fell
 * @param skipped readings since that one, which were not whole
 * @param readings how many readings were believed
 * @param leftOut how many were not
 * @param unsteady how often counters fell and no further reading went on from there, or began anew again at once
 * @param begun whether its counters began anew, as they said, and were read once since
 */
public record Target(
        Instant since,
        Instant at,
        SortedMap<String, SamplePoint> last,
        SortedMap<String, SamplePoint> gone,
        @Nullable SortedMap<String, SamplePoint> anew,
        int skipped,
        int readings,
        int leftOut,
        int unsteady,
        boolean begun) {
    public Target {
        last = Collections.unmodifiableSortedMap(new TreeMap<>(last));
        gone = Collections.unmodifiableSortedMap(new TreeMap<>(gone));
        anew = anew == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(anew));
    }

    /** Returns a target after its first reading. */
    static Target first(Instant at, SortedMap<String, SamplePoint> counters) {
        return new Target(at, at, counters, Collections.emptySortedMap(), null, 0, 1, 0, 0, false);
    }

    /** Returns the target after a reading that was believed; nobody waits any more for a counter that is not in it. */
    Target read(Instant when, SortedMap<String, SamplePoint> counters, int nowUnsteady) {
        return new Target(since, when, counters, without(counters), null, 0, readings + 1, leftOut, nowUnsteady, false);
    }

    /** Returns the target after its process began anew, as its counters say; of one that is not among them nobody knows. */
    Target begin(Instant when, SortedMap<String, SamplePoint> counters) {
        int nowUnsteady = unsteady + (begun ? 1 : 0);
        return new Target(since, when, counters, without(counters), null, 0, readings + 1, leftOut, nowUnsteady, true);
    }

    private SortedMap<String, SamplePoint> without(SortedMap<String, SamplePoint> counters) {
        SortedMap<String, SamplePoint> missing = new TreeMap<>(gone);
        missing.putAll(last);
        missing.keySet().removeAll(counters.keySet());
        return missing;
    }

    /** Returns the target after its process began anew: what it had before is of no use. */
    Target restart(Instant when, SortedMap<String, SamplePoint> counters) {
        return new Target(
                since, when, counters, Collections.emptySortedMap(), null, 0, readings + 1, leftOut, unsteady, false);
    }

    /** Returns the target after a reading that was left out. */
    Target skip() {
        return new Target(since, at, last, gone, anew, skipped + 1, readings, leftOut + 1, unsteady, begun);
    }

    /** Returns the target after a reading in which counters fell. */
    Target fall(SortedMap<String, SamplePoint> counters) {
        return new Target(
                since, at, last, gone, counters, 0, readings, leftOut, unsteady + (anew == null ? 0 : 1), begun);
    }

    /** Returns how a counter stood; null if it was not there before. */
    @Nullable
    SamplePoint before(String key) {
        SamplePoint then = last.get(key);
        return then == null ? gone.get(key) : then;
    }
}
