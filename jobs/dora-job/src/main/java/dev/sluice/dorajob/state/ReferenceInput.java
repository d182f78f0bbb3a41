package dev.sluice.dorajob.state;

import java.time.Instant;

/**
 * What stage references reads: a deployment that has a name, or asks for one.
 *
 * @param key tenant and reference
 * @param tenant whose data
 * @param reference the reference
 * @param asks whether the deployment asks for the name; otherwise it has it
 * @param withdrawn whether it no longer does
 * @param deploymentId the deployment
 * @param service its service
 * @param environment its environment
 * @param openedAt the earliest moment known of it
 */
public record ReferenceInput(
        String key,
        String tenant,
        String reference,
        boolean asks,
        boolean withdrawn,
        String deploymentId,
        String service,
        String environment,
        Instant openedAt) {}
