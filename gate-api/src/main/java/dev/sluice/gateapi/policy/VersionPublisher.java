package dev.sluice.gateapi.policy;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the versions of the directory's policies to the log, each once: later every replica finds by its digest what a
 * decision was judged by, also when the directory holds another version. It tries until the log has them all.
 */
public final class VersionPublisher implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(VersionPublisher.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** Who writes them, in the log. */
    private static final String NAME = "directory";

    private final Policies policies;
    private final ControlLog log;
    private final Views views;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "gate-api-policies");
        daemon.setDaemon(true);
        return daemon;
    });

    /**
     * Creates a publisher; it begins when it is {@link #start started}.
     *
     * @param policies what there is
     * @param log writes them
     * @param views know what the log holds
     */
    public VersionPublisher(Policies policies, ControlLog log, Views views) {
        this.policies = policies;
        this.log = log;
        this.views = views;
    }

    /** Begins to write. */
    public void start() {
        var unused = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        publish();
                    } catch (RuntimeException e) { // the edge of the thread: in a second it tries again
                        LOGGER.atWarn().setCause(e).log("versions of policies are not published");
                    }
                },
                INTERVAL.toMillis(),
                INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void publish() {
        if (!views.hasRead(Topic.CONTROL)) {
            return;
        }
        List<PolicyVersion> absent = policies.configured().stream()
                .filter(version -> policies.saved(
                                Policies.EVERY_TENANT, version.policy().digest())
                        .isEmpty())
                .toList();
        absent.forEach(this::publish);
        if (absent.isEmpty()) {
            thread.shutdown();
        }
    }

    private void publish(PolicyVersion version) {
        String id = PolicyDigest.id(version.policy().digest()).orElseThrow();
        var content = Content.of(SavedVersion.document(version.policy(), version.text(), NAME));
        try {
            var unused = log.change(
                            new Thing(Policies.EVERY_TENANT, Control.POLICY_VERSION, id),
                            NAME,
                            before -> before.isPresent() ? Optional.empty() : Optional.of(content))
                    .whenComplete((written, failure) -> {
                        if (failure != null) {
                            LOGGER.atDebug()
                                    .setCause(failure)
                                    .log("a version was not published; once more in a second");
                        }
                    });
        } catch (ApiException e) {
            LOGGER.atDebug().setCause(e).log("a version was not published; once more in a second");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
