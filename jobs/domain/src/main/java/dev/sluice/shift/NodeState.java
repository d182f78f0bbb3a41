package dev.sluice.shift;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What has been gathered for one alternative.
 *
 * @param sum M: the likelihood ratios of the values since each start, added up over all starts; against the bound
 * @param logRatio the logarithm of the greatest of the likelihood ratios since each start; against the level
 * @param length how many values there are since the start that has it
 * @param since when the first of those began; null for none
 */
public record NodeState(
        double sum, double logRatio, int length, @Nullable Instant since) {
    static final NodeState EMPTY = new NodeState(0, 0, 0, null);

    public NodeState {
        if (!(sum >= 0)) {
            throw new IllegalArgumentException("not a sum of ratios: " + sum);
        }
    }

    /**
     * Adds a value: M becomes (M + 1) LR, a new start included, and the greatest ratio begins anew where it was no more
     * than 1.
     *
     * @param ratio LR against the bound
     * @param log logarithm of the ratio against the level
     * @param begin when the value began
     */
    NodeState plus(double ratio, double log, Instant begin) {
        double sumAfter = (sum + 1) * ratio;
        return logRatio > 0
                ? new NodeState(sumAfter, logRatio + log, length + 1, since)
                : new NodeState(sumAfter, log, 1, begin);
    }
}
