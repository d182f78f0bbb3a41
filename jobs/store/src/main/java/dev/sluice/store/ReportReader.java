package dev.sluice.store;

import dev.sluice.dora.ShiftFact;
import dev.sluice.shift.Direction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * Reads what the contract views say of a scope. Every call throws {@link StoreUnavailableException} if ClickHouse is away.
 */
public final class ReportReader {
    /**
     * From when something is known of a service. Of checks for drift that found none there are periods only: it is there on
     * the last day of the first that ended.
     */
    private static final List<String> FIRST_DAYS = List.of(
            "SELECT service, environment, toDate32(min(finished_day)) AS first FROM dash.deployments",
            "SELECT service, environment, toDate32(min(started_day)) AS first FROM dash.incidents",
            "SELECT service, environment, toDate32(min(end)) - 1 AS first FROM dash.periods");

    private final Queries queries;

    ReportReader(Queries queries) {
        this.queries = queries;
    }

    /**
     * Returns the metrics of the scope as a whole by week, month or quarter, in two halves, or of all days in one.
     *
     * @param scope of what
     * @param from the first day
     * @param to the day after the last
     * @param bucket week, month or quarter, which the days do not cut, half for two of equal length, or range
     */
    public List<RangeMetric> metrics(DoraScope scope, LocalDate from, LocalDate to, String bucket) {
        return parts(scope, from, to, bucket, "");
    }

    /**
     * Returns the metrics of each service of the scope.
     *
     * @param scope of what
     * @param from the first day
     * @param to the day after the last
     */
    public List<RangeMetric> metricsByService(DoraScope scope, LocalDate from, LocalDate to) {
        return parts(scope, from, to, "range", "service");
    }

    /** Returns the services of the scope that belonged to it in the days, each with its environments in the order of names. */
    public List<Member> members(DoraScope scope, LocalDate from, LocalDate to) {
        return TenantQuery.ofView(
                        "SELECT DISTINCT service, environment FROM dash.dora_members", scope.tenant(), named(scope))
                .and("until > toDateTime64(?, 3, 'UTC')", from.toString())
                .and("since < toDateTime64(?, 3, 'UTC')", to.toString())
                .rows(
                        queries,
                        "ORDER BY service, environment",
                        row -> new Member(row.get("service", String.class), row.get("environment", String.class)));
    }

    /**
     * Returns the services of the scope of which anything is known, each with the first day on which it is and on which the
     * service belongs to the scope.
     */
    public Map<String, LocalDate> beginnings(DoraScope scope) {
        List<Membership> memberships = TenantQuery.ofView(
                        "SELECT service, environment, toDate32(since) AS since_day, toDate32(until) AS until_day"
                                + " FROM dash.dora_members",
                        scope.tenant(),
                        named(scope))
                .rows(
                        queries,
                        "ORDER BY service, environment, since_day",
                        row -> new Membership(
                                new Member(row.get("service", String.class), row.get("environment", String.class)),
                                row.get("since_day", LocalDate.class),
                                row.get("until_day", LocalDate.class)));
        Map<Member, LocalDate> firstDays = firstDays(scope, memberships);
        var beginnings = new LinkedHashMap<String, LocalDate>();
        for (Membership membership : memberships) {
            LocalDate first = firstDays.get(membership.member());
            if (first != null && !first.isAfter(membership.until())) {
                LocalDate began = first.isAfter(membership.since()) ? first : membership.since();
                beginnings.merge(
                        membership.member().service(), began, (one, other) -> one.isBefore(other) ? one : other);
            }
        }
        return beginnings;
    }

    /** Asks for the services by their names, because a view of members in each of the sources takes longer than the facts. */
    private Map<Member, LocalDate> firstDays(DoraScope scope, List<Membership> memberships) {
        if (memberships.isEmpty()) {
            return Map.of();
        }
        List<String> services = scope.kind() == DoraScope.Kind.ALL
                ? List.of()
                : memberships.stream()
                        .map(membership -> membership.member().service())
                        .distinct()
                        .toList();
        String among = services.isEmpty()
                ? ""
                : " AND service IN (" + String.join(", ", Collections.nCopies(services.size(), "?")) + ")";
        var parameters = new ArrayList<Object>();
        var sources = new StringJoiner(" UNION ALL ");
        for (String source : FIRST_DAYS) {
            sources.add(source + " WHERE tenant = ?" + among + " GROUP BY service, environment");
            parameters.add(scope.tenant());
            parameters.addAll(services);
        }
        var firstDays = new HashMap<Member, LocalDate>();
        queries.rows(
                        "SELECT service, environment, min(first) AS first_day FROM (" + sources
                                + ") WHERE isNotNull(first) GROUP BY service, environment",
                        parameters,
                        row -> Map.entry(
                                new Member(row.get("service", String.class), row.get("environment", String.class)),
                                row.get("first_day", LocalDate.class)))
                .forEach(found -> firstDays.put(found.getKey(), found.getValue()));
        return firstDays;
    }

