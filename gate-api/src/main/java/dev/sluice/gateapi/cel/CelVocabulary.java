package dev.sluice.gateapi.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.Immutable;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.sluice.gate.GateMetric;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The names that expressions may use, with their types: a name that is not here, or of another type, is found when the
 * policy is loaded.
 */
@Immutable
final class CelVocabulary implements CelTypeProvider {
    static final String SERVICE = "service";
    static final String ENVIRONMENT = "environment";
    static final String GATE = "gate";
    static final String ARTIFACT = "artifact";
    static final String METRICS = "metrics";
    static final String CURRENT = "current";
    static final String FRESHNESS_SECONDS = "freshness_seconds";
    static final String NOW = "now";
    static final String VALUE = "value";
    static final String N = "n";
    static final String VERSION = "version";
    static final String DIGEST = "digest";
    static final String COMMIT = "commit";
    static final String SHA = "sha";
    static final String SINCE = "since";
    static final String OPEN_FAILURES = "open_failures";
    static final String OLDEST_OPEN_FAILURE_AT = "oldest_open_failure_at";
    static final String OPEN_INCIDENTS = "open_incidents";
    static final String DRIFTED = "drifted";
    static final String LAST_DRIFT_CHECK_AT = "last_drift_check_at";

    /** The windows that are kept for each service, as {@code metrics} calls them. */
    static final List<String> WINDOWS = List.of("7d", "30d", "90d");

    static final StructType MEASUREMENT =
            struct("sluice.Measurement", Map.of(VALUE, SimpleType.DOUBLE, N, SimpleType.INT));
    static final StructType WINDOW = struct(
            "sluice.Window", Arrays.stream(GateMetric.values()).collect(Collectors.toMap(GateMetric::wireName, metric ->
                    (CelType) MEASUREMENT)));
    static final StructType ARTIFACT_TYPE = struct(
            "sluice.Artifact",
            Map.of(VERSION, SimpleType.STRING, DIGEST, SimpleType.STRING, COMMIT, SimpleType.STRING));
    static final StructType CURRENT_TYPE = struct(
            "sluice.Current",
            Map.of(
                    VERSION, SimpleType.STRING,
                    SHA, SimpleType.STRING,
                    SINCE, SimpleType.TIMESTAMP,
                    OPEN_FAILURES, SimpleType.INT,
                    OLDEST_OPEN_FAILURE_AT, SimpleType.TIMESTAMP,
                    OPEN_INCIDENTS, SimpleType.INT,
                    DRIFTED, SimpleType.BOOL,
                    LAST_DRIFT_CHECK_AT, SimpleType.TIMESTAMP));
    static final MapType METRICS_TYPE = MapType.create(SimpleType.STRING, WINDOW);

    static final CelVocabulary INSTANCE = new CelVocabulary();

    static final ImmutableMap<String, CelType> VARIABLES = ImmutableMap.<String, CelType>builder()
            .put(SERVICE, SimpleType.STRING)
            .put(ENVIRONMENT, SimpleType.STRING)
            .put(GATE, SimpleType.STRING)
            .put(ARTIFACT, ARTIFACT_TYPE)
            .put(METRICS, METRICS_TYPE)
            .put(CURRENT, CURRENT_TYPE)
            .put(FRESHNESS_SECONDS, SimpleType.DOUBLE)
            .put(NOW, SimpleType.TIMESTAMP)
            .buildOrThrow();

    private final ImmutableMap<String, CelType> types;

    private CelVocabulary() {
        types = List.of(MEASUREMENT, WINDOW, ARTIFACT_TYPE, CURRENT_TYPE).stream()
                .collect(ImmutableMap.toImmutableMap(CelType::name, Function.identity()));
    }

    private static StructType struct(String name, Map<String, CelType> fields) {
        ImmutableMap<String, CelType> kept = ImmutableMap.copyOf(fields);
        return StructType.create(name, kept.keySet(), field -> Optional.ofNullable(kept.get(field)));
    }

    @Override
    public ImmutableCollection<CelType> types() {
        return types.values();
    }

    @Override
    public Optional<CelType> findType(String typeName) {
        return Optional.ofNullable(types.get(typeName));
    }
}
