package dev.sluice.gateapi.report;

import dev.sluice.dora.PeriodKind;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The query parameters of questions about metrics; each is refused with what it must be. */
final class DoraQuery {
    /** The ends of the times that ClickHouse stores; it cannot be asked about others. */
    private static final Instant FIRST_TIME = Instant.parse("1900-01-01T00:00:00Z");

    private static final Instant END_OF_TIME = Instant.parse("2299-01-01T00:00:00Z");

    private DoraQuery() {}

    static Optional<PeriodKind> period(Context ctx) {
        return of(ctx, "period", DoraQuery::periodKind, "week, month or quarter");
    }

    /** Returns the length of a rolling window in days. */
    static Optional<Integer> window(Context ctx) {
        return of(ctx, "window", DoraQuery::windowDays, "7d, 30d or 90d");
    }

    static Optional<LocalDate> day(Context ctx, String name) {
        return of(ctx, name, DoraQuery::parseDay, "a day such as 2024-01-31");
    }

    static Optional<Instant> moment(Context ctx, String name) {
        return of(ctx, name, DoraQuery::parseMoment, "a time (RFC 3339) of the years 1900 to 2298");
    }

    static <T> Optional<T> of(Context ctx, String name, Function<String, Optional<T>> parser, String expected) {
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

    private static Optional<LocalDate> parseDay(String text) {
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> parseMoment(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant())
                    .filter(moment -> !moment.isBefore(FIRST_TIME) && moment.isBefore(END_OF_TIME));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
