package dev.sluice.dora;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What became different when the checks of a series changed. */
final class DriftChanges {
    private final List<Span> spans = new ArrayList<>();
    private final Set<String> episodes = new TreeSet<>();

    /**
     * A time of which the checks tell something else now.
     *
     * @param first its first moment
     * @param last its last moment
     */
    record Span(Instant first, Instant last) {}

    /** Returns the times of which the checks tell something else now. */
    List<Span> spans() {
        return spans;
    }

    /** Returns the episodes that came, changed or went, by {@link DriftTimeline#episodeKey}. */
    Set<String> episodes() {
        return episodes;
    }

    void add(Span span) {
        spans.add(span);
    }

    void addEpisode(String key) {
        episodes.add(key);
    }
}
