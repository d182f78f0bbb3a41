package dev.sluice.catalogue;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * An assignment of the catalogue with the time for which it holds, {@code [validFrom, validTo)}.
 *
 * @param tenant whose data
 * @param kind what belongs to what, see {@link dev.sluice.delivery.CatalogueKind}
 * @param subject what belongs
 * @param fromDay the day from which it does, which is its identity with kind and subject
 * @param value what it belongs to; null for nothing
 * @param validFrom the start of that day; null when deleted
 * @param validTo the start of the day of the next assignment; null where there is none
 * @param deleted whether there is no such assignment any more
 * @param computedAt progress at which it was so
 */
public record AssignmentFact(
        String tenant,
        String kind,
        String subject,
        LocalDate fromDay,
        @Nullable String value,
        @Nullable Instant validFrom,
        @Nullable Instant validTo,
        boolean deleted,
        Instant computedAt) {}
