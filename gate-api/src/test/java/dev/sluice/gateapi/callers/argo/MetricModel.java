package dev.sluice.gateapi.callers.argo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How Argo Rollouts judges a metric of an AnalysisTemplate with a {@code web} provider, as far as Sluice's templates use it: each
 * answer is a measurement, and after each the limits are looked at in an order of their own.
 */
final class MetricModel {
    private static final Pattern CONDITION = Pattern.compile("result(?:\\.(\\w+))? == \"(\\w+)\"");
    private static final Pattern JSON_PATH = Pattern.compile("\\{\\$(?:\\.(\\w+))?}");

    private final JsonNode metric;
    private final boolean knowsSuccessLimit;

    /**
     * Creates a model.
     *
     * @param metric an element of the template's metrics
     * @param knowsSuccessLimit whether it is v1.8 or later
     */
    MetricModel(JsonNode metric, boolean knowsSuccessLimit) {
        this.metric = metric;
        this.knowsSuccessLimit = knowsSuccessLimit;
    }

    /** The phases of measurements and metrics that matter here. */
    enum Phase {
        RUNNING,
        SUCCESSFUL,
        FAILED,
        INCONCLUSIVE,
        ERROR
    }

    /** What is counted of a metric. */
    record Counts(int successful, int failed, int inconclusive, int errorsInARow, int successfulInARow) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        Counts with(Phase measured) {
            return switch (measured) {
                case SUCCESSFUL -> new Counts(successful + 1, failed, inconclusive, 0, successfulInARow + 1);
                case FAILED -> new Counts(successful, failed + 1, inconclusive, 0, 0);
                case INCONCLUSIVE -> new Counts(successful, failed, inconclusive + 1, 0, 0);
                case ERROR -> new Counts(successful, failed, inconclusive, errorsInARow + 1, 0);
                case RUNNING -> throw new AssertionError(measured);
            };
        }
    }

    /**
     * Returns what a measurement is.
     *
     * @param body the answer; null for one of another status than 2xx, or none
     */
    Phase measure(@Nullable JsonNode body) {
        if (body == null) {
            return Phase.ERROR;
        }
        JsonNode result = result(body);
        if (result.isMissingNode()) {
            return Phase.ERROR;
        }
        Optional<Boolean> failed = holds("failureCondition", result);
        Optional<Boolean> successful = holds("successCondition", result);
        if (failed.isEmpty() && successful.isEmpty()) {
            return Phase.SUCCESSFUL;
        }
        if (failed.orElse(false)) {
            return Phase.FAILED;
        }
        if (successful.isEmpty()) {
            return Phase.SUCCESSFUL;
        }
        if (successful.get()) {
            return Phase.SUCCESSFUL;
        }
        return failed.isEmpty() ? Phase.FAILED : Phase.INCONCLUSIVE;
    }

    private JsonNode result(JsonNode body) {
        String path = metric.at("/provider/web/jsonPath").asText("{$}");
        Matcher matcher = JSON_PATH.matcher(path);
        if (!matcher.matches()) {
            throw new AssertionError("the model does not know the path " + path);
        }
        return matcher.group(1) == null ? body : body.path(matcher.group(1));
    }

    private Optional<Boolean> holds(String condition, JsonNode result) {
        String text = metric.path(condition).asText("");
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = CONDITION.matcher(text);
        if (!matcher.matches()) {
            throw new AssertionError("the model does not know the condition " + text);
        }
        JsonNode value = matcher.group(1) == null ? result : result.path(matcher.group(1));
        return Optional.of(!(value instanceof MissingNode) && value.asText().equals(matcher.group(2)));
    }

    /** Returns the metric's phase after a measurement. */
    Phase assess(Counts counts) {
        Phase phase = Phase.RUNNING;
        int failureLimit = metric.path("failureLimit").asInt(0);
        if (failureLimit >= 0 && counts.failed() > failureLimit) {
            phase = Phase.FAILED;
        }
        if (counts.inconclusive() > metric.path("inconclusiveLimit").asInt(0)) {
            phase = Phase.INCONCLUSIVE;
        }
        if (counts.errorsInARow() > metric.path("consecutiveErrorLimit").asInt(4)) {
            phase = Phase.ERROR;
        }
        if (phase != Phase.RUNNING) {
            return phase;
        }
        int successLimit =
                knowsSuccessLimit ? metric.path("consecutiveSuccessLimit").asInt(0) : 0;
        if (successLimit > 0 && counts.successfulInARow() >= successLimit) {
            return Phase.SUCCESSFUL;
        }
        int count = metric.has("count") ? metric.path("count").asInt() : metric.has("interval") ? Integer.MAX_VALUE : 1;
        if (counts.successful() + counts.failed() + counts.inconclusive() < count) {
            return Phase.RUNNING;
        }
        if (successLimit > 0) {
            return failureLimit >= 0 ? Phase.INCONCLUSIVE : Phase.FAILED;
        }
        return Phase.SUCCESSFUL;
    }
}
