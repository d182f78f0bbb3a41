package dev.sluice.sources.metrics.pull;

import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.CanarySelection.Feed;
import dev.sluice.wire.CanarySelection.Role;
import dev.sluice.wire.SeriesSelector;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The queries of a Prometheus for all series of a run: the counters and levels themselves, as they would be sent. */
final class SeriesQueries {
    private SeriesQueries() {}

    /** Returns the queries in PromQL, each once. */
    static Set<String> of(CanarySelection selection) {
        return of(selection, List.of(selection.baseline(), selection.canary()));
    }

    /** Returns those of the baseline. */
    static Set<String> ofBaseline(CanarySelection selection) {
        return of(selection, List.of(selection.baseline()));
    }

    private static Set<String> of(CanarySelection selection, List<SeriesSelector> arms) {
        Set<String> queries = new LinkedHashSet<>();
        for (Feed feed : selection.feeds()) {
            for (SeriesSelector arm : arms) {
                series(feed).map(series -> arm.and(series).toString()).forEach(queries::add);
            }
        }
        return queries;
    }

    /** Of a histogram, the counters of its bounds, and the native one. */
    private static Stream<SeriesSelector> series(Feed feed) {
        String name = feed.selector().name();
        return feed.role() == Role.HISTOGRAM && name != null
                ? Stream.of(feed.selector().withName(name + "_bucket"), feed.selector())
                : Stream.of(feed.selector());
    }
}
