package dev.sluice.gateapi.callers.prometheus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.StandingRun;
import java.util.Optional;

/** Numbers of a canary run; none where the run says nothing of the present: a number of yesterday would pass any threshold. */
final class RunNumbers {
    private static final double GOOD = 1;
    private static final double BAD = 0;
    private static final double NEITHER = 0.5;

    private RunNumbers() {}

    /** Returns the number that a query asks for; nothing if there is none. */
    static Optional<Double> of(InstantQuery query, StandingRun run) {
        boolean isPast = run.isClosed() && run.state() != CanaryState.FAILED;
        if (run.isEnded() || isPast || !run.isFresh()) {
            return Optional.empty();
        }
        if (InstantQuery.SCORE.equals(query.metric())) {
            return score(run);
        }
        return run.state() == CanaryState.INCONCLUSIVE || run.state() == CanaryState.ERROR
                ? Optional.empty()
                : number(query, run.verdict());
    }

    private static Optional<Double> score(StandingRun run) {
        return switch (run.state()) {
            case SUCCESSFUL -> Optional.of(GOOD);
            case FAILED -> Optional.of(BAD);
            case PENDING, RUNNING -> Optional.of(NEITHER);
            case INCONCLUSIVE, ERROR -> Optional.empty();
        };
    }

    private static Optional<Double> number(InstantQuery query, JsonNode verdict) {
        JsonNode number = verdict.path("log_e");
        if (InstantQuery.ESTIMATE.equals(query.metric())) {
            number = verdict.path("no such member");
            for (JsonNode metric : verdict.path("metrics")) {
                if (metric.path("name")
                        .asText()
                        .equals(query.label(InstantQuery.METRIC).orElse(""))) {
                    number = metric.path("estimate");
                }
            }
        }
        return number.isNumber() ? Optional.of(number.doubleValue()) : Optional.empty();
    }
}
