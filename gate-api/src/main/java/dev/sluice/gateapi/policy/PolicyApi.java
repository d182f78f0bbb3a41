package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Json;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** The part of the API that sets policies up, and what lifts them for a time. */
public final class PolicyApi {
    private final PolicyHandler policies;
    private final ExemptionHandler exemptions;
    private final OverrideHandler overrides;
    private final Policies known;

    /**
     * Creates the part.
     *
     * @param policies what there is
     * @param reader tells which policies are valid
     * @param views know what is set up
     * @param control writes changes
     * @param answers runs what follows a change
     * @param clock tells when a change was made
     */
    public PolicyApi(
            Policies policies, PolicyReader reader, Views views, ControlLog control, Executor answers, Clock clock) {
        this.known = policies;
        var fourEyes = new FourEyes(views::mayBeProduction);
        this.policies = new PolicyHandler(policies, fourEyes, reader, control, answers, clock);
        this.exemptions = new ExemptionHandler(policies, fourEyes, views, control, answers, clock);
        this.overrides = new OverrideHandler(policies, views, control, answers, clock);
    }

    /** Returns what a gate of a tenant would be judged by now, as the API shows it. */
    public JsonNode effective(String tenant, String gate, String environment) {
        return Json.mapper().valueToTree(policies.effective(tenant, gate, environment));
    }

    /** Returns the overrides of a tenant, as the API shows them. */
    public JsonNode overrides(String tenant) {
        return Json.mapper().valueToTree(overrides.all(tenant)).path("overrides");
    }

    /**
     * Approves an override.
     *
     * @param principal who does
     * @param id of the override
     * @return how it is, when this replica has read it back
     */
    public CompletableFuture<?> approveOverride(Principal principal, String id) {
        return overrides.approve(principal, id);
    }

    /** Returns the names of the gates that policies of a tenant speak of by name. */
    public SortedSet<String> gates(String tenant) {
        var gates = new TreeSet<String>();
        known.inForce(tenant).forEach(policy -> gates.addAll(policy.gates()));
        gates.remove("*");
        return gates;
    }

    /**
     * A version of a policy.
     *
     * @param name the policy
     * @param version as its author counts
     * @param digest of its content
     */
    public record Version(String name, String version, String digest) {}

    /** Returns all versions of policies that were ever kept for a tenant, the newest first. */
    public List<Version> versions(String tenant) {
        known.requireRead();
        return known.versions(tenant).stream()
                .map(saved -> new Version(saved.name(), saved.version(), saved.digest()))
                .toList();
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.GET, "/v1/policies", Verb.READ, policies::list);
        routes.add(HandlerType.GET, "/v1/policies/effective", Verb.READ, policies::effective);
        routes.add(HandlerType.GET, "/v1/policies/{name}", Verb.READ, policies::read);
        routes.add(HandlerType.PUT, "/v1/policies/{name}", Verb.EDIT_POLICY, policies::put);
        routes.add(HandlerType.POST, "/v1/policies/{name}/activate", Verb.ACTIVATE_POLICY, policies::activate);
        routes.add(HandlerType.POST, "/v1/policies/{name}/deactivate", Verb.ACTIVATE_POLICY, policies::deactivate);
        routes.add(HandlerType.POST, "/v1/exemptions", Verb.EDIT_POLICY, exemptions::create);
        routes.add(HandlerType.GET, "/v1/exemptions", Verb.READ, exemptions::list);
        routes.add(HandlerType.DELETE, "/v1/exemptions/{id}", Verb.EDIT_POLICY, exemptions::delete);
        routes.add(HandlerType.POST, "/v1/exemptions/{id}/activate", Verb.ACTIVATE_POLICY, exemptions::activate);
        routes.add(HandlerType.POST, "/v1/overrides", Verb.OVERRIDE, overrides::create);
        routes.add(HandlerType.GET, "/v1/overrides", Verb.READ, overrides::list);
        routes.add(HandlerType.DELETE, "/v1/overrides/{id}", Verb.OVERRIDE, overrides::delete);
        routes.add(HandlerType.POST, "/v1/overrides/{id}/approve", Verb.APPROVE, overrides::approve);
    }
}
