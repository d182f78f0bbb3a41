package dev.sluice.cli;

import java.time.Instant;

/**
 * One observation of an incident as it is told to Sluice.
 *
 * @param id the incident's id
 * @param service the service that suffers
 * @param environment where
 * @param state {@code detected}, {@code resolved} …
 * @param at when it came into that state
 * @param changeCaused whether a change of the service caused it
 * @param title what people call it
 */
record Incident(
        String id, String service, String environment, String state, Instant at, boolean changeCaused, String title) {}
