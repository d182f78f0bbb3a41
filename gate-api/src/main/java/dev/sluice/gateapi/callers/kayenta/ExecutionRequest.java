package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.kayenta.Thresholds;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is to be compared.
 *
 * @param document all of the request
 * @param scopes where and when both arms are, by name
 * @param thresholds for the score
 */
record ExecutionRequest(JsonNode document, Map<String, Scopes> scopes, Thresholds thresholds) {
    private static final int MOST_STEPS = 44_000;
    private static final double MOST_STEP_SECONDS = 86_400;
    private static final Instant LATEST = Instant.parse("2300-01-01T00:00:00Z");

    /**
     * A pair of scopes.
     *
     * @param baseline of the baseline; Kayenta's control
     * @param canary of the canary; Kayenta's experiment
     */
    record Scopes(Scope baseline, Scope canary) {}

    /**
     * Where and when an arm is.
     *
     * @param parameters what queries may refer to by name, {@code scope} and {@code location} among them; what is null is not
     *     there
     * @param start the time of the first value
     * @param end the time of the last value at most
     * @param step from one value to the next
     */
    record Scope(Map<String, String> parameters, Instant start, Instant end, Duration step) {
        private static Scope read(Members scope) {
            Map<String, String> parameters = new HashMap<>();
            Members extended = scope.object("extendedScopeParams");
            extended.names().forEach(name -> extended.text(name).ifPresent(value -> parameters.put(name, value)));
            for (String name : new String[] {"scope", "location"}) {
                scope.text(name).ifPresent(value -> parameters.put(name, value));
            }
            Instant start = scope.requiredTime("start");
            Instant end = scope.requiredTime("end");
            double seconds = scope.requiredNumber("step");
            if (!(seconds >= 1 && seconds <= MOST_STEP_SECONDS) || seconds != Math.rint(seconds)) {
                throw Members.problem("a step must be whole seconds from 1 to 86400");
            }
            if (start.isBefore(Instant.EPOCH) || end.isAfter(LATEST)) {
                throw Members.problem("a scope must be between 1970 and 2300");
            }
            if (end.isBefore(start)) {
                throw Members.problem("the end of a scope must not be before its start");
            }
            Duration step = Duration.ofSeconds((long) seconds);
            if (Duration.between(start, end).dividedBy(step) >= MOST_STEPS) {
                throw Members.problem("a scope must not have more than " + MOST_STEPS + " steps");
            }
            return new Scope(Map.copyOf(parameters), start, end, step);
        }

        Duration duration() {
            return Duration.between(start, end);
        }
    }

    /**
     * Reads a request.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if it lacks something that the config needs
     */
    static ExecutionRequest read(Members request, KayentaConfig config) {
        Map<String, Scopes> scopes = new LinkedHashMap<>();
        Members given = request.object("scopes");
        for (String name : given.names()) {
            Members pair = given.object(name);
            scopes.put(
                    name,
                    new Scopes(
                            Scope.read(pair.requiredObject("controlScope")),
                            Scope.read(pair.requiredObject("experimentScope"))));
        }
        for (KayentaConfig.Metric metric : config.metrics()) {
            if (!scopes.containsKey(metric.scopeName())) {
                throw Members.problem("metric " + metric.name() + " is of the scope " + metric.scopeName()
                        + ", which the request does not have");
            }
        }
        return new ExecutionRequest(
                request.node(), scopes, JudgeHandler.thresholds(request.requiredObject("thresholds")));
    }

    /** Returns for how long the canary is looked at: the longest of its scopes. */
    Duration duration() {
        return scopes.values().stream()
                .map(pair -> pair.canary().duration())
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
