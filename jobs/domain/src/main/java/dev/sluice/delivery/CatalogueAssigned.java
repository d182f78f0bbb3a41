package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * From a day on, something belongs to something else: a service to a team, a team to a group, an environment to a class.
 * It does until the day of the next assignment of the same. The identity is (kind, subject, from): the newest word on it
 * counts.
 *
 * @param header who said it; {@code occurredAt} is when it was said, which decides which word is the newest
 * @param kind what belongs to what
 * @param subject what belongs: the name of a service, a team or an environment
 * @param value what it belongs to: a team, a group, or one of {@link EnvironmentClass}; null for nothing
 * @param from the first day, of the service's zone where it is a service's, else of the usual zone
 * @param revision 0 for what was said at first; a correction has a higher one and wins
 * @param deleted whether there is no such assignment after all
 */
public record CatalogueAssigned(
        EventHeader header,
        CatalogueKind kind,
        String subject,
        @Nullable String value,
        LocalDate from,
        long revision,
        boolean deleted)
        implements DeliveryEvent {
    public CatalogueAssigned {
        requireNonNull(header, "header");
        requireNonNull(kind, "kind");
        Texts.requireText(subject, "subject");
        requireNonNull(from, "from");
        if (value != null) {
            Texts.requireText(value, "value");
        }
        if (kind == CatalogueKind.ENVIRONMENT_CLASS && value != null) {
            EnvironmentClass.valueOf(value);
        }
        if (revision < 0) {
            throw new IllegalArgumentException("revision must not be negative: " + revision);
        }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.catalogueAssigned(this);
    }
}
