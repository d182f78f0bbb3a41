package dev.sluice.store;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a metric looks at.
 *
 * @param kind {@code deployment}, {@code change}, {@code pull_request}, {@code incident} or {@code drift_episode}
 * @param id its identity in the series
 * @param repository its repository; empty where it has none
 * @param subject the subject of the events that tell of it
 * @param day the day on which it counts, in the service's zone; of an episode of drift that on which it opened, though it
 *     counts on all days on which it goes on
 * @param at the moment by which it does
 * @param counted whether the metric counts it among all
 * @param value milliseconds, or 1 for yes and 0 for no; null where it has none
 * @param reasons by which rules it counts as it does, or why it does not
 * @param related ids of the incidents, or deployments, that this is about
 */
public record Evidence(
        String kind,
        String id,
        String repository,
        String subject,
        LocalDate day,
        Instant at,
        boolean counted,
        @Nullable Double value,
        List<String> reasons,
        List<String> related) {
    public Evidence {
        reasons = List.copyOf(reasons);
        related = List.copyOf(related);
    }
}
