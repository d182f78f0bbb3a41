package dev.sluice.gateapi.policy;

import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.util.concurrent.Executor;

/** The part of the API that sets policies up. */
public final class PolicyApi {
    private final PolicyHandler policies;

    /**
     * Creates the part.
     *
     * @param policies what there is
     * @param reader tells which policies are valid
     * @param control writes changes
     * @param answers runs what follows a change
     * @param clock tells when a change was made
     */
    public PolicyApi(Policies policies, PolicyReader reader, ControlLog control, Executor answers, Clock clock) {
        this.policies = new PolicyHandler(policies, reader, control, answers, clock);
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.GET, "/v1/policies", Verb.READ, policies::list);
        routes.add(HandlerType.GET, "/v1/policies/{name}", Verb.READ, policies::read);
        routes.add(HandlerType.PUT, "/v1/policies/{name}", Verb.EDIT_POLICY, policies::put);
        routes.add(HandlerType.POST, "/v1/policies/{name}/activate", Verb.ACTIVATE_POLICY, policies::activate);
        routes.add(HandlerType.POST, "/v1/policies/{name}/deactivate", Verb.ACTIVATE_POLICY, policies::deactivate);
    }
}
