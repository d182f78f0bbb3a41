package dev.sluice.sources.json;

import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.IncidentState;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What a document can be declared to tell of. */
enum JsonKind {
    /** A state of an attempt to deploy. */
    DEPLOYMENT,
    /** A state of an incident. */
    INCIDENT,
    /** A commit. */
    CHANGE,
    /** A check for drift; its states are whether it saw any. */
    DRIFT;

    /** The state of a check that saw drift. */
    static final String DRIFTED = "drifted";

    private static final String CLEAN = "clean";

    /** Returns the kind's name in a mapping. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the fields that a document must have; {@code service} and {@code environment} may be the connection's. */
    List<String> required() {
        return switch (this) {
            case DEPLOYMENT -> List.of("id", "service", "environment", "state", "time");
            case INCIDENT -> List.of("id", "state", "time");
            case CHANGE -> List.of("repository", "sha", "authored_at");
            case DRIFT -> List.of("id", "service", "environment", "resource", "state", "time");
        };
    }

    private List<String> optional() {
        return switch (this) {
            case DEPLOYMENT ->
                List.of("queued_at", "started_at", "version", "repository", "sha", "digest", "group_id", "remediates");
            case INCIDENT ->
                List.of(
                        "service",
                        "environment",
                        "started_at",
                        "resolved_at",
                        "severity",
                        "title",
                        "repository",
                        "root_cause",
                        "merged_into");
            case CHANGE -> List.of("committed_at", "parents");
            case DRIFT -> List.of("fingerprint", "interval_seconds");
        };
    }

    /** Returns the names of all fields. */
    List<String> fields() {
        return Stream.concat(required().stream(), optional().stream()).toList();
    }

    /** Returns the names of the states, each by itself: the table of a mapping that has none. */
    Map<String, String> states() {
        Stream<String> states = switch (this) {
            case DEPLOYMENT ->
                Arrays.stream(DeploymentState.values())
                        .filter(state -> state != DeploymentState.AMENDED)
                        .map(Enum::name);
            case INCIDENT ->
                Arrays.stream(IncidentState.values())
                        .filter(state -> state != IncidentState.AMENDED)
                        .map(Enum::name);
            case CHANGE -> Stream.of();
            case DRIFT -> Stream.of(DRIFTED, CLEAN);
        };
        return states.map(state -> state.toLowerCase(Locale.ROOT))
                .collect(toUnmodifiableMap(name -> name, name -> name));
    }
}
