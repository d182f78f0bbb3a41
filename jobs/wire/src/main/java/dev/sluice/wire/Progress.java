package dev.sluice.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How far a job has come: everything that was received before {@code at} is in what it wrote.
 *
 * @param job the job's name, e.g. {@code dora}
 * @param partition the partition of the job's output that it speaks of
 * @param at progress
 * @param generation start of the attempt, in milliseconds since the epoch
 */
public record Progress(String job, int partition, Instant at, long generation) {
    public Progress {
        requireNonNull(job, "job");
        requireNonNull(at, "at");
    }

    /** Returns the record key. */
    public String key() {
        return Keys.of(job, Integer.toString(partition));
    }
}
