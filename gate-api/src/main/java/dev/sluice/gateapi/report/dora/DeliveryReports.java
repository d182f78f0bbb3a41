package dev.sluice.gateapi.report.dora;

import dev.sluice.dora.ShiftFact;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.report.StoreQueries;
import dev.sluice.store.DoraScope;
import dev.sluice.store.RangeMetric;
import dev.sluice.store.ReportReader;
import dev.sluice.store.StoredWindow;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers with delivery reports, from ClickHouse. */
public final class DeliveryReports {
    private static final int OK = 200;
    private static final String HALF = "half";

    private final StoreQueries store;
    private final Levels levels;
    private final ReportLinks links;
    private final Clock clock;

    /**
     * Creates the reports.
     *
     * @param store knows the metrics
     * @param levels the levels that are shown
     * @param url where people reach the API, for links in reports that lie elsewhere; null if that is not known
     * @param clock tells which days are the last ones
     */
    public DeliveryReports(StoreQueries store, Levels levels, @Nullable URI url, Clock clock) {
        this.store = store;
        this.levels = levels;
        this.links = ReportLinks.from(url);
        this.clock = clock;
    }

    /** Handles {@code GET /reports/dora}. */
    public void page(Context ctx) {
        answer(ctx, report -> ReportPage.page().answer(ctx, ReportPage.of(report, ReportLinks.ofAnswer())));
    }

    /** Handles {@code GET /reports/dora.csv}. */
    public void csv(Context ctx) {
        answer(ctx, report -> {
            ctx.header("Content-Disposition", "attachment; filename=\"dora.csv\"");
            ctx.contentType("text/csv; charset=utf-8")
                    .result(ReportCsv.of(report).getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Handles {@code GET /reports/dora.json}. */
    public void json(Context ctx) {
        answer(ctx, report -> Requests.answer(ctx, OK, report));
    }

    private void answer(Context ctx, Consumer<DeliveryReport> form) {
        var query = ReportQuery.of(ctx, Routes.principal(ctx).tenant(), clock.instant());
        CompletableFuture<Void> answered = facts(query).thenAccept(facts -> {
            if (!isKnown(query, facts)) {
                throw new ApiException(
                        ErrorType.NOT_FOUND,
                        "no such " + query.scope().kind().wireName() + " is known in this environment and these days");
            }
            form.accept(ReportWriter.write(query, facts, levels));
        });
        ctx.future(() -> answered);
    }

    /**
     * Writes a report that lies elsewhere, even if nothing was deployed in its days.
     *
     * @param scope of what
     * @param from the first day
     * @param to the last day
     * @return the report; fails with an {@link ApiException} if ClickHouse is away
     * @throws ApiException if there is no ClickHouse, or too many ask
     */
    public CompletableFuture<WrittenReport> write(DoraScope scope, LocalDate from, LocalDate to) {
        var query = new ReportQuery(scope, new Days(from, to), clock.instant());
        return facts(query).thenApply(facts -> {
            DeliveryReport report = ReportWriter.write(query, facts, levels);
            return new WrittenReport(
                    ReportPage.of(report, links),
                    ReportCsv.of(report),
                    new String(Json.bytes(report), StandardCharsets.UTF_8),
                    ReportText.of(report, links),
                    isKnown(query, facts),
                    report.storedThrough());
        });
    }

    private static boolean isKnown(ReportQuery query, ReportFacts facts) {
        return !facts.members().isEmpty() || query.scope().kind() == DoraScope.Kind.ALL;
    }

    /** Asks everything at once: each query is short, and most of what it takes is not work of a processor. */
    private CompletableFuture<ReportFacts> facts(ReportQuery query) {
        DoraScope scope = query.scope();
        Days days = query.days();
        Days before = days.before();
        Days trend = query.trend();
        boolean all = scope.kind() == DoraScope.Kind.ALL;
        boolean one = scope.kind() == DoraScope.Kind.SERVICE;
        boolean byWindows = query.window().isPresent();
        var members = ask(reader -> reader.members(scope, days.from(), days.end()));
        var began = all && byWindows
                ? CompletableFuture.completedFuture(Map.<String, LocalDate>of())
                : ask(reader -> reader.beginnings(scope));
        var halves = all ? none() : ask(reader -> reader.metrics(scope, before.from(), days.end(), HALF));
        var byBucket = all
                ? none()
                : ask(reader -> reader.metrics(
                        scope, trend.from(), trend.end(), query.bucket().wireName()));
        var services = one || (all && byWindows)
                ? none()
                : ask(reader -> reader.metricsByService(scope, days.from(), days.end()));
        CompletableFuture<List<StoredWindow>> windows = (one || all) && byWindows
                ? ask(reader -> reader.windows(scope, query.window().orElseThrow()))
                : CompletableFuture.completedFuture(List.of());
        CompletableFuture<List<ShiftFact>> shifts = ask(reader -> reader.shifts(scope, before.from(), days.end()));
        var excluded = ask(reader -> reader.excluded(scope, days.from(), days.end()));
        var stored = store.askAtLength(database -> database.dora().storedThrough());
        return CompletableFuture.allOf(members, began, halves, byBucket, services, windows, shifts, excluded, stored)
                .thenApply(done -> new ReportFacts(
                        members.join(),
                        began.join(),
                        startingAt(days.from(), halves.join()),
                        startingAt(before.from(), halves.join()),
                        byBucket.join(),
                        services.join(),
                        windows.join(),
                        shifts.join(),
                        excluded.join(),
                        stored.join()));
    }

    private static List<RangeMetric> startingAt(LocalDate start, List<RangeMetric> metrics) {
        return metrics.stream().filter(metric -> metric.start().equals(start)).toList();
    }

    private <T> CompletableFuture<T> ask(Function<ReportReader, T> question) {
        return store.askAtLength(database -> question.apply(database.report()));
    }

    private static CompletableFuture<List<RangeMetric>> none() {
        return CompletableFuture.completedFuture(List.of());
    }
}
