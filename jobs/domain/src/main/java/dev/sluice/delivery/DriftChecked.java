package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One check whether what runs is what was declared.
 *
 * @param header who checked; {@code occurredAt} is when
 * @param checkId the check's identity, unique in the tenant: {@code <source>/<native id>}
 * @param service the service whose configuration was checked
 * @param environment where
 * @param resource what was checked: a stack, a workspace, an application
 * @param drifted whether it differed
 * @param fingerprint what differed, so that two detectors that see the same drift can be told to; null where not known
 * @param interval how long until the next check is due: for so long a check says something; null where not known
 * @param revision 0 for what was said at first; a correction of the same check has a higher one and wins
 * @param deleted whether the source, or a correction, says that there was no such check
 */
public record DriftChecked(
        EventHeader header,
        String checkId,
        String service,
        String environment,
        String resource,
        boolean drifted,
        @Nullable String fingerprint,
        @Nullable Duration interval,
        long revision,
        boolean deleted)
        implements DeliveryEvent {
    public DriftChecked {
        requireNonNull(header, "header");
        Texts.requireText(checkId, "checkId");
        Texts.requireText(service, "service");
        Texts.requireText(environment, "environment");
        Texts.requireText(resource, "resource");
        if (interval != null && (interval.isNegative() || interval.isZero())) {
            throw new IllegalArgumentException("interval must be positive: " + interval);
        }
        if (revision < 0) {
            throw new IllegalArgumentException("revision must not be negative: " + revision);
        }
    }

    /** Returns the identity of a check: the source's name and the id that the source gave it. */
    public static String checkId(String source, String nativeId) {
        return Texts.requireText(source, "source") + "/" + Texts.requireText(nativeId, "nativeId");
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.driftChecked(this);
    }
}
