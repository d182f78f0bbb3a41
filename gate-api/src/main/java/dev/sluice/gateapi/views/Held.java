package dev.sluice.gateapi.views;

/**
 * A row with its place in the log.
 *
 * @param row the row
 * @param key its record key
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset
 * @param generation start of the job attempt that wrote it, in milliseconds since the epoch
 * @param <T> the row's type
 */
public record Held<T>(T row, String key, String topic, int partition, long offset, long generation) {}
