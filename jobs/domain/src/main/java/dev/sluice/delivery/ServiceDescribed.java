package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * What is set for a service. The newest description of a service counts as a whole; what it leaves out is as usual again.
 *
 * @param header who said it; {@code occurredAt} is when it was said, which decides which one is the newest
 * @param service the service
 * @param zone the time zone in which its days begin; null for the usual one
 * @param linkWindow how long after a deployment an incident is taken for its failure where nothing else links it, at least
 *     a second; null for the usual three days
 * @param revision 0 for what was said at first; a correction has a higher one and wins
 * @param deleted whether nothing is set any more
 */
public record ServiceDescribed(
        EventHeader header,
        String service,
        @Nullable ZoneId zone,
        @Nullable Duration linkWindow,
        long revision,
        boolean deleted)
        implements DeliveryEvent {
    public ServiceDescribed {
        requireNonNull(header, "header");
        Texts.requireText(service, "service");
        if (linkWindow != null && linkWindow.toSeconds() < 1) {
            throw new IllegalArgumentException("linkWindow must be at least a second: " + linkWindow);
        }
        if (revision < 0) {
            throw new IllegalArgumentException("revision must not be negative: " + revision);
        }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.serviceDescribed(this);
    }
}
