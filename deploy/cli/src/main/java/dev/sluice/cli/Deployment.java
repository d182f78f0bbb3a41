package dev.sluice.cli;

import java.time.Instant;

/**
 * One observation of a deployment as it is told to Sluice.
 *
 * @param id the deployment's id, unique in its service and environment
 * @param service what was deployed
 * @param environment where
 * @param state {@code started}, {@code success}, {@code failure} …
 * @param at when it came into that state
 * @param version the version
 * @param repository the repository of {@code sha}
 * @param sha the commit
 */
record Deployment(
        String id,
        String service,
        String environment,
        String state,
        Instant at,
        String version,
        String repository,
        String sha) {}
