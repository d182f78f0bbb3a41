package dev.sluice.dora;

import java.util.Arrays;

/** The days on which something of deployments and incidents is kept in a series. */
final class KeptDays extends DayIndex {
    private final LedgerTables tables;

    KeptDays(LedgerTables tables) {
        super(tables.dayIndex(), DeliveryLedger.DAY_INDEX);
        this.tables = tables;
    }

    /** Notes that something was added to a day, or taken away from it. */
    void update(long day) {
        boolean known = Arrays.binarySearch(days(), day) >= 0;
        boolean kept = isKept(day);
        if (kept && !known) {
            add(day);
        } else if (known && !kept) {
            remove(day);
        }
    }

    private boolean isKept(long day) {
        FailureTables failures = tables.failures();
        return tables.days().get(day) != null
                || failures.startedOn().get(day) != null
                || failures.resolvedOn().get(day) != null
                || failures.restoredOn().get(day) != null;
    }
}
