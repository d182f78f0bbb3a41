package dev.sluice.gateapi.cel;

import dev.cel.runtime.CelVariableResolver;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.GateMetric;
import dev.sluice.gate.Measurement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The variables of one evaluation. What is not known has no value: it is left out, never null, zero or empty, and to use
 * it is an error. Whole numbers are Long and others Double, as CEL has them.
 */
final class CelInputs implements CelVariableResolver {
    private static final double MILLIS_PER_SECOND = 1000;

    private final Map<String, Object> variables;
    private final ReadLog log;

    private CelInputs(Map<String, Object> variables, ReadLog log) {
        this.variables = variables;
        this.log = log;
    }

    /** Returns the variables. */
    static CelInputs of(EvaluationInput input, Instant now, ReadLog log) {
        var variables = new HashMap<String, Object>();
        variables.put(CelVocabulary.SERVICE, input.service());
        variables.put(CelVocabulary.ENVIRONMENT, input.environment());
        variables.put(CelVocabulary.GATE, input.gate());
        variables.put(CelVocabulary.NOW, now);
        variables.put(CelVocabulary.ARTIFACT, artifact(input.artifact(), log));
        variables.put(CelVocabulary.CURRENT, current(input.current(), log));
        variables.put(CelVocabulary.METRICS, metrics(input.row(), log));
        Duration age = input.age();
        if (age != null) {
            variables.put(CelVocabulary.FRESHNESS_SECONDS, age.toMillis() / MILLIS_PER_SECOND);
        }
        return new CelInputs(variables, log);
    }

    /**
     * Returns the name of a metric that is NaN or infinite, if there is one. CEL takes {@code !(nan >= 1)} for true:
     * such a value must not come near an expression.
     */
    static Optional<String> notANumber(EvaluationInput input) {
        DoraRow row = input.row();
        if (row == null) {
            return Optional.empty();
        }
        for (DoraRow.WindowMetrics window : row.windows()) {
            for (GateMetric metric : GateMetric.values()) {
                Double value = GateMetric.measure(metric, window.days(), row).value();
                if (value != null && !Double.isFinite(value)) {
                    return Optional.of(windowName(window) + "." + metric.wireName());
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Object> find(String name) {
        Object value = variables.get(name);
        if (value == null) {
            if (CelVocabulary.VARIABLES.containsKey(name)) {
                log.missing(name);
            }
        } else if (!(value instanceof RecordedStruct) && !(value instanceof Map)) {
            log.read(name, value);
        }
        return Optional.ofNullable(value);
    }

    private static RecordedStruct artifact(EvaluationInput.Artifact artifact, ReadLog log) {
        var fields = new HashMap<String, Object>();
        put(fields, CelVocabulary.VERSION, artifact.version());
        put(fields, CelVocabulary.DIGEST, artifact.digest());
        put(fields, CelVocabulary.COMMIT, artifact.commit());
        return new RecordedStruct(CelVocabulary.ARTIFACT, CelVocabulary.ARTIFACT_TYPE, fields, log);
    }

    private static RecordedStruct current(@Nullable CurrentRow current, ReadLog log) {
        var fields = new HashMap<String, Object>();
        if (current != null && !current.deleted()) {
            put(fields, CelVocabulary.VERSION, current.version());
            put(fields, CelVocabulary.SHA, current.sha());
            put(fields, CelVocabulary.SINCE, current.since());
            put(fields, CelVocabulary.OPEN_FAILURES, (long) current.openFailures());
            put(fields, CelVocabulary.OLDEST_OPEN_FAILURE_AT, current.oldestOpenFailureAt());
            put(fields, CelVocabulary.OPEN_INCIDENTS, (long) current.openIncidents());
            put(fields, CelVocabulary.DRIFTED, current.drifted());
            put(fields, CelVocabulary.LAST_DRIFT_CHECK_AT, current.lastDriftCheckAt());
        }
        return new RecordedStruct(CelVocabulary.CURRENT, CelVocabulary.CURRENT_TYPE, fields, log);
    }

    private static Map<String, Object> metrics(@Nullable DoraRow row, ReadLog log) {
        var windows = new LinkedHashMap<String, Object>();
        if (row == null) {
            return windows;
        }
        for (DoraRow.WindowMetrics window : row.windows()) {
            String name = windowName(window);
            var fields = new HashMap<String, Object>();
            for (GateMetric metric : GateMetric.values()) {
                Measurement measured = GateMetric.measure(metric, window.days(), row);
                var measurement = new HashMap<String, Object>();
                put(measurement, CelVocabulary.VALUE, measured.value());
                put(measurement, CelVocabulary.N, (long) measured.n());
                fields.put(
                        metric.wireName(),
                        new RecordedStruct(
                                name + "." + metric.wireName(), CelVocabulary.MEASUREMENT, measurement, log));
            }
            windows.put(window.days() + "d", new RecordedStruct(name, CelVocabulary.WINDOW, fields, log));
        }
        return windows;
    }

    private static String windowName(DoraRow.WindowMetrics window) {
        return CelVocabulary.METRICS + "[\"" + window.days() + "d\"]";
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }
}
