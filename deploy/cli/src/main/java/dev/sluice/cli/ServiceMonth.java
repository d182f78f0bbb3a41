package dev.sluice.cli;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * What of an export is looked at: one service, one month in UTC.
 *
 * @param services which service each scope is
 */
record ServiceMonth(String service, YearMonth month, DevLakeServices services) {
    /** Returns whether a scope is the service. */
    boolean isOwn(String scope) {
        return services.of(scope).equals(service);
    }

    /** Returns whether a time lies in the month. */
    boolean isIn(Instant time) {
        return YearMonth.from(time.atOffset(ZoneOffset.UTC)).equals(month);
    }
}
