package dev.sluice.gateapi.rollback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.control.SetupForm;
import dev.sluice.gateapi.deliver.Endpoint;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.RollbackPlanDocument;
import java.util.Optional;
import java.util.stream.Stream;

/** How endpoints are set up. Of the URL the host only is shown, and one that a plan names stays. */
record EndpointForm(Views views, EgressRules egress, TenantSecrets secrets) implements SetupForm {
    @Override
    public Optional<ObjectNode> read(String tenant, Members body, JsonNode json) {
        return Endpoint.read(body, json, egress.of(tenant), secrets.of(tenant)).map(Endpoint::json);
    }

    @Override
    public JsonNode shown(Control control) {
        Endpoint endpoint = Endpoint.of(control);
        return endpoint.json().put("url", endpoint.shownUrl());
    }

    @Override
    public void requireUnused(String tenant, String name) {
        if (of(tenant, Control.ROLLBACK_PLAN)
                .map(RollbackPlanDocument::of)
                .anyMatch(plan -> plan.endpoint().equals(name) || name.equals(plan.escalation()))) {
            throw new ApiException(ErrorType.CONFLICT, "a plan of rollbacks names this endpoint");
        }
        if (of(tenant, Control.DRILL_SCHEDULE)
                .anyMatch(schedule ->
                        name.equals(schedule.document().path("endpoint").textValue()))) {
            throw new ApiException(ErrorType.CONFLICT, "a schedule of drills names this endpoint");
        }
    }

    private Stream<Control> of(String tenant, String kind) {
        return views.controls(kind)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant));
    }
}