    /** Returns what of the scope is in no metric in the days. */
    public List<Excluded> excluded(DoraScope scope, LocalDate from, LocalDate to) {
        Map<String, Object> parameters = named(scope);
        parameters.put("`from`", from.toString());
        parameters.put("to", to.toString());
        return TenantQuery.ofView("SELECT what, reason, n FROM dash.dora_excluded", scope.tenant(), parameters)
                .rows(
                        queries,
                        "ORDER BY what, n DESC, reason",
                        row -> new Excluded(
                                row.get("what", String.class),
                                row.get("reason", String.class),
                                row.get("n", Long.class)));
    }

    /**
     * Returns the shifts whose evidence was complete in the days, the withdrawn ones too: of the service where the scope is
     * one, else of all services, which are few.
     */
    public List<ShiftFact> shifts(DoraScope scope, LocalDate from, LocalDate to) {
        return ofService(TenantQuery.of("SELECT * FROM dash.shifts", scope.tenant()), scope)
                .and("detected >= toDateTime64(?, 3, 'UTC')", from.toString())
                .and("detected < toDateTime64(?, 3, 'UTC')", to.toString())
                .rows(queries, "ORDER BY service, environment, metric, began, direction", ReportReader::shift);
    }

    /**
     * Returns the rolling windows of the service where the scope is one, else of all services; in all environments.
     *
     * @param scope of what
     * @param days 7, 30 or 90
     */
    public List<StoredWindow> windows(DoraScope scope, int days) {
        return ofService(TenantQuery.of("SELECT * FROM dash.dora_windows", scope.tenant()), scope)
                .and("days = ?", days)
                .rows(
                        queries,
                        "ORDER BY service, environment",
                        row -> new StoredWindow(
                                row.get("service", String.class),
                                row.get("environment", String.class),
                                row.get("from_day", LocalDate.class),
                                row.get("to_day", LocalDate.class),
                                MetricsOfRow.read(row)));
    }

    private static TenantQuery ofService(TenantQuery query, DoraScope scope) {
        return scope.kind() == DoraScope.Kind.SERVICE ? query.and("service = ?", scope.name()) : query;
    }

    private List<RangeMetric> parts(DoraScope scope, LocalDate from, LocalDate to, String bucket, String by) {
        Map<String, Object> parameters = named(scope);
        parameters.put("`from`", from.toString());
        parameters.put("to", to.toString());
        parameters.put("bucket", bucket);
        parameters.put("by", by);
        return TenantQuery.ofView("SELECT * FROM dash.dora_parts", scope.tenant(), parameters)
                .rows(queries, "ORDER BY part, metric, start", ReportReader::metric);
    }

    private static Map<String, Object> named(DoraScope scope) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("scope", scope.kind().wireName());
        parameters.put("name", scope.name());
        parameters.put("environment", scope.environment());
        return parameters;
    }

    private static RangeMetric metric(Row row) throws SQLException {
        return new RangeMetric(
                row.get("part", String.class),
                row.get("metric", String.class),
                row.get("start", LocalDate.class),
                row.get("n", Long.class),
                row.get("value", Double.class),
                row.orNull("lower", Double.class),
                row.orNull("upper", Double.class),
                row.orNull("p90", Double.class),
                row.get("insufficient", Integer.class) != 0);
    }

    private static ShiftFact shift(Row row) throws SQLException {
        return new ShiftFact(
                row.get("tenant", String.class),
                row.get("service", String.class),
                row.get("environment", String.class),
                row.get("metric", String.class),
                Direction.valueOf(row.get("direction", String.class)),
                row.get("began", Instant.class),
                row.get("detected", Instant.class),
                row.get("reported_at", Instant.class),
                row.get("before_n", Integer.class),
                row.get("before_value", Double.class),
                row.orNull("before_lower", Double.class),
                row.orNull("before_upper", Double.class),
                row.get("after_n", Integer.class),
                row.get("after_value", Double.class),
                row.orNull("after_lower", Double.class),
                row.orNull("after_upper", Double.class),
                row.get("log_evidence", Double.class),
                row.get("withdrawn", Boolean.class),
                row.orNull("withdrawn_at", Instant.class),
                row.orNull("moved_to", Instant.class),
                false,
                row.get("computed_at", Instant.class));
    }

    /** A time in which a service belonged to a scope. */
    private record Membership(Member member, LocalDate since, LocalDate until) {}

    /**
     * A service in an environment.
     *
     * @param service the service
     * @param environment the environment
     */
    public record Member(String service, String environment) {}
}
