package dev.sluice.cli;

import java.time.Instant;

/**
 * A release of a repository.
 *
 * @param tag its name
 * @param at when it was made
 * @param sha the commit
 */
record Release(String tag, Instant at, String sha) {}
