package dev.sluice.kayenta;

/**
 * From which score on a canary passes, or is marginal at least. They come with the request to judge, not from the config.
 *
 * @param pass usually from 0 to 100
 * @param marginal usually below {@code pass}; a score that equals it is marginal here, though Spinnaker's stage fails on it
 */
public record Thresholds(double pass, double marginal) {
    /** Returns the label of a score; Fail for NaN. */
    ScoreLabel label(double score) {
        if (score >= pass) {
            return ScoreLabel.PASS;
        }
        return score >= marginal ? ScoreLabel.MARGINAL : ScoreLabel.FAIL;
    }
}
