package dev.sluice.store;

/**
 * Facts that are in no metric.
 *
 * @param what deployment, change, pull request or incident
 * @param reason why, e.g. {@code REDEPLOY}
 * @param n how many
 */
public record Excluded(String what, String reason, long n) {}
