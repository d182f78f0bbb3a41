package dev.sluice.rollbackjob.state;

import org.jspecify.annotations.Nullable;

/**
 * Something about one canary run: what is set of it, or how it stands.
 *
 * @param key of the run: tenant, id
 * @param tenant whose run it is
 * @param run its id
 * @param document what is set of it, as JSON; null for all else
 * @param standing how it stands, as JSON; null for all else
 */
public record RunInput(String key, String tenant, String run, byte @Nullable [] document, byte @Nullable [] standing) {}
