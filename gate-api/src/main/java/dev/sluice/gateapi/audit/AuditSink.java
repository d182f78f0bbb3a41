package dev.sluice.gateapi.audit;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** What follows the log, from where it left off. One thread calls it; after a failure it is asked anew where it left off. */
interface AuditSink {
    /** Returns how far the partition was followed. */
    AuditPosition position(int partition);

    /** Returns from which moment on it must be told of records, also of those that it has followed; nothing for none of them. */
    Optional<Instant> since();

    /** Takes the next record. */
    void take(AuditLine line) throws IOException;

    /** All records up to here were taken. */
    void reached(int partition, AuditPosition position) throws IOException;
}
