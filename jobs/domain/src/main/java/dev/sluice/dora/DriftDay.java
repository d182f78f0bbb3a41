package dev.sluice.dora;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checks of a resource on one day (UTC), and all that their judgement needs of the days before.
 *
 * @param before how the resource stood before the day; null where it had not been checked yet
 * @param rows the checks, in order
 */
public record DriftDay(@Nullable DriftStanding before, List<DriftRow> rows) {
    static final DriftDay NONE = new DriftDay(null, List.of());

    public DriftDay {
        rows = List.copyOf(rows);
    }
}
