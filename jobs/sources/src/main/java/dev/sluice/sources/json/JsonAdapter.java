package dev.sluice.sources.json;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeliveryReading;
import dev.sluice.sources.MappedAdapter;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Parts;
import dev.sluice.sources.Place;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import java.util.ArrayList;
import java.util.function.Function;

/** Understands JSON documents of any sender, as their connection declares them. */
public final class JsonAdapter extends MappedAdapter {
    /**
     * Creates the adapter.
     *
     * @param mappings what a connection declares
     */
    public JsonAdapter(Function<String, ConnectionMapping> mappings) {
        super("json", mappings);
    }

    @Override
    protected Outcome read(DeliveryReading reading) {
        JsonMapping mapping = declared(reading.mapping());
        Place root = reading.body();
        String source = reading.source() + "/" + reading.delivery().connection();
        var items = new JsonItems(new DeliveryReading(reading.delivery(), reading.mapping(), source), mapping);
        if (mapping.items() == null) {
            return items.read(root);
        }
        Place list = mapping.items().in(root).list();
        var parts = new Parts();
        list.elements().forEach(item -> parts.add(() -> items.read(item)));
        return parts.outcome(new Outcome.Ignored(Reason.UNUSED_EVENT, "the list of items is empty"));
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
