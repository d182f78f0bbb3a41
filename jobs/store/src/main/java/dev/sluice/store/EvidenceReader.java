package dev.sluice.store;

import dev.sluice.dora.DoraRow;
import dev.sluice.dora.PeriodKind;
import dev.sluice.dora.PeriodRow;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads what numbers are made of: the evidence of a series, the events that tell of it, and the rows that were published, as
 * each stood at a time. A row stands from the moment at which it was appended to its topic.
 */
public final class EvidenceReader {
    /** How many events that may have changed an answer are named. */
    public static final int MOST_EVENTS = 1_000;

    private final Queries queries;

    EvidenceReader(Queries queries) {
        this.queries = queries;
    }

    /**
     * A series as it stood at a time.
     *
     * @param tenant whose
     * @param service the service
     * @param environment the environment
     * @param asOf the time
     */
    public record Standing(String tenant, String service, String environment, Instant asOf) {
        private String view(String name, List<Object> parameters) {
            parameters.addAll(List.of(tenant, service, environment, ColumnKind.column(asOf)));
            return "dash." + name + "(tenant = ?, service = ?, environment = ?, as_of = ?)";
        }
    }

    /**
     * What evidence is asked for: what counts on some days.
     *
     * @param standing of which series, and as of when
     * @param metric the metric
     * @param zone the zone of the series
     * @param from the first day
     * @param to the last day
     */
    public record Question(Standing standing, String metric, ZoneId zone, LocalDate from, LocalDate to) {
        private String select(List<Object> parameters) {
            String sql = "SELECT * FROM " + standing.view("dora_evidence", parameters)
                    + " WHERE metric = ? AND ((day >= toDate(?) AND day <= toDate(?))"
                    + " OR (at < toDateTime64(?, 3, 'UTC') AND until >= toDateTime64(?, 3, 'UTC')))";
            parameters.addAll(List.of(metric, from.toString(), to.toString()));
            parameters.addAll(List.of(startOf(to.plusDays(1)), startOf(from)));
            return sql;
        }

        private String startOf(LocalDate day) {
            return ColumnKind.column(day.atStartOfDay(zone).toInstant());
        }
    }

