package dev.sluice.wire;

import dev.sluice.rollback.RollbackPlan;
import dev.sluice.rollback.RollbackPlan.BurnTerms;
import dev.sluice.rollback.RollbackPlan.IncidentTerms;
import dev.sluice.rollback.RollbackPlan.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a service is rolled back by itself in an environment: the document of a {@link Control} of kind
 * {@link Control#ROLLBACK_PLAN}, as it is kept. Times are in seconds.
 *
 * @param service the service
 * @param environment the environment
 * @param mode {@code ORDER}, {@code HOLD} or {@code DRY_RUN}
 * @param onFailedCanary whether a canary run that is Failed gives an order
 * @param onIncident which incidents give one; null for none
 * @param onBurn which burn of an error budget gives one; null for none
 * @param mostPerHour most orders within an hour that nobody has asked for
 * @param expirySeconds for how long an order may be delivered
 * @param verificationSeconds for how long after that the earlier version may take to be seen
 * @param endpoint who is told
 * @param escalation who is told when people must look; null where nobody is
 */
public record RollbackPlanDocument(
        String service,
        String environment,
        Mode mode,
        boolean onFailedCanary,
        @Nullable Incident onIncident,
        @Nullable ErrorBudget onBurn,
        int mostPerHour,
        long expirySeconds,
        long verificationSeconds,
        String endpoint,
        @Nullable String escalation) {
    /**
     * Which incidents give an order.
     *
     * @param severities their severities; none for any
     * @param withinSeconds how soon after the end of the deployment they began
     */
    public record Incident(List<String> severities, long withinSeconds) {
        public Incident {
            severities = List.copyOf(severities);
        }
    }

    /**
     * Which burn of an error budget gives an order.
     *
     * @param slo name of the objective
     * @param objective the share of good events that is promised
     * @param windowSeconds over how long the events must have been counted
     * @param leastBurn the burn rate from which on it counts
     * @param minimumTotal events below which the counts say nothing
     * @param withinSeconds how soon after the end of the deployment the window ended
     * @param sources names of the credentials that are believed; none for all
     */
    public record ErrorBudget(
            String slo,
            double objective,
            long windowSeconds,
            double leastBurn,
            long minimumTotal,
            long withinSeconds,
            List<String> sources) {
        public ErrorBudget {
            sources = List.copyOf(sources);
        }

        private static ErrorBudget of(BurnTerms terms) {
            return new ErrorBudget(
                    terms.slo(),
                    terms.objective(),
                    terms.window().toSeconds(),
                    terms.leastBurn(),
                    terms.minimumTotal(),
                    terms.within().toSeconds(),
                    terms.sources().stream().sorted().toList());
        }

        private BurnTerms toDomain() {
            return new BurnTerms(
                    slo,
                    objective,
                    Duration.ofSeconds(windowSeconds),
                    leastBurn,
                    minimumTotal,
                    Duration.ofSeconds(withinSeconds),
                    Set.copyOf(sources));
        }
    }

    /** Returns a plan as it is kept. */
    public static RollbackPlanDocument of(String service, String environment, RollbackPlan plan) {
        IncidentTerms terms = plan.onIncident();
        BurnTerms burn = plan.onBurn();
        return new RollbackPlanDocument(
                service,
                environment,
                plan.mode(),
                plan.onFailedCanary(),
                terms == null
                        ? null
                        : new Incident(
                                terms.severities().stream().sorted().toList(),
                                terms.within().toSeconds()),
                burn == null ? null : ErrorBudget.of(burn),
                plan.mostPerHour(),
                plan.expiry().toSeconds(),
                plan.verification().toSeconds(),
                plan.endpoint(),
                plan.escalation());
    }

    /**
     * Reads the document of a control record.
     *
     * @throws MalformedRecordException if it is none
     */
    public static RollbackPlanDocument of(Control control) {
        return Json.read(Json.bytes(control.document()), RollbackPlanDocument.class);
    }

    /** Returns the plan as the domain knows it. */
    public RollbackPlan toDomain() {
        return new RollbackPlan(
                mode,
                onFailedCanary,
                onIncident == null
                        ? null
                        : new IncidentTerms(
                                Set.copyOf(onIncident.severities()), Duration.ofSeconds(onIncident.withinSeconds())),
                onBurn == null ? null : onBurn.toDomain(),
                mostPerHour,
                Duration.ofSeconds(expirySeconds),
                Duration.ofSeconds(verificationSeconds),
                endpoint,
                escalation);
    }
}
