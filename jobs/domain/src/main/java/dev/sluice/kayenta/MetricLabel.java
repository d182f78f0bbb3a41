package dev.sluice.kayenta;

/** What a metric was found to be. */
public enum MetricLabel {
    /** No difference that counts. */
    PASS("Pass"),
    /** The canary has more. */
    HIGH("High"),
    /** The canary has less. */
    LOW("Low"),
    /** An arm has no values; that counts neither for nor against the canary, unless half of all metrics are such. */
    NODATA("Nodata"),
    /** An arm has no values, and must have some: as bad as High or Low. */
    NODATA_FAIL_METRIC("NodataFailMetric"),
    /** The arms could not be compared; that counts neither for nor against the canary. */
    ERROR("Error");

    private final String word;

    MetricLabel(String word) {
        this.word = word;
    }

    /** Returns the label as Kayenta spells it. */
    public String word() {
        return word;
    }
}
