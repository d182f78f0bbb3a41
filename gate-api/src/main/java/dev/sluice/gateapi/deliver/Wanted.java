package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What an order asks for.
 *
 * @param isAbort whether only a canary beside what runs is to go
 * @param leaving what is to go: where anything else is there the order does not hold
 * @param target what is to run
 */
record Wanted(boolean isAbort, Artifact leaving, Artifact target) {
    /** Reads an order as it is told. */
    static Wanted of(JsonNode data) {
        boolean isAbort = data.path("action").asText().equals("abort_canary");
        return new Wanted(
                isAbort,
                isAbort
                        ? new Artifact(data.path("from_version").textValue(), null, null)
                        : Artifact.of(data.path("expected")),
                Artifact.of(data.path("target")));
    }
}
