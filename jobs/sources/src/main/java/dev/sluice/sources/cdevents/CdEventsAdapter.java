package dev.sluice.sources.cdevents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceAdapter;
import dev.sluice.wire.EventSchemas;
import dev.sluice.wire.Violation;
import java.util.List;
import java.util.function.Function;

/**
 * Understands CDEvents 0.1 to 0.5 in structured CloudEvents 1.0 or 0.3: Sluice's own kinds, service changes, pipeline runs
 * that say that they deploy, incidents, and changes.
 */
public final class CdEventsAdapter implements SourceAdapter {
    private final EventSchemas schemas = EventSchemas.load();
    private final Function<String, ConnectionMapping> mappings;

    /**
     * Creates the adapter.
     *
     * @param mappings how a connection's names become Sluice's
     */
    public CdEventsAdapter(Function<String, ConnectionMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public Outcome adapt(Delivery delivery) {
        try {
            Place root = Documents.read(delivery.body());
            JsonNode type = root.node().path("type");
            boolean isCdEvent = type.isTextual() && EventSchemas.isCdEvent(type.textValue());
            Place data = root.at("data");
            if (isCdEvent) {
                CdEvent.requireVersion(data);
            }
            List<Violation> violations = schemas.validate(root.node());
            if (!violations.isEmpty()) {
                return Outcome.Malformed.of(violations);
            }
            return isCdEvent
                    ? new CdEventReader(delivery, mappings.apply(delivery.connection())).read(CdEvent.read(data))
                    : new Outcome.Ignored(
                            Reason.UNKNOWN_EVENT,
                            "the CloudEvent " + root.at("type").text() + " is no CDEvent");
        } catch (Rejection e) {
            return e.outcome();
        }
    }
}
