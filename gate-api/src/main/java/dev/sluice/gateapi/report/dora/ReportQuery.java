package dev.sluice.gateapi.report.dora;

import dev.sluice.dora.PeriodKind;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.store.DoraScope;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is asked for.
 *
 * @param scope of what
 * @param days the days
 * @param now the moment at which it is asked
 */
record ReportQuery(DoraScope scope, Days days, Instant now) {
    private static final String USUAL_ENVIRONMENT = "PRODUCTION";
    private static final int USUAL_DAYS = 90;
    private static final int MOST_DAYS = 1_100;
    /** Where a day begins first: a service may be a day ahead of UTC. */
    private static final ZoneOffset FIRST_ZONE = ZoneOffset.ofHours(14);

    private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);
    /** Up to so many days are shown by the week, else by the month. */
    private static final int MOST_DAYS_BY_WEEK = 120;

    private static final int MOST_NAME = 500;

    /**
     * Reads the query parameters.
     *
     * @param ctx the request
     * @param tenant whose data the caller sees
     * @param now the moment
     * @throws ApiException 400 naming what is wrong
     */
    static ReportQuery of(Context ctx, String tenant, Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        LocalDate to = day(ctx, "to").orElse(today);
        LocalDate from = day(ctx, "from").orElse(to.minusDays(USUAL_DAYS - 1));
        require(!from.isAfter(to), "from must not be after to");
        LocalDate latest = LocalDate.ofInstant(now, FIRST_ZONE);
        require(
                !to.isAfter(latest),
                "to must not be after " + latest + ", which is today in the zone that is first (UTC+14)");
        require(!from.isBefore(FIRST_DAY), "from must not be before " + FIRST_DAY);
        var days = new Days(from, to);
        require(days.length() <= MOST_DAYS, "from and to must be at most " + MOST_DAYS + " days apart");
        String environment = Requests.query(ctx, "environment").orElse(USUAL_ENVIRONMENT);
        require(environment.length() <= MOST_NAME, "environment is too long");
        return new ReportQuery(scope(ctx, tenant, environment), days, now);
    }

    /** Returns what the trend is divided into. */
    PeriodKind bucket() {
        return days.length() <= MOST_DAYS_BY_WEEK ? PeriodKind.WEEK : PeriodKind.MONTH;
    }

    /** Returns the days of the trend: those asked for, those before them, and what makes the buckets whole. */
    Days trend() {
        LocalDate first = bucket().startOf(days.before().from());
        return new Days(first, bucket().endOf(bucket().startOf(days.to())).minusDays(1));
    }

    /**
     * Returns how many days a rolling window of the stream would have that is the same days; nothing if none is. As far as
     * this knows a window ends with today in UTC; where it is tomorrow already, the days are added up from the facts.
     */
    Optional<Integer> window() {
        boolean endsToday = days.to().equals(LocalDate.ofInstant(now, ZoneOffset.UTC));
        return endsToday && List.of(7, 30, 90).contains(days.length()) ? Optional.of(days.length()) : Optional.empty();
    }

    private static DoraScope scope(Context ctx, String tenant, String environment) {
        var scopes = new ArrayList<DoraScope>();
        for (DoraScope.Kind kind : List.of(DoraScope.Kind.SERVICE, DoraScope.Kind.TEAM, DoraScope.Kind.GROUP)) {
            Requests.query(ctx, kind.wireName()).ifPresent(name -> {
                require(name.length() <= MOST_NAME, kind.wireName() + " is too long");
                scopes.add(new DoraScope(tenant, kind, name, environment));
            });
        }
        require(scopes.size() <= 1, "only one of service, team and group may be given");
        return scopes.isEmpty() ? new DoraScope(tenant, DoraScope.Kind.ALL, "", environment) : scopes.get(0);
    }

    private static Optional<LocalDate> day(Context ctx, String name) {
        return Requests.query(ctx, name).map(text -> {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw new ApiException(
                        ErrorType.BAD_REQUEST, "query parameter " + name + " must be a day such as 2026-01-31", e);
            }
        });
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ApiException(ErrorType.BAD_REQUEST, otherwise);
        }
    }
}
