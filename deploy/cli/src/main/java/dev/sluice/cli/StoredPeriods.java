package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads periods from the API, not before everything that was received up to a moment is in them. */
final class StoredPeriods {
    private static final String LONGEST_WAIT = "9s";

    private final ApiClient api;
    private final Console console;

    StoredPeriods(ApiClient api, Console console) {
        this.api = api;
        this.console = console;
    }

    /**
     * Returns the quarters of a service.
     *
     * @param received when the last event that must be in them was received
     */
    JsonNode quarters(String service, String environment, Instant received) {
        var query = new LinkedHashMap<>(
                Map.of("service", service, "environment", environment, "period", "quarter", "wait", LONGEST_WAIT));
        // "everything received before": the last event itself must be in
        query.put("through", received.plusMillis(1).toString());
        console.progress("Waiting until everything received is stored ...");
        api.onRetry(reason -> console.progress("Still waiting: " + reason + "."));
        return api.get("/v1/dora", query).require("reading the quarters of " + service);
    }
}
