package dev.sluice.standalone;

import dev.sluice.streams.RunParameters;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * Tells whose a run on a cluster is, by its parameters. Those of {@code up} name the Kafka cluster by its id; those that
 * people start by hand name the address of their Kafka only.
 */
final class RunOwnership {
    /** Parameter: the id of the Kafka cluster, of runs that {@code up} has started. */
    static final String KAFKA = "sluice.kafka";

    /** What Flink says about one run may be from before its parameters were known. */
    static final Duration TOLD_LIMIT = Duration.ofSeconds(5);

    private static final Duration INITIALIZING_LIMIT = Duration.ofSeconds(60);

    private final FlinkRest rest;
    private final URI url;
    private final KafkaCluster kafka;
    private final Duration toldLimit;

    RunOwnership(FlinkRest rest, URI url, KafkaCluster kafka, Duration toldLimit) {
        this.rest = rest;
        this.url = url;
        this.kafka = kafka;
        this.toldLimit = toldLimit;
    }

    /**
     * Returns whether a run belongs to our Kafka.
     *
     * @throws StartException if it goes on and nobody can tell, or it reads our Kafka with the offsets of another
     */
    boolean isOurs(FlinkRest.Run run) throws FlinkRestException, InterruptedException {
        Map<String, String> parameters;
        try {
            parameters = parameters(run);
        } catch (FlinkRestException e) {
            if (run.hasEnded() && e.isNotFound()) {
                return false;
            }
            throw e;
        }
        String owner = parameters.get(KAFKA);
        String bootstrap = parameters.get(RunParameters.BOOTSTRAP);
        boolean atOurAddress = RunParameters.bootstrap(kafka.bootstrap()).equals(bootstrap);
        if (owner == null ? atOurAddress : owner.equals(kafka.id())) {
            return true;
        }
        if (run.hasEnded()) {
            return false;
        }
        if (owner == null) {
            throw new StartException(strangerIsThere(run, bootstrap));
        }
        if (atOurAddress) {
            throw new StartException(
                    "%s on Flink at %s works for the Kafka cluster %s, but the one at its address %s is %s now: cancel the run %s there"
                            .formatted(run.name(), url, owner, kafka.bootstrap(), kafka.id(), run.id()));
        }
        return false;
    }

    private String strangerIsThere(FlinkRest.Run run, @Nullable String bootstrap) {
        return "%s runs on Flink at %s already, started by hand, and %s. It is not taken over: stop it there, with `flink stop %s` or in the web interface, or use another cluster"
                .formatted(
                        run.name(),
                        url,
                        bootstrap == null
                                ? "does not say for which Kafka"
                                : "for Kafka at %s, not %s".formatted(bootstrap, kafka.bootstrap()),
                        run.id());
    }

    /** Returns what a run says about itself; while it is being set up, that may take a while. */
    Map<String, String> parameters(FlinkRest.Run run) throws FlinkRestException, InterruptedException {
        Duration limit = run.status() == JobStatus.INITIALIZING ? INITIALIZING_LIMIT : toldLimit;
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Map<String, String> parameters = rest.parameters(run.id());
            if (run.hasEnded()
                    || parameters.containsKey(RunParameters.BOOTSTRAP)
                    || System.nanoTime() - deadline >= 0) {
                return parameters;
            }
            FlinkJobs.pause();
        }
    }
}
