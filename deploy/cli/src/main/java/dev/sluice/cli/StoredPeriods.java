package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.YearMonth;
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
        return periods(service, environment, "quarter", received, Map.of());
    }

    /**
     * Returns the months of a service.
     *
     * @param first the first one
     * @param last the last one
     * @param received when the last event that must be in them was received
     */
    JsonNode months(String service, String environment, YearMonth first, YearMonth last, Instant received) {
        return periods(
                service,
                environment,
                "month",
                received,
                Map.of(
                        "from",
                        first.atDay(1).toString(),
                        "to",
                        last.atEndOfMonth().toString()));
    }

    private JsonNode periods(
            String service, String environment, String period, Instant received, Map<String, String> range) {
        var query = new LinkedHashMap<>(
                Map.of("service", service, "environment", environment, "period", period, "wait", LONGEST_WAIT));
        query.putAll(range);
        // "everything received before": the last event itself must be in
        query.put("through", received.plusMillis(1).toString());
        console.progress("Waiting until everything received is stored ...");
        api.onRetry(reason -> console.progress("Still waiting: " + reason + "."));
        return api.get("/v1/dora", query).require("reading the %ss of %s".formatted(period, service));
    }
}
