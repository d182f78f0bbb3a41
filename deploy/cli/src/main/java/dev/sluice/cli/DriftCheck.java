package dev.sluice.cli;

import java.time.Duration;
import java.time.Instant;

/**
 * One check for configuration drift as it is told to Sluice.
 *
 * @param service the service whose configuration was checked
 * @param environment where
 * @param resource what was checked
 * @param at when
 * @param drifted whether what runs was not what was declared
 * @param interval how long until the next check is due
 */
record DriftCheck(
        String service, String environment, String resource, Instant at, boolean drifted, Duration interval) {}
