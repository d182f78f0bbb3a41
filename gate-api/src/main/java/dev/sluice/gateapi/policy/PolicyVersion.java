package dev.sluice.gateapi.policy;

import dev.sluice.gate.Policy;

/**
 * A version of a policy.
 *
 * @param policy what it requires
 * @param text as it was written: YAML or JSON
 */
public record PolicyVersion(Policy policy, String text) {}