    /**
     * Returns a rolling window as it stood; empty where there was none.
     *
     * @param days 7, 30 or 90
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public Optional<DoraRow> window(Standing standing, int days) {
        var parameters = new ArrayList<>();
        String sql = "SELECT * FROM " + standing.view("dora_windows_as_of", parameters) + " WHERE days = ?";
        parameters.add(days);
        return queries.rows(sql, parameters, EvidenceReader::window).stream().findFirst();
    }

    /**
     * Returns the period that holds a day, as it stood; empty where nothing was known of it.
     *
     * @param kind week, month or quarter
     * @param day the day
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public Optional<PeriodRow> period(Standing standing, PeriodKind kind, LocalDate day) {
        var parameters = new ArrayList<>();
        String sql = "SELECT * FROM " + standing.view("periods_as_of", parameters) + " WHERE period = ? AND label = ?";
        parameters.add(kind.wireName());
        parameters.add(kind.label(kind.startOf(day)));
        return queries.rows(sql, parameters, DoraReader::period).stream().findFirst();
    }

    /**
     * Returns the periods that had data, as they stood, from the first to the last.
     *
     * @param kind week, month or quarter
     * @param from only periods that end after this day; null for all
     * @param to only periods that begin on or before this day; null for all
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public List<PeriodRow> periods(
            Standing standing, PeriodKind kind, @Nullable LocalDate from, @Nullable LocalDate to) {
        var parameters = new ArrayList<>();
        String sql = "SELECT * FROM " + standing.view("periods_as_of", parameters) + " WHERE period = ? ORDER BY start";
        parameters.add(kind.wireName());
        return queries.rows(sql, parameters, DoraReader::period).stream()
                .filter(period -> from == null || period.end().isAfter(from))
                .filter(period -> to == null || !period.start().isAfter(to))
                .toList();
    }

    /**
     * Returns evidence in the order of the moments by which it counts.
     *
     * @param question what of
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public List<Evidence> evidence(Question question) {
        var parameters = new ArrayList<>();
        return queries.rows(
                question.select(parameters) + " ORDER BY at, kind, id",
                parameters,
                row -> evidence(row, question.zone()));
    }

    /**
     * Returns the events that tell of some subjects and had been received, in the order in which they happened.
     *
     * @param standing says whose, and by when
     * @param subjects the subjects
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public List<SubjectEvent> events(Standing standing, Collection<String> subjects) {
        if (subjects.isEmpty()) {
            return List.of();
        }
        var parameters = new ArrayList<>();
        parameters.addAll(List.of(standing.tenant(), ColumnKind.column(standing.asOf())));
        return queries.rows(
                "SELECT * FROM dash.events_of(tenant = ?, as_of = ?, subjects = " + list(subjects, parameters)
                        + ") ORDER BY occurred_at, id",
                parameters,
                EvidenceReader::event);
    }

    private static String list(Collection<String> texts, List<Object> parameters) {
        var list = new StringJoiner(", ", "CAST([", "], 'Array(String)')");
        for (String text : texts) {
            list.add("?");
            parameters.add(text);
        }
        return list.toString();
    }

    /**
     * Returns what came in during a time and concerns a series, the evidence of some questions, or the repositories of that,
     * in the order in which it was received. There may be more evidence than a query can name, so ClickHouse looks for it
     * itself.
     *
     * @param standing the series; it ends the time
     * @param since when the time begins
     * @param questions the evidence that concerns the series, whatever else an event of it names; at least one
     * @throws StoreUnavailableException if ClickHouse is away or slow
     */
    public List<SubjectEvent> eventsSince(Standing standing, Instant since, List<Question> questions) {
        var parameters = new ArrayList<>();
        parameters.addAll(List.of(standing.tenant(), ColumnKind.column(since), ColumnKind.column(standing.asOf())));
        parameters.addAll(List.of(standing.service(), standing.environment()));
        String sql = "SELECT * FROM dash.events_between(tenant = ?, since = ?, as_of = ?) WHERE (service = ?"
                + " AND environment IN ('', ?))"
                + " OR (subject != '' AND subject IN (SELECT arrayJoin(arrayPushBack(related, subject)) FROM "
                + all(questions, parameters) + ")) OR (repository != '' AND repository IN (SELECT repository FROM "
                + all(questions, parameters) + ")) ORDER BY received_at, id LIMIT " + MOST_EVENTS;
        return queries.rows(sql, parameters, EvidenceReader::event);
    }

    private static String all(List<Question> questions, List<Object> parameters) {
        var all = new StringJoiner(" UNION ALL ", "(", ")");
        questions.forEach(question -> all.add(question.select(parameters)));
        return all.toString();
    }

    private static DoraRow window(Row row) throws SQLException {
        return new DoraRow(
                row.get("tenant", String.class),
                row.get("service", String.class),
                row.get("environment", String.class),
                row.get("zone", String.class),
                row.get("as_of_day", LocalDate.class),
                List.of(new DoraRow.WindowMetrics(
                        row.get("days", Integer.class),
                        row.get("from_day", LocalDate.class),
                        row.get("to_day", LocalDate.class),
                        MetricsOfRow.read(row))),
                false,
                row.get("computed_at", Instant.class));
    }

    private static Evidence evidence(Row row, ZoneId zone) throws SQLException {
        Instant at = row.get("at", Instant.class);
        LocalDate day = row.orNull("day", LocalDate.class);
        return new Evidence(
                row.get("kind", String.class),
                row.get("id", String.class),
                row.get("repository", String.class),
                row.get("subject", String.class),
                day == null ? LocalDate.ofInstant(at, zone) : day,
                at,
                row.get("counted", Boolean.class),
                row.orNull("value", Double.class),
                row.texts("reasons"),
                row.texts("related"));
    }

    private static SubjectEvent event(Row row) throws SQLException {
        return new SubjectEvent(
                row.get("id", String.class),
                row.get("type", String.class),
                row.get("subject", String.class),
                row.get("repository", String.class),
                row.get("source", String.class),
                row.get("occurred_at", Instant.class),
                row.get("received_at", Instant.class),
                row.get("delivery", String.class));
    }
}
