package dev.sluice.delivery;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The incidents of a tenant, as their observations come in. */
public final class IncidentRegister {
    private final Table<String, List<IncidentObserved>> observations;

    /**
     * Creates the register over its table.
     *
     * @param observations the observations of each incident, by incident id
     */
    public IncidentRegister(Table<String, List<IncidentObserved>> observations) {
        this.observations = observations;
    }

    /**
     * What an observation changed.
     *
     * @param before the incident without it; null where there was none
     * @param after the incident with it
     */
    public record Change(@Nullable Incident before, Incident after) {
        /** Returns the incident as it was where it is no longer one of that service and environment; null otherwise. */
        public @Nullable Incident left() {
            boolean stays = before == null
                    || (before.service().equals(after.service())
                            && before.environment().equals(after.environment()));
            return stays ? null : before;
        }
    }

    /** Adds an observation; returns what it changed, or null where it was known. */
    public @Nullable Change observe(IncidentObserved observation) {
        List<IncidentObserved> known = observations.get(observation.incidentId());
        if (known == null) {
            observations.put(observation.incidentId(), List.of(observation));
            return new Change(null, Incident.of(List.of(observation)));
        }
        String id = observation.header().id();
        if (known.stream().anyMatch(other -> other.header().id().equals(id))) {
            return null;
        }
        var more = new ArrayList<>(known);
        more.add(observation);
        observations.put(observation.incidentId(), List.copyOf(more));
        return new Change(Incident.of(known), Incident.of(more));
    }
}
