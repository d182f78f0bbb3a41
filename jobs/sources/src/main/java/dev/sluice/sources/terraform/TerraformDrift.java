package dev.sluice.sources.terraform;

import dev.sluice.sources.DriftFingerprint;
import dev.sluice.sources.Place;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The resources that are not what the last apply left: changed, deleted or made again by somebody else. A resource that a
 * {@code moved} block renames is named among them too, and is none.
 */
final class TerraformDrift {
    private static final Set<String> DRIFT = Set.of("create", "update", "delete", "replace");
    /** What a plan calls by two actions, the messages call by one. */
    private static final Map<Set<String>, String> SHOWN = Map.of(
            Set.of("create"), "create",
            Set.of("update"), "update",
            Set.of("delete"), "delete",
            Set.of("create", "delete"), "replace");

    private final TreeSet<String> lines = new TreeSet<>();

    /** Reads the member {@code resource_drift} of a plan, which is absent where nothing drifted. */
    static TerraformDrift shown(Place resources) {
        var drift = new TerraformDrift();
        resources.elements().forEach(resource -> {
            Place actions = resource.object().at("change").at("actions");
            var names = new TreeSet<String>();
            actions.elements().forEach(action -> names.add(action.text()));
            drift.add(resource.at("address").text(), SHOWN.getOrDefault(names, ""));
        });
        return drift;
    }

    /** Adds a resource, if what was done to it is drift. */
    void add(String address, String action) {
        if (DRIFT.contains(action)) {
            lines.add(address + " " + action);
        }
    }

    boolean isThere() {
        return !lines.isEmpty();
    }

    /** Returns a hash of what drifted and how, the same whichever command tells of it; null where nothing did. */
    @Nullable
    String fingerprint() {
        return isThere() ? DriftFingerprint.of(lines) : null;
    }
}
