package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The quarters of a service as the API reports them.
 *
 * @param quarters in order of time
 */
record QuarterReport(List<Quarter> quarters) {
    private static final double MILLIS_PER_DAY = 86_400_000;
    private static final double SECONDS_PER_DAY = 86_400;
    private static final int DAY_DECIMALS = 6;
    private static final int SHOWN_DECIMALS = 1;

    QuarterReport {
        quarters = List.copyOf(quarters);
    }

    static QuarterReport of(JsonNode answer) {
        var quarters = new ArrayList<Quarter>();
        for (JsonNode period : answer.path("periods")) {
            JsonNode frequency = period.path("metrics").path("deployment_frequency");
            JsonNode leadTime = period.path("metrics").path("change_lead_time");
            quarters.add(new Quarter(
                    period.path("label").asText(),
                    frequency.path("count").asInt(),
                    frequency.path("deploy_days").asInt(),
                    leadTime.path("n").asInt(),
                    days(leadTime.path("median_ms")),
                    days(leadTime.path("p90_ms"))));
        }
        return new QuarterReport(quarters);
    }

    /** Returns the document {@code {"quarters": [...]}}. */
    ObjectNode toJson() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = document.putArray("quarters");
        for (Quarter quarter : quarters) {
            rows.addObject()
                    .put("quarter", quarter.label())
                    .put("deployments", quarter.deployments())
                    .put("deploy_days", quarter.deployDays())
                    .put("lead_n", quarter.leadTimes())
                    .put("lead_median_days", number(quarter.leadMedianDays()))
                    .put("lead_p90_days", number(quarter.leadP90Days()));
        }
        return document;
    }

    TextTable toTable() {
        var table = new TextTable("quarter", "deployments", "deploy days", "changes", "lead time median", "p90");
        for (Quarter quarter : quarters) {
            table.add(
                    quarter.label(),
                    Integer.toString(quarter.deployments()),
                    Integer.toString(quarter.deployDays()),
                    Integer.toString(quarter.leadTimes()),
                    shown(quarter.leadMedianDays()),
                    shown(quarter.leadP90Days()));
        }
        return table;
    }

    /** Returns milliseconds as days with six decimals; null for none. */
    static @Nullable BigDecimal days(JsonNode millis) {
        if (!millis.isNumber()) {
            return null;
        }
        return new BigDecimal(millis.doubleValue() / MILLIS_PER_DAY).setScale(DAY_DECIMALS, RoundingMode.HALF_EVEN);
    }

    private static @Nullable Double number(@Nullable BigDecimal days) {
        return days == null ? null : Double.valueOf(days.doubleValue());
    }

    /** E.g. {@code 1.7 d}; below a day the two largest units, e.g. {@code 9 h 9 min}. */
    private static String shown(@Nullable BigDecimal days) {
        if (days == null) {
            return "-";
        }
        if (days.compareTo(BigDecimal.ONE) >= 0) {
            return days.setScale(SHOWN_DECIMALS, RoundingMode.HALF_UP) + " d";
        }
        var time = Duration.ofSeconds(Math.round(days.doubleValue() * SECONDS_PER_DAY));
        if (time.toHours() > 0) {
            return time.toHours() + " h" + rest(time.toMinutesPart(), " min");
        }
        return time.toMinutes() > 0
                ? time.toMinutes() + " min" + rest(time.toSecondsPart(), " s")
                : time.toSeconds() + " s";
    }

    private static String rest(int count, String unit) {
        return count == 0 ? "" : " " + count + unit;
    }

    /**
     * One quarter.
     *
     * @param label e.g. {@code 2024-Q1}
     * @param deployments successful deployments that changed what runs
     * @param deployDays days with one of them
     * @param leadTimes commits that have a lead time
     * @param leadMedianDays median lead time in days; null where there is none
     * @param leadP90Days 90th percentile in days; null where there is none
     */
    record Quarter(
            String label,
            int deployments,
            int deployDays,
            int leadTimes,
            @Nullable BigDecimal leadMedianDays,
            @Nullable BigDecimal leadP90Days) {}
}
