package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Control;
import java.util.Optional;
import java.util.stream.Stream;

/** The canary configs that have a name, as this replica has read them from the log. */
public final class NamedConfigs {
    private final Views views;

    /**
     * Creates the configs.
     *
     * @param views knows what is set up
     */
    public NamedConfigs(Views views) {
        this.views = views;
    }

    /** Returns a config; nothing if the tenant has none of this name. */
    Optional<JsonNode> config(String tenant, String name) {
        return find(tenant, name).map(Control::document);
    }

    /** Returns the record of a config; nothing if the tenant has none of this name. */
    Optional<Control> find(String tenant, String name) {
        return views.control(tenant, Control.CANARY_CONFIG, name).map(Held::row);
    }

    /** Returns the records of all configs of a tenant, in no order. */
    Stream<Control> of(String tenant) {
        return views.controls(Control.CANARY_CONFIG)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant));
    }

    /** Returns the records of those configs of a tenant that learn between runs, in no order. */
    Stream<Control> learning(String tenant) {
        return of(tenant).filter(control -> CanaryConfigs.learns(control.document()));
    }
}
