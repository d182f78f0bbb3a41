package dev.sluice.gateapi.report;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.store.EvidenceReader;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Delivery metrics: rolling windows from memory, calendar periods from ClickHouse. */
public final class DoraReport {
    private static final int OK = 200;
    private static final String UTC = "UTC";

    private final Views views;
    private final StoreQueries store;
    private final StoreProgress progress;
    private final Clock clock;

    /**
     * Creates the report.
     *
     * @param views knows the rolling windows
     * @param store knows the calendar periods
     * @param clock tells how old the answer is
     */
    public DoraReport(Views views, StoreQueries store, Clock clock) {
        this.views = views;
        this.store = store;
        this.progress = new StoreProgress(store);
        this.clock = clock;
    }

    /** Handles {@code GET /v1/dora}. */
    public void read(Context ctx) {
        String service = Requests.requiredQuery(ctx, "service");
        String environment = Requests.requiredQuery(ctx, "environment");
        Optional<PeriodKind> period = DoraQuery.period(ctx);
        Optional<Instant> asOf = DoraQuery.moment(ctx, "as_of");
        if (asOf.isPresent() && period.isEmpty()) {
            windowAsOf(ctx, service, environment, asOf.get());
        } else if (period.isPresent()) {
            periods(ctx, service, environment, period.get(), asOf.orElse(null));
        } else {
            windows(ctx, service, environment);
        }
    }

    private void windows(Context ctx, String service, String environment) {
        Optional<Integer> window = DoraQuery.window(ctx);
        Completeness.require(views);
        Optional<Held<DoraRow>> held = views.dora(Routes.principal(ctx).tenant(), service, environment);
        DoraRow row = held.orElseThrow(DoraReport::unknownService).row();
        Long freshness =
                views.age(held, clock.instant()).map(Duration::toMillis).orElse(null);
        if (window.isPresent()) {
            DoraRow.WindowMetrics metrics = row.windows().stream()
                    .filter(candidate -> candidate.days() == window.get())
                    .findFirst()
                    .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such window"));
            Requests.answer(ctx, OK, OneWindow.of(row, metrics, freshness, null));
            return;
        }
        Map<String, Window> all = new LinkedHashMap<>();
        row.windows().forEach(metrics -> all.put(metrics.days() + "d", Window.of(metrics)));
        Requests.answer(
                ctx,
                OK,
                new AllWindows(
                        row.tenant(),
                        row.service(),
                        row.environment(),
                        row.zone(),
                        row.asOfDay(),
                        true,
                        row.computedAt(),
                        freshness,
                        all));
    }

    /** As a window was answered at a time: from the history, which knows what was published by then. */
    private void windowAsOf(Context ctx, String service, String environment, Instant asOf) {
        int days = DoraQuery.window(ctx)
                .orElseThrow(() ->
                        new ApiException(ErrorType.BAD_REQUEST, "as_of needs the query parameter window or period"));
        var standing = new EvidenceReader.Standing(Routes.principal(ctx).tenant(), service, environment, asOf);
        CompletableFuture<Void> answered = progress.through(ctx, asOf)
                .thenCompose(stored -> store.ask(database ->
                                database.evidence().window(standing, days).orElseThrow(DoraReport::unknownService))
                        .thenAccept(row -> Requests.answer(
                                ctx, OK, OneWindow.of(row, row.windows().get(0), null, stored.orElse(null)))));
        ctx.future(() -> answered);
    }

    private void periods(Context ctx, String service, String environment, PeriodKind kind, @Nullable Instant asOf) {
        @Nullable LocalDate from = DoraQuery.day(ctx, "from").orElse(null);
        @Nullable LocalDate to = DoraQuery.day(ctx, "to").orElse(null);
        if (from != null && to != null && from.isAfter(to)) {
            throw new ApiException(ErrorType.BAD_REQUEST, "from must not be after to");
        }
        Optional<Instant> through = DoraQuery.moment(ctx, "through");
        Completeness.require(views);
        String tenant = Routes.principal(ctx).tenant();
        Optional<DoraRow> known = views.dora(tenant, service, environment).map(Held::row);
        CompletableFuture<Void> answered = progress.through(ctx, later(through, asOf))
                .thenCompose(stored -> store.ask(database -> asOf == null
                                ? database.dora().periods(tenant, service, environment, kind, from, to)
                                : database.evidence()
                                        .periods(
                                                new EvidenceReader.Standing(tenant, service, environment, asOf),
                                                kind,
                                                from,
                                                to))
                        .thenAccept(rows -> {
                            if (rows.isEmpty() && known.isEmpty()) {
                                throw unknownService();
                            }
                            String zone = zone(rows, known);
                            Instant now = asOf == null ? clock.instant() : asOf;
                            LocalDate today = LocalDate.ofInstant(now, ZoneId.of(zone));
                            Requests.answer(
                                    ctx,
                                    OK,
                                    new Periods(
                                            service,
                                            environment,
                                            zone,
                                            kind.wireName(),
                                            stored.orElse(null),
                                            PeriodSeries.of(kind, rows, from, to, today)));
                        }));
        ctx.future(() -> answered);
    }

    private static @Nullable Instant later(Optional<Instant> through, @Nullable Instant asOf) {
        return Stream.concat(through.stream(), Stream.ofNullable(asOf))
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private static String zone(List<PeriodRow> rows, Optional<DoraRow> known) {
        if (!rows.isEmpty()) {
            return rows.get(rows.size() - 1).zone();
        }
        return known.map(DoraRow::zone).orElse(UTC);
    }

    private static ApiException unknownService() {
        return new ApiException(ErrorType.NOT_FOUND, "nothing is known of this service in this environment");
    }

    record OneWindow(
            String tenant,
            String service,
            String environment,
            String zone,
            String window,
            LocalDate from,
            LocalDate to,
            LocalDate asOfDay,
            boolean provisional,
            Instant computedAt,
            @Nullable Long freshnessMs,
            @Nullable Instant storedThrough,
            DeliveryMetrics metrics) {
        /** Each rolling window ends with the current day and is provisional therefore. */
        static OneWindow of(
                DoraRow row,
                DoraRow.WindowMetrics window,
                @Nullable Long freshnessMs,
                @Nullable Instant storedThrough) {
            return new OneWindow(
                    row.tenant(),
                    row.service(),
                    row.environment(),
                    row.zone(),
                    window.days() + "d",
                    window.from(),
                    window.to(),
                    row.asOfDay(),
                    true,
                    row.computedAt(),
                    freshnessMs,
                    storedThrough,
                    window.metrics());
        }
    }

    record AllWindows(
            String tenant,
            String service,
            String environment,
            String zone,
            LocalDate asOfDay,
            boolean provisional,
            Instant computedAt,
            @Nullable Long freshnessMs,
            Map<String, Window> windows) {}

    record Window(LocalDate from, LocalDate to, DeliveryMetrics metrics) {
        static Window of(DoraRow.WindowMetrics window) {
            return new Window(window.from(), window.to(), window.metrics());
        }
    }

    record Periods(
            String service,
            String environment,
            String zone,
            String period,
            @Nullable Instant storedThrough,
            List<PeriodSeries.Period> periods) {}
}
