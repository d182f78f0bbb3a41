package dev.sluice.gateapi.report.digest;

import dev.sluice.gateapi.report.dora.WrittenReport;
import java.time.Instant;

/** Where digests go. */
interface Target {
    /**
     * Delivers a digest; if it was delivered before, this changes nothing or can be told by its name.
     *
     * @param name names this digest among all, the same each time it is tried
     * @param report the report
     * @param now the moment
     * @throws UndeliveredException if it could not be delivered
     * @throws InterruptedException if it is not to go on
     */
    void deliver(String name, WrittenReport report, Instant now) throws UndeliveredException, InterruptedException;
}
