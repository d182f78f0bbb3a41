package dev.sluice.catalogue;

import dev.sluice.delivery.EnvironmentClass;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Of which class an environment is by the catalogue, in one row for all times.
 *
 * @param tenant whose data
 * @param environment its name
 * @param classes the classes that are assigned to it, in order of time; for other times its name tells
 * @param deleted whether none is assigned any more
 * @param computedAt progress at which it was so
 */
public record EnvironmentClassRow(
        String tenant, String environment, List<Span> classes, boolean deleted, Instant computedAt) {
    public EnvironmentClassRow {
        classes = List.copyOf(classes);
    }

    /**
     * A class for the time {@code [validFrom, validTo)}.
     *
     * @param environmentClass the class
     * @param validFrom the start
     * @param validTo the end; null where there is none
     */
    public record Span(
            EnvironmentClass environmentClass,
            Instant validFrom,
            @Nullable Instant validTo) {}

    /** Returns whether the environment is production at a moment, or will be after it. */
    public boolean isProductionFrom(Instant moment) {
        return classes.stream()
                .filter(span -> span.environmentClass() == EnvironmentClass.PRODUCTION)
                .anyMatch(span -> span.validTo() == null || moment.isBefore(span.validTo()));
    }
}
