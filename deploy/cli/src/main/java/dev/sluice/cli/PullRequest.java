package dev.sluice.cli;

import java.time.Instant;

/**
 * One observation of a pull request as it is told to Sluice.
 *
 * @param number its number in the repository
 * @param repository the repository that it goes into
 * @param state {@code opened}, {@code reviewed}, {@code merged} …
 * @param at when it came into that state
 * @param firstCommitAt when its first commit was authored
 * @param mergeSha the commit that it became, once it is merged
 */
record PullRequest(int number, String repository, String state, Instant at, Instant firstCommitAt, String mergeSha) {}
