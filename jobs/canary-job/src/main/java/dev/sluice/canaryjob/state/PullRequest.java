package dev.sluice.canaryjob.state;

/**
 * Series of a run that are to be asked for.
 *
 * @param key of the run: tenant, id
 * @param tenant whose run it is
 * @param run its id
 * @param document what is set of it, as JSON
 * @param from the first time, ms since the epoch
 * @param to the last time, ms since the epoch
 */
public record PullRequest(String key, String tenant, String run, byte[] document, long from, long to) {}
