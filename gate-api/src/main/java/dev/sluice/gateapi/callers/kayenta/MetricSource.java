package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.gateapi.callers.kayenta.ExecutionRequest.Scope;
import dev.sluice.sources.metrics.pull.RangeSeries;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Where values come from, which Kayenta calls a metrics account; of one request. */
interface MetricSource {
    /** Returns the name of the account. */
    String name();

    /**
     * Returns the question for an arm's values.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if it cannot be asked
     */
    Question question(KayentaConfig config, KayentaConfig.Metric metric, ArmScope arm);

    /**
     * Returns the names of all metrics; fails as the question does.
     *
     * @throws dev.sluice.gateapi.http.ApiException 400 if that cannot be asked
     */
    CompletableFuture<List<String>> names();

    /** An arm in its scope. */
    record ArmScope(Scope scope, boolean isCanary) {}

    /**
     * A question for values.
     *
     * @param text as people are shown it
     * @param asking asks, and returns at once. Fails with a {@link dev.sluice.sources.metrics.pull.SourceUnavailableException} or
     *     an {@link dev.sluice.gateapi.http.ApiException} if the source does not answer, with an {@link UnfitValuesException} if it
     *     answers with what cannot be judged
     */
    record Question(String text, Supplier<CompletableFuture<List<RangeSeries>>> asking) {}

    /** A source has answered with what cannot be judged; the message says what. */
    final class UnfitValuesException extends RuntimeException {
        private static final long serialVersionUID = 1;

        UnfitValuesException(String message) {
            super(message);
        }
    }
}
