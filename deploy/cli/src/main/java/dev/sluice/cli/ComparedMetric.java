package dev.sluice.cli;

import org.jspecify.annotations.Nullable;

/** What both DevLake and Sluice measure. */
enum ComparedMetric {
    /** How many deployments. */
    DEPLOYMENTS("deployment_frequency", "deployments"),
    /** Median, in milliseconds. */
    LEAD_TIME("pull_request_lead_time", "pull request lead time"),
    /** A share. */
    FAIL_RATE("change_fail_rate", "change fail rate"),
    /** Median, in milliseconds. */
    RECOVERY("failed_deployment_recovery_time", "recovery time");

    private static final double MILLIS_PER_HOUR = 3_600_000;
    private final String key;
    private final String title;

    ComparedMetric(String key, String title) {
        this.key = key;
        this.title = title;
    }

    /** Returns the API's name of it. */
    String key() {
        return key;
    }

    /** Returns its name for people. */
    String title() {
        return title;
    }

    /** Returns a value with its unit: a count, a share, or milliseconds as hours. */
    String shown(@Nullable Double value) {
        if (value == null) {
            return "-";
        }
        return switch (this) {
            case DEPLOYMENTS -> "%.0f".formatted(value);
            case FAIL_RATE -> "%.1f %%".formatted(100 * value);
            case LEAD_TIME, RECOVERY -> "%.2f h".formatted(value / MILLIS_PER_HOUR);
        };
    }
}
