package dev.sluice.sources.json;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Parts;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceAdapter;
import java.util.ArrayList;
import java.util.function.Function;

/** Understands JSON documents of any sender, as their connection declares them. */
public final class JsonAdapter implements SourceAdapter {
    static final String SOURCE = "json";

    private final Function<String, ConnectionMapping> mappings;

    /**
     * Creates the adapter.
     *
     * @param mappings what a connection declares
     */
    public JsonAdapter(Function<String, ConnectionMapping> mappings) {
        this.mappings = mappings;
    }

    @Override
    public Outcome adapt(Delivery delivery) {
        try {
            ConnectionMapping connection = mappings.apply(delivery.connection());
            JsonMapping mapping = declared(connection);
            Place root = Documents.read(delivery.body());
            var items = new JsonItems(
                    new DeliveryReading(delivery, connection, SOURCE + "/" + delivery.connection()), mapping);
            if (mapping.items() == null) {
                return items.read(root);
            }
            Place list = mapping.items().in(root).list();
            var parts = new Parts();
            list.elements().forEach(item -> parts.add(() -> items.read(item)));
            return parts.outcome(new Outcome.Ignored(Reason.UNUSED_EVENT, "the list of items is empty"));
        } catch (Rejection e) {
            return e.outcome();
        }
    }

    /** A connection that declares something wrong is refused when its file is read; a job's settings are not. */
    private static JsonMapping declared(ConnectionMapping connection) {
        var problems = new ArrayList<String>();
        return JsonMapping.read(connection, (pointer, message) -> problems.add(message))
                .orElseThrow(() -> new Rejection(
                        Reason.MAPPING_INVALID,
                        "the options of the connection do not say what its documents mean: " + problems.get(0),
                        null));
    }
}
