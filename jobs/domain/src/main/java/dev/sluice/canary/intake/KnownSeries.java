package dev.sluice.canary.intake;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is known of the series of a metric from the buckets before. */
public final class KnownSeries {
    private final Map<String, SamplePoint> last;
    private final Set<String> pods;
    private final Set<String> podsOfBefore;

    /**
     * Begins with what is known.
     *
     * @param last of each series that grows, by {@link SamplePoint#growthKey}, the last point
     * @param pods the pods that have had points, by {@link SamplePoint#podKey}
     */
    public KnownSeries(Map<String, SamplePoint> last, Set<String> pods) {
        this.last = new HashMap<>(last);
        this.pods = new HashSet<>(pods);
        this.podsOfBefore = Set.copyOf(pods);
    }

    /** Returns the last point of each series that grows. */
    public Map<String, SamplePoint> last() {
        return Collections.unmodifiableMap(last);
    }

    /** Returns the pods that have had points. */
    public Set<String> pods() {
        return Collections.unmodifiableSet(pods);
    }

    /** Returns the last point of the same series. */
    @Nullable
    SamplePoint lastOf(SamplePoint point) {
        return last.get(point.growthKey());
    }

    /** Returns the last point of the same series, whose place this one takes. */
    @Nullable
    SamplePoint replace(SamplePoint point) {
        return last.put(point.growthKey(), point);
    }

    /** Returns whether the pod was there in a bucket before: a series of it that nobody has seen has just been born. */
    boolean isBorn(SamplePoint point) {
        return !point.series().pod().isEmpty() && podsOfBefore.contains(point.podKey());
    }

    void learnPod(SamplePoint point) {
        if (!point.series().pod().isEmpty()) {
            pods.add(point.podKey());
        }
    }
}
