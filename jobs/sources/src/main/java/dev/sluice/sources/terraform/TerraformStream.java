package dev.sluice.sources.terraform;

import dev.sluice.sources.Place;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a plan or an apply.
 *
 * @param first the first message
 * @param last the last message
 * @param applied the summary that only an apply that went through to its end writes; null without
 * @param applying whether it began to change something
 * @param planned whether the plan was made
 * @param failed whether there was an error
 * @param drift what differs
 */
record TerraformStream(
        Place first,
        Place last,
        @Nullable Place applied,
        boolean applying,
        boolean planned,
        boolean failed,
        TerraformDrift drift) {
    private static final Set<String> APPLIED = Set.of("apply", "destroy");

    static TerraformStream of(List<Place> messages) {
        Place applied = null;
        boolean applying = false;
        boolean planned = false;
        boolean failed = false;
        var drift = new TerraformDrift();
        for (Place message : messages) {
            String type = text(message.at("type"));
            if (type.equals("change_summary")) {
                String operation = text(message.at("changes").at("operation"));
                applied = APPLIED.contains(operation) ? message : applied;
                planned |= operation.equals("plan");
            } else if (type.equals("diagnostic")) {
                failed |= text(message.at("diagnostic").at("severity")).equals("error");
            } else if (type.equals("resource_drift")) {
                Place change = message.at("change").object();
                drift.add(
                        change.at("resource").at("addr").text(),
                        change.at("action").text());
            } else if (type.startsWith("apply_") || type.startsWith("provision_")) {
                applying = true;
            }
        }
        return new TerraformStream(
                messages.get(0), messages.get(messages.size() - 1), applied, applying, planned, failed, drift);
    }

    private static String text(Place place) {
        return place.node().asText();
    }
}
