package dev.sluice.gateapi.canary;

import dev.sluice.dora.CurrentRow;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins the next stage of runs, or ends them, when a deployment says so. Every second it looks at what runs, not at what happens:
 * a replica that was away misses nothing, and of several replicas one makes the change.
 */
public final class DeploymentFollower implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(DeploymentFollower.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Who changes runs, in the log. */
    private static final String NAME = "deployments";

    private final CanaryRuns runs;
    private final Canaries canaries;
    private final Views views;
    private final Clock clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "gate-api-deployments");
        daemon.setDaemon(true);
        return daemon;
    });

    /**
     * Creates the follower; it looks when it is {@link #start started}.
     *
     * @param runs what there is
     * @param canaries changes them
     * @param views know what runs
     * @param clock tells whether a deployment has been
     */
    public DeploymentFollower(CanaryRuns runs, Canaries canaries, Views views, Clock clock) {
        this.runs = runs;
        this.canaries = canaries;
        this.views = views;
        this.clock = clock;
    }

    /** Begins to look. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        look();
                    } catch (RuntimeException e) { // the edge of the thread: in a second it looks again
                        LOGGER.atWarn().setCause(e).log("deployments are not followed");
                    }
                },
                INTERVAL.toMillis(),
                INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (!views.hasRead(Topic.CONTROL) || !views.hasRead(Topic.CURRENT)) {
            return;
        }
        runs.followingDeployments()
                .forEach(run -> current(run)
                        .filter(current -> FollowedDeployment.of(run.document(), current, clock.instant())
                                .isPresent())
                        .ifPresent(current -> follow(run, current)));
    }

    private Optional<CurrentRow> current(CanaryRuns.Run run) {
        return views.current(
                        run.tenant(), run.document().service(), run.document().environment())
                .map(Held::row);
    }

    private void follow(CanaryRuns.Run run, CurrentRow current) {
        try {
            var unused = canaries.follow(new Principal(NAME, NAME, run.tenant(), Set.of()), run.id(), current)
                    .whenComplete((followed, failure) -> {
                        if (failure != null) {
                            LOGGER.atDebug()
                                    .setCause(failure)
                                    .log("a deployment was not followed; once more in a second");
                        }
                    });
        } catch (ApiException e) {
            LOGGER.atDebug().setCause(e).log("a deployment was not followed; once more in a second");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
