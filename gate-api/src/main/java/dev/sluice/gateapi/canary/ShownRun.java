package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.wire.CanaryStanding;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Canary runs as answers show them: what is set of a run, and its verdict. */
final class ShownRun {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> NUMBERS = List.of(
            "log_e",
            "log_e_to_fail",
            "log_e_to_pass",
            "seconds_to_pass",
            "seconds_to_pass_least",
            "seconds_to_pass_most",
            "seconds_to_fail");
    private static final Set<String> DECIDED =
            EnumSet.of(CanaryState.SUCCESSFUL, CanaryState.FAILED, CanaryState.INCONCLUSIVE, CanaryState.ERROR).stream()
                    .map(CanaryState::label)
                    .collect(Collectors.toUnmodifiableSet());

    private ShownRun() {}

    /** Returns all of a run; where there is no verdict yet, its state is {@code Pending}. */
    static ObjectNode whole(Run run, Optional<CanaryStanding> standing) {
        ObjectNode node = JSON.objectNode().put("id", run.id());
        node.setAll((ObjectNode) run.document().json());
        node.put("closed", standing.map(CanaryStanding::ended).orElse(false));
        node.put("late", standing.map(CanaryStanding::late).orElse(0L));
        ArrayNode doubts = node.putArray("doubts");
        standing.ifPresent(known -> known.doubts().forEach(doubts::add));
        node.put("condition", standing.map(CanaryStanding::condition).orElse(null));
        JsonNode verdict = verdict(standing);
        node.put("state", verdict.path("state").asText(CanaryState.PENDING.label()));
        node.set("at", orNull(verdict.path("at")));
        node.set("reasons", orEmpty(verdict.path("reasons")));
        node.set("notes", orEmpty(verdict.path("notes")));
        NUMBERS.forEach(name -> node.set(name, orNull(verdict.path(name))));
        node.set("metrics", orEmpty(verdict.path("metrics")));
        return node;
    }

    /** Returns a run without what it is judged by, and without its metrics. */
    static ObjectNode brief(Run run, Optional<CanaryStanding> standing) {
        return whole(run, standing).remove(List.of("config", "metrics"));
    }

    /** Returns whether a run has a verdict that stays. */
    static boolean isDecided(Optional<CanaryStanding> standing) {
        return DECIDED.contains(verdict(standing).path("state").asText());
    }

    private static JsonNode verdict(Optional<CanaryStanding> standing) {
        return standing.map(CanaryStanding::verdict).orElseGet(JSON::objectNode);
    }

    private static JsonNode orNull(JsonNode node) {
        return node.isMissingNode() ? JSON.nullNode() : node;
    }

    private static JsonNode orEmpty(JsonNode node) {
        return node.isArray() ? node : JSON.arrayNode();
    }
}
