package dev.sluice.gateapi.cel;

import dev.cel.runtime.CelVariableResolver;
import dev.sluice.dora.CurrentRow;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.GateMetric;
import dev.sluice.gate.Measurement;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The variables of one evaluation. What is not known has no value: it is left out, never null, zero or empty, and to use
 * it is an error. Whole numbers are Long and others Double, as CEL has them.
 */
final class CelInputs implements CelVariableResolver {
    private static final double MILLIS_PER_SECOND = 1000;
    private static final List<GateMetric> METRICS = List.of(GateMetric.values());

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
            for (GateMetric metric : METRICS) {
                Double value = metric.in(window.metrics()).value();
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
        return new RecordedStruct(
                CelVocabulary.ARTIFACT,
                CelVocabulary.ARTIFACT_TYPE,
                field -> switch (field) {
                    case CelVocabulary.VERSION -> artifact.version();
                    case CelVocabulary.DIGEST -> artifact.digest();
                    case CelVocabulary.COMMIT -> artifact.commit();
                    default -> null;
                },
                log);
    }

    private static RecordedStruct current(@Nullable CurrentRow given, ReadLog log) {
        @Nullable CurrentRow current = given == null || given.deleted() ? null : given;
        return new RecordedStruct(
                CelVocabulary.CURRENT,
                CelVocabulary.CURRENT_TYPE,
                field -> current == null ? null : ofCurrent(current, field),
                log);
    }

    private static @Nullable Object ofCurrent(CurrentRow current, String field) {
        return switch (field) {
            case CelVocabulary.VERSION -> current.version();
            case CelVocabulary.SHA -> current.sha();
            case CelVocabulary.SINCE -> current.since();
            case CelVocabulary.OPEN_FAILURES -> (long) current.openFailures();
            case CelVocabulary.OLDEST_OPEN_FAILURE_AT -> current.oldestOpenFailureAt();
            case CelVocabulary.OPEN_INCIDENTS -> (long) current.openIncidents();
            case CelVocabulary.DRIFTED -> current.drifted();
            case CelVocabulary.LAST_DRIFT_CHECK_AT -> current.lastDriftCheckAt();
            default -> null;
        };
    }

    private static Map<String, Object> metrics(@Nullable DoraRow row, ReadLog log) {
        var windows = new LinkedHashMap<String, Object>();
        if (row != null) {
            row.windows().forEach(window -> windows.put(window.days() + "d", window(window, log)));
        }
        return windows;
    }

    /** Most expressions read one metric or two: the others are not even looked up. */
    private static RecordedStruct window(DoraRow.WindowMetrics window, ReadLog log) {
        String name = windowName(window);
        var read = new EnumMap<GateMetric, RecordedStruct>(GateMetric.class);
        return new RecordedStruct(
                name,
                CelVocabulary.WINDOW,
                field -> {
                    Optional<GateMetric> metric = GateMetric.ofName(field);
                    return metric.isEmpty()
                            ? null
                            : read.computeIfAbsent(
                                    metric.get(),
                                    known -> measurement(name + "." + field, known.in(window.metrics()), log));
                },
                log);
    }

    private static RecordedStruct measurement(String name, Measurement measured, ReadLog log) {
        return new RecordedStruct(
                name,
                CelVocabulary.MEASUREMENT,
                field -> switch (field) {
                    case CelVocabulary.VALUE -> measured.value();
                    case CelVocabulary.N -> Long.valueOf(measured.n());
                    default -> null;
                },
                log);
    }

    private static String windowName(DoraRow.WindowMetrics window) {
        return CelVocabulary.METRICS + "[\"" + window.days() + "d\"]";
    }
}
