package dev.sluice.gateapi.rollback;

import dev.sluice.rollback.RollbackPlan;
import dev.sluice.wire.Control;
import dev.sluice.wire.RollbackPlanDocument;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A plan of rollbacks as answers show it; but for the first two and the last two members the body of a PUT that would set it up, with
 * times in seconds.
 *
 * @param service the service
 * @param environment the environment
 * @param mode {@code order}, {@code hold} or {@code dry_run}
 * @param onFailedCanary whether a Failed canary run gives an order
 * @param onIncident which incidents do; null for none
 * @param onBurn which burn of an error budget does; null for none
 * @param mostPerHour most orders within an hour that nobody has asked for
 * @param expiry for how long an order may be delivered, as {@code 600s}
 * @param verification for how long after that the earlier version may take to be seen
 * @param endpoint who is told to roll back
 * @param escalation who is told when people must look; null where nobody is
 * @param changedBy who has set it up
 * @param changedAt when
 */
record ShownPlan(
        String service,
        String environment,
        String mode,
        boolean onFailedCanary,
        @Nullable Incident onIncident,
        @Nullable ErrorBudget onBurn,
        int mostPerHour,
        String expiry,
        String verification,
        String endpoint,
        @Nullable String escalation,
        String changedBy,
        Instant changedAt) {
    static ShownPlan of(Control control) {
        RollbackPlanDocument document = RollbackPlanDocument.of(control);
        RollbackPlan plan = document.toDomain();
        RollbackPlan.IncidentTerms terms = plan.onIncident();
        RollbackPlan.BurnTerms burn = plan.onBurn();
        return new ShownPlan(
                document.service(),
                document.environment(),
                plan.mode().name().toLowerCase(Locale.ROOT),
                plan.onFailedCanary(),
                terms == null
                        ? null
                        : new Incident(
                                terms.severities().stream().sorted().toList(),
                                terms.within().toSeconds() + "s"),
                burn == null ? null : ErrorBudget.of(burn),
                plan.mostPerHour(),
                plan.expiry().toSeconds() + "s",
                plan.verification().toSeconds() + "s",
                plan.endpoint(),
                plan.escalation(),
                control.principal(),
                control.at());
    }

    /**
     * Which incidents give an order.
     *
     * @param severities their severities; none for any
     * @param within how soon after the end of the deployment they began, as {@code 3600s}
     */
    record Incident(List<String> severities, String within) {}

    /**
     * Which burn of an error budget gives an order.
     *
     * @param slo name of the objective
     * @param objective the share of good events that is promised
     * @param window over how long the events must have been counted, as {@code 300s}
     * @param leastBurn the burn rate from which on it counts
     * @param minimumTotal events below which the counts say nothing
     * @param within how soon after the end of the deployment the window ended, as {@code 3600s}
     * @param sources names of the credentials that are believed; none for all
     */
    record ErrorBudget(
            String slo,
            double objective,
            String window,
            double leastBurn,
            long minimumTotal,
            String within,
            List<String> sources) {
        private static ErrorBudget of(RollbackPlan.BurnTerms terms) {
            return new ErrorBudget(
                    terms.slo(),
                    terms.objective(),
                    terms.window().toSeconds() + "s",
                    terms.leastBurn(),
                    terms.minimumTotal(),
                    terms.within().toSeconds() + "s",
                    terms.sources().stream().sorted().toList());
        }
    }
}
