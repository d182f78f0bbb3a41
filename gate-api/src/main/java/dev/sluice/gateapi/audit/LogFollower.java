package dev.sluice.gateapi.audit;

/** Is told of the records of the log of decisions while this replica follows it, by one thread; after a failure of some once more. */
public interface LogFollower {
    /**
     * Takes a record.
     *
     * @param tenant whose
     * @param offset where it stands: all records of a tenant are in one partition
     * @param record its JSON; not to be kept
     */
    void take(String tenant, long offset, byte[] record);
}
