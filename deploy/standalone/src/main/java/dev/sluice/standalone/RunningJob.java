package dev.sluice.standalone;

import org.apache.flink.api.common.JobID;

/**
 * A job on the cluster.
 *
 * @param name its name
 * @param id this run of it
 * @param origin what it started from, in words, in the past tense
 */
record RunningJob(String name, JobID id, String origin) {}
