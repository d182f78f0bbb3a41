package dev.sluice.gateapi.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.PeriodKind;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.store.EvidenceReader;
import dev.sluice.store.EvidenceReader.Question;
import dev.sluice.store.EvidenceReader.Standing;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a question about a number names: the metric of a series over a rolling window, or over the period that holds a day.
 *
 * @param metric the metric, as answers name it
 * @param window the length of the window in days; null for a period
 * @param period the kind of period; null for a window
 * @param day a day of the period; null for a window
 */
record ExplainedRange(
        String metric,
        @Nullable Integer window,
        @Nullable PeriodKind period,
        @Nullable LocalDate day) {
    private static final Set<String> METRICS = metrics();

    /**
     * Reads the question.
     *
     * @throws ApiException if it names no metric, or no range or two
     */
    static ExplainedRange of(Context ctx) {
        String metric = DoraQuery.of(
                        ctx,
                        "metric",
                        text -> Optional.of(text).filter(METRICS::contains),
                        "one of " + String.join(", ", METRICS))
                .orElseThrow(() -> new ApiException(
                        ErrorType.BAD_REQUEST, "query parameter metric is required: " + String.join(", ", METRICS)));
        Optional<Integer> window = DoraQuery.window(ctx);
        Optional<PeriodKind> period = DoraQuery.period(ctx);
        Optional<LocalDate> day = DoraQuery.day(ctx, "day");
        if (window.isPresent() == period.isPresent() || period.isPresent() != day.isPresent()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST,
                    "give window=7d, 30d or 90d, or period=week, month or quarter with a day of it");
        }
        return new ExplainedRange(metric, window.orElse(null), period.orElse(null), day.orElse(null));
    }

    private static Set<String> metrics() {
        var names = new TreeSet<String>();
        Json.mapper().valueToTree(DeliveryMetrics.empty()).fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Returns the answer to it as it stood; empty where nothing was known of the series or the period. */
    Optional<Answered> answered(EvidenceReader reader, Standing standing) {
        if (period != null && day != null) {
            return reader.period(standing, period, day)
                    .map(row -> new Answered(
                            row.zone(), row.start(), row.end().minusDays(1), row.computedAt(), value(row.metrics())));
        }
        return reader.window(standing, window == null ? 0 : window)
                .map(row -> new Answered(
                        row.zone(),
                        row.windows().get(0).from(),
                        row.windows().get(0).to(),
                        row.computedAt(),
                        value(row.windows().get(0).metrics())));
    }

    /** Returns what to ask for what an answer is made of. */
    Question question(Standing standing, Answered answer) {
        return new Question(standing, metric, ZoneId.of(answer.zone()), answer.from(), answer.to());
    }

    private JsonNode value(DeliveryMetrics metrics) {
        return Json.mapper().valueToTree(metrics).path(metric);
    }

    /**
     * An answer.
     *
     * @param zone the zone of the series
     * @param from the first day
     * @param to the last day
     * @param computedAt progress: everything that was received before is in it
     * @param value the metric, as {@code GET /v1/dora} answers it
     */
    record Answered(String zone, LocalDate from, LocalDate to, Instant computedAt, JsonNode value) {}
}
