package dev.sluice.gateapi.canary;

import dev.sluice.gate.Evidence;
import dev.sluice.gateapi.canary.CanaryRuns.Run;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Topic;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How canary runs stand, as gates judge them: what the API does not believe a gate does not believe. */
public final class CanaryFindings {
    private final CanaryRuns runs;
    private final Views views;

    /**
     * Creates it.
     *
     * @param runs the runs
     * @param views what was said of them
     */
    public CanaryFindings(CanaryRuns runs, Views views) {
        this.runs = runs;
        this.views = views;
    }

    /**
     * Returns how runs stand; those that are gone are left out.
     *
     * @param tenant whose
     * @param ids which runs
     * @param now the moment
     */
    public List<Evidence.CanaryRun> of(String tenant, List<String> ids, Instant now) {
        return ids.stream()
                .flatMap(id -> runs.find(tenant, id).stream())
                .map(run -> finding(run, now))
                .toList();
    }

    private Evidence.CanaryRun finding(Run run, Instant now) {
        Optional<CanaryStanding> believed = views.readTo(Topic.VERDICTS)
                .flatMap(read ->
                        views.verdict(run.tenant(), run.id()).map(said -> BelievedStanding.of(run, said, read, now)));
        StandingRun standing = StandingRun.of(run, believed, now);
        return new Evidence.CanaryRun(
                run.id(),
                run.document().environment(),
                run.document().canary(),
                standing.startedAt(),
                standing.state(),
                at(standing),
                standing.reason());
    }

    /** As of the end of the last bucket that was judged; of a run of which nothing was, as of its start. */
    private static Instant at(StandingRun standing) {
        try {
            return Instant.parse(standing.verdict().path("at").asText());
        } catch (DateTimeException e) {
            return standing.startedAt();
        }
    }
}
