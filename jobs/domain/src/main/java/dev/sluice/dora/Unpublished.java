package dev.sluice.dora;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What of a series must be emitted again. */
final class Unpublished {
    private static final String DEPLOYMENT = "deployment/";
    private static final String CHANGE = "change/";
    private static final String PULL_REQUEST = "pull-request/";
    private static final String INCIDENT = "incident/";
    private static final String DRIFT = "drift/";
    private static final String PERIOD = "period/";
    private static final String WINDOWS = "windows";

    private final ServiceEnvironment series;
    private final LedgerTables tables;

    Unpublished(ServiceEnvironment series, LedgerTables tables) {
        this.series = series;
        this.tables = tables;
    }

    void deployment(String id) {
        mark(DEPLOYMENT + id);
    }

    void change(String key) {
        mark(CHANGE + key);
    }

    void pullRequest(String key) {
        mark(PULL_REQUEST + key);
    }

    void incident(String id) {
        mark(INCIDENT + id);
    }

    void driftEpisode(String key) {
        mark(DRIFT + key);
    }

    void windows() {
        mark(WINDOWS);
    }

    void period(PeriodKind kind, LocalDate start) {
        mark(PERIOD + kind + "/" + start);
    }

    /** Marks what holds a moment at which something changed: the day, which must be added up again, and the periods. */
    void moment(Instant at) {
        long utcDay = DayIndex.dayOf(at);
        tables.cells().remove(utcDay);
        Long first = tables.firstChange().get(DeliveryLedger.FIRST_CHANGE);
        if (first == null || utcDay < first) {
            tables.firstChange().put(DeliveryLedger.FIRST_CHANGE, utcDay);
        }
        day(LocalDate.ofInstant(at, series.zone()));
    }

    /** Marks what holds a local day on which something changed. */
    void day(LocalDate day) {
        for (PeriodKind kind : PeriodKind.values()) {
            period(kind, kind.startOf(day));
        }
        windows();
    }

    boolean isEmpty() {
        return !tables.dirty().keys().iterator().hasNext();
    }

    /** A period, by its kind and first day. */
    record Period(PeriodKind kind, LocalDate start) {}

    /**
     * What was marked, each in order.
     *
     * @param deployments ids of attempts
     * @param changes keys of commits
     * @param pullRequests keys of pull requests
     * @param incidents ids of incidents
     * @param driftEpisodes keys of episodes of drift
     * @param periods the periods
     * @param firstDay the first day (UTC, since the epoch) with a moment at which something changed; null for none
     */
    record Marks(
            List<String> deployments,
            List<String> changes,
            List<String> pullRequests,
            List<String> incidents,
            List<String> driftEpisodes,
            List<Period> periods,
            @Nullable Long firstDay) {}

    /** Returns what was marked, and forgets it. */
    Marks drain() {
        var keys = new TreeSet<String>();
        tables.dirty().keys().forEach(keys::add);
        keys.forEach(tables.dirty()::remove);
        Long firstDay = tables.firstChange().get(DeliveryLedger.FIRST_CHANGE);
        tables.firstChange().remove(DeliveryLedger.FIRST_CHANGE);
        return new Marks(
                without(DEPLOYMENT, keys),
                without(CHANGE, keys),
                without(PULL_REQUEST, keys),
                without(INCIDENT, keys),
                without(DRIFT, keys),
                without(PERIOD, keys).stream().map(Unpublished::periodOf).toList(),
                firstDay);
    }

    private static List<String> without(String prefix, Set<String> keys) {
        return keys.stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .toList();
    }

    private static Period periodOf(String key) {
        int slash = key.indexOf('/');
        return new Period(PeriodKind.valueOf(key.substring(0, slash)), LocalDate.parse(key.substring(slash + 1)));
    }

    private void mark(String key) {
        if (tables.dirty().get(key) == null) {
            tables.dirty().put(key, Boolean.TRUE);
        }
    }
}
