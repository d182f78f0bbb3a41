package dev.sluice.gateapi.report.dora;

import dev.sluice.gateapi.report.dora.DeliveryReport.ExcludedLine;
import dev.sluice.store.Excluded;
import java.util.Map;

/** Says why facts are in no metric. */
final class Exclusions {
    private static final Map<String, String> EXPLANATIONS = Map.ofEntries(
            Map.entry("deployment ROLLBACK", "went back to what ran before: in the rework rate, not in the frequency"),
            Map.entry("deployment REDEPLOY", "repeated what ran already"),
            Map.entry("deployment FAILURE", "failed: in the success rate only, unless it had an impact"),
            Map.entry("deployment CANCELLED", "was cancelled"),
            Map.entry("deployment SKIPPED", "was skipped"),
            Map.entry("deployment TIMED_OUT", "never told a result"),
            Map.entry("deployment IN_PROGRESS", "has no result yet"),
            Map.entry("deployment DELETED", "was deleted where it came from"),
            Map.entry("change MERGE", "merges others, which count themselves"),
            Map.entry(
                    "change OTHER_SERVICE", "touches no file of the service, which shares the repository with others"),
            Map.entry("change SEED", "came with the first deployment, which only sets what was there before"),
            Map.entry("change CLOCK_SKEW", "was authored after it was deployed, by the clocks"),
            Map.entry("change NOT_RECORDED", "nothing is known of the commit"),
            Map.entry(
                    "pull request OTHER_SERVICE",
                    "its commits touch no file of the service, which shares the repository with others"),
            Map.entry("pull request SEED", "came with the first deployment, which only sets what was there before"),
            Map.entry("pull request NO_COMMITS", "its first commit is not known"),
            Map.entry("pull request CLOCK_SKEW", "its first commit was authored after it was deployed, by the clocks"),
            Map.entry("pull request CHERRY_PICK", "repeats another one, which counts"),
            Map.entry("incident NOT_CHANGE_CAUSED", "no change of the service caused it"),
            Map.entry("incident UNLINKED", "somebody said that no deployment caused it"),
            Map.entry("incident REFERENCE_NOT_FOUND", "what it names as its cause is not known"),
            Map.entry("incident NO_DEPLOYMENT", "nothing was deployed in the days before it"),
            Map.entry("incident AFTER_ROLLBACK", "the deployment before it went back, or repeated what ran"),
            Map.entry("incident OUTSIDE_WINDOW", "the deployment before it was too long ago"),
            Map.entry("incident NO_IMPACT", "the deployment is stated to have had no impact"),
            Map.entry("incident NOT_COUNTED", "what it names as its cause never went live"));

    private Exclusions() {}

    static ExcludedLine explained(Excluded excluded) {
        String reason = excluded.reason();
        return new ExcludedLine(
                excluded.what(),
                reason,
                EXPLANATIONS.getOrDefault(
                        excluded.what() + " " + reason, reason.isEmpty() ? "no reason is known" : reason),
                excluded.n());
    }
}
