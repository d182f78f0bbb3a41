package dev.sluice.gateapi.report;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import dev.sluice.gateapi.config.Durations;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Delivery metrics: rolling windows from memory, calendar periods from ClickHouse. */
public final class DoraReport {
    private static final int OK = 200;
    private static final Duration MAX_WAIT = Duration.ofSeconds(9);
    private static final Duration ASK_AGAIN = Duration.ofMillis(200);
    private static final String UTC = "UTC";

    private final Views views;
    private final StoreQueries store;
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
        this.clock = clock;
    }

    /** Handles {@code GET /v1/dora}. */
    public void read(Context ctx) {
        String service = Requests.requiredQuery(ctx, "service");
        String environment = Requests.requiredQuery(ctx, "environment");
        Optional<PeriodKind> period = query(ctx, "period", DoraReport::periodKind, "week, month or quarter");
        if (period.isPresent()) {
            periods(ctx, service, environment, period.get());
        } else {
            windows(ctx, service, environment);
        }
    }

    private void windows(Context ctx, String service, String environment) {
        Optional<Integer> window = query(ctx, "window", DoraReport::windowDays, "7d, 30d or 90d");
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
            Requests.answer(ctx, OK, OneWindow.of(row, metrics, freshness));
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

    private void periods(Context ctx, String service, String environment, PeriodKind kind) {
        @Nullable
        LocalDate from =
                query(ctx, "from", DoraReport::day, "a day such as 2024-01-31").orElse(null);
        @Nullable
        LocalDate to =
                query(ctx, "to", DoraReport::day, "a day such as 2024-01-31").orElse(null);
        if (from != null && to != null && from.isAfter(to)) {
            throw new ApiException(ErrorType.BAD_REQUEST, "from must not be after to");
        }
        Optional<Instant> through = query(ctx, "through", DoraReport::moment, "a time (RFC 3339)");
        Duration wait = query(ctx, "wait", Durations::parse, Durations.EXPECTED).orElse(Duration.ZERO);
        if (wait.compareTo(MAX_WAIT) > 0) {
            throw new ApiException(ErrorType.BAD_REQUEST, "wait must be at most 9s");
        }
        Completeness.require(views);
        String tenant = Routes.principal(ctx).tenant();
        Optional<DoraRow> known = views.dora(tenant, service, environment).map(Held::row);
        CompletableFuture<Void> answered = storedThrough(through, System.nanoTime() + wait.toNanos())
                .thenCompose(stored -> store.ask(
                                database -> database.dora().periods(tenant, service, environment, kind, from, to))
                        .thenAccept(rows -> {
                            if (rows.isEmpty() && known.isEmpty()) {
                                throw unknownService();
                            }
                            String zone = zone(rows, known);
                            LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneId.of(zone));
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

    private static String zone(List<PeriodRow> rows, Optional<DoraRow> known) {
        if (!rows.isEmpty()) {
            return rows.get(rows.size() - 1).zone();
        }
        return known.map(DoraRow::zone).orElse(UTC);
    }

    /** Asks how far the store is until it is far enough; no thread waits meanwhile. */
    private CompletableFuture<Optional<Instant>> storedThrough(Optional<Instant> wanted, long deadlineNanos) {
        return store.ask(database -> database.dora().storedThrough()).thenCompose(stored -> {
            boolean enough =
                    wanted.isEmpty() || (stored.isPresent() && !stored.get().isBefore(wanted.get()));
            if (enough) {
                return CompletableFuture.completedFuture(stored);
            }
            if (System.nanoTime() - deadlineNanos >= 0) {
                return CompletableFuture.failedFuture(
                        new ApiException(ErrorType.UNAVAILABLE, "ClickHouse has not come so far; try again"));
            }
            var later = CompletableFuture.delayedExecutor(ASK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return CompletableFuture.supplyAsync(() -> wanted, later)
                    .thenCompose(same -> storedThrough(same, deadlineNanos));
        });
    }

    private static <T> Optional<T> query(
            Context ctx, String name, Function<String, Optional<T>> parser, String expected) {
        return Requests.query(ctx, name)
                .map(text -> parser.apply(text)
                        .orElseThrow(() -> new ApiException(
                                ErrorType.BAD_REQUEST, "query parameter " + name + " must be " + expected)));
    }

    private static Optional<PeriodKind> periodKind(String text) {
        return Stream.of(PeriodKind.values())
                .filter(kind -> kind.wireName().equals(text))
                .findFirst();
    }

    private static Optional<Integer> windowDays(String text) {
        return switch (text) {
            case "7d" -> Optional.of(7);
            case "30d" -> Optional.of(30);
            case "90d" -> Optional.of(90);
            default -> Optional.empty();
        };
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> moment(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
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
            DeliveryMetrics metrics) {
        /** Each rolling window ends with the current day and is provisional therefore. */
        static OneWindow of(DoraRow row, DoraRow.WindowMetrics window, @Nullable Long freshnessMs) {
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
