package dev.sluice.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Sluice's database. Safe for use by several threads. Creating it does not connect; every call may throw
 * {@link StoreUnavailableException}, and may be tried again then.
 */
public final class Store implements AutoCloseable {
    /** How long a query of a report may take: it adds up facts, and nobody's gate waits for it. */
    private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(10);

    private final ClickHouseSettings settings;
    private final Queries queries;
    private final Queries reports;
    private final Writes writes;

    private Store(ClickHouseSettings settings) {
        this.settings = settings;
        this.queries = Queries.of(settings, settings.queryTimeout());
        this.reports = Queries.of(settings, REPORT_TIMEOUT);
        this.writes = Writes.of(settings);
    }

    /** Creates the clients; does not connect. */
    public static Store of(ClickHouseSettings settings) {
        return new Store(settings);
    }

    /**
     * Brings the database up to date and returns the names of the migrations that were applied now.
     *
     * @throws MigrationException if the database was made by other migrations than those of this build
     */
    public List<String> migrate() {
        try (Queries patient = Queries.of(settings, settings.insertTimeout())) {
            List<String> applied = Migrations.bundled().apply(writes, patient);
            IntervalBounds.fill(writes, patient);
            return applied;
        }
    }

    /**
     * Inserts rows and returns those that ClickHouse refused; all others are stored when this returns. The same rows
     * again change nothing.
     *
     * @param table where all of them go
     * @param rows the rows, see {@link StoredRow#json}
     */
    public List<RefusedRow> insert(Table table, List<byte[]> rows) {
        var refused = new ArrayList<RefusedRow>();
        insert(table, rows, 0, rows.size(), refused);
        return refused;
    }

    /** Returns the reader of metrics. */
    public DoraReader dora() {
        return new DoraReader(queries);
    }

    /** Returns the reader of what a report shows of a scope. */
    public ReportReader report() {
        return new ReportReader(reports);
    }

    /** Returns the reader of what numbers are made of. */
    public EvidenceReader evidence() {
        return new EvidenceReader(queries);
    }

    /** Returns the reader of what a self-check compares. */
    public SelfCheckReader selfCheck() {
        return new SelfCheckReader(queries);
    }

    /** Returns the archive of events. */
    public EventArchive events() {
        return new EventArchive(queries, writes);
    }

    /** Returns the reader of deliveries. */
    public DeliveryReader deliveries() {
        return new DeliveryReader(queries);
    }

    /** Returns the reader of canary runs. */
    public CanaryReader canaries() {
        return new CanaryReader(queries);
    }

    @Override
    public void close() {
        try (writes;
                queries) {
            reports.close();
        }
    }

    /** Halves what is refused until the bad rows stand alone: a few tries for each of them. */
    private void insert(Table table, List<byte[]> rows, int from, int to, List<RefusedRow> refused) {
        if (from == to) {
            return;
        }
        try {
            writes.insert(table, lines(rows.subList(from, to)));
        } catch (RowsRefusedException e) {
            if (to - from == 1) {
                refused.add(new RefusedRow(from, String.valueOf(e.getMessage())));
                return;
            }
            int middle = (from + to) >>> 1;
            insert(table, rows, from, middle, refused);
            insert(table, rows, middle, to, refused);
        }
    }

    private static ByteArrayInputStream lines(List<byte[]> rows) {
        int size = rows.stream().mapToInt(row -> row.length + 1).sum();
        var lines = new ByteArrayOutputStream(size);
        for (byte[] row : rows) {
            lines.writeBytes(row);
            lines.write('\n');
        }
        return new ByteArrayInputStream(lines.toByteArray());
    }

    /**
     * A row that does not fit its table.
     *
     * @param index its place in the list that was to be inserted
     * @param reason what ClickHouse says
     */
    public record RefusedRow(int index, String reason) {}
}
