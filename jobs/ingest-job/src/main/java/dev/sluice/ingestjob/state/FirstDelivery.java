package dev.sluice.ingestjob.state;

/**
 * The first copy of a delivery.
 *
 * @param partition where it stands in the raw topic
 * @param offset where it stands in the partition
 */
public record FirstDelivery(int partition, long offset) {}
