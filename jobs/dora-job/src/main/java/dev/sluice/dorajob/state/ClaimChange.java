package dev.sluice.dorajob.state;

/**
 * A claim that is made, or made no longer.
 *
 * @param claim the claim
 * @param withdrawn whether it is no longer made
 */
public record ClaimChange(ClaimState claim, boolean withdrawn) {}
