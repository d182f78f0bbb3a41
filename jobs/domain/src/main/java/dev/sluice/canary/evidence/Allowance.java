package dev.sluice.canary.evidence;

/**
 * By how much the canary may be worse than the baseline: the sum of both parts. With an increase that is bad, p_canary may be
 * up to (1 + relative) p_baseline + absolute.
 *
 * @param relative as a part of the baseline's value, at least 0
 * @param absolute in the unit of the value (events per exposure), at least 0
 */
public record Allowance(double relative, double absolute) {
    public Allowance {
        if (!(relative >= 0) || !(absolute >= 0) || Double.isInfinite(relative) || Double.isInfinite(absolute)) {
            throw new IllegalArgumentException("not an allowance: relative " + relative + ", absolute " + absolute);
        }
    }
}
