package dev.sluice.standalone;

import dev.sluice.streams.JobProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs on a Flink cluster that is not ours. They go on when this process stops, and there is one run of each:
 *
 * <ul>
 *   <li>A run that is there already is used, if its jar and settings are those of now. Otherwise it is stopped with a
 *       savepoint, and the job goes on from that.
 *   <li>A job that has ended goes on from its newest checkpoint or savepoint that the cluster can tell, else from the
 *       beginning.
 *   <li>The id of a new run follows from the one before it. Of two processes that start a job at the same time the
 *       cluster refuses the second, which then uses the run of the first.
 * </ul>
 *
 * <p>What a run was started with is kept in its parameters, which the cluster tells everyone: digests, no settings.
 */
final class FlinkJobs implements JobStates {
    private static final Logger LOGGER = LoggerFactory.getLogger(FlinkJobs.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** Kafka or ClickHouse may have been away for the job until now, and what it tries then takes its time. */
    private static final Duration RUNNING_LIMIT = Duration.ofMinutes(3);

    private static final Duration SAVEPOINT_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(60);
    private static final int TRIES = 2;
    private static final int ID_BYTES = 16;
    private static final Set<JobStatus> ENDING = EnumSet.of(JobStatus.CANCELLING, JobStatus.FAILING);

    private static final String KAFKA_PARAMETER = "sluice.kafka";
    private static final String BOOTSTRAP_PARAMETER = "sluice.bootstrap";
    private static final String DIGEST_PARAMETER = "sluice.digest";
    private static final String PARAMETERS_KEY = "pipeline.global-job-parameters";
    private static final List<List<String>> REQUIRED_DIRECTORIES = List.of(
            List.of("execution.checkpointing.dir", "state.checkpoints.dir"),
            List.of("execution.checkpointing.savepoint-dir", "state.savepoints.dir"));

    private static final String HOME = "flink.url";

    private final FlinkRest rest;
    private final URI url;
    private final KafkaCluster kafka;
    private final Announcer announcer;

    FlinkJobs(URI url, KafkaCluster kafka, Announcer announcer) {
        this.rest = new FlinkRest(url);
        this.url = url;
        this.kafka = kafka;
        this.announcer = announcer;
    }

    /**
     * Asks a cluster whether jobs can run there.
     *
     * @throws StartException if it does not answer, or keeps no checkpoints
     */
    static FlinkRest.Overview require(URI url) throws InterruptedException {
        var rest = new FlinkRest(url);
        try {
            FlinkRest.Overview overview = rest.overview();
            Map<String, String> configuration = rest.configuration();
            List<String> missing = REQUIRED_DIRECTORIES.stream()
                    .filter(names -> names.stream().noneMatch(configuration::containsKey))
                    .map(names -> names.get(0))
                    .toList();
            if (!missing.isEmpty()) {
                throw new StartException(
                        "Flink at %s (%s) does not say where it keeps checkpoints and savepoints: set %s in its configuration"
                                .formatted(url, OtherServers.FLINK, String.join(" and ", missing)));
            }
            return overview;
        } catch (FlinkRestException e) {
            throw new StartException(
                    "%s. Start the cluster, or correct or unset %s.".formatted(e.getMessage(), OtherServers.FLINK), e);
        }
    }

    /**
     * Requires that the jobs of a data directory do not run on a cluster already that is not the one of now.
     *
     * @param data the directory, which remembers where its jobs are
     * @param now the cluster of now; null for the one in this process
     * @throws StartException if they do, or nobody can tell
     */
    static void requireNoneElsewhere(Path data, @Nullable URI now, KafkaCluster kafka, Announcer announcer)
            throws InterruptedException {
        Path home = data.resolve(HOME);
        try {
            if (Files.exists(home)) {
                URI before = URI.create(Files.readString(home).strip());
                if (!before.equals(now)) {
                    new FlinkJobs(before, kafka, announcer).requireNone(home);
                }
            }
            if (now == null) {
                Files.deleteIfExists(home);
            } else {
                Files.writeString(home, now + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireNone(Path home) throws InterruptedException {
        try {
            for (FlinkRest.Run run : rest.runs()) {
                if (!run.hasEnded() && run.name().startsWith("sluice-") && isOurs(run)) {
                    throw new StartException(
                            "the job %s runs on Flink at %s, and must not run twice: set %s to that again, or stop the jobs there first"
                                    .formatted(run.name(), url, OtherServers.FLINK));
                }
            }
        } catch (FlinkRestException e) {
            throw new StartException(
                    "the jobs may run on Flink at %s, which cannot be asked (%s), and must not run twice. If that cluster is gone, delete %s."
                            .formatted(url, e.getMessage(), home),
                    e);
        }
    }

    /**
     * Makes sure that a job runs and returns when all its tasks do.
     *
     * @throws StartException if it does not even start from the beginning
     */
    RunningJob start(ClusterJob job) throws InterruptedException {
        try {
            return tryToStart(job, System.nanoTime());
        } catch (FlinkRestException e) {
            throw new StartException("job %s: %s (%s)".formatted(job.name(), e.getMessage(), OtherServers.FLINK), e);
        }
    }

    private RunningJob tryToStart(ClusterJob job, long started) throws FlinkRestException, InterruptedException {
        String digest = job.digest();
        Optional<FlinkRest.Run> live = live(job);
        if (live.isPresent() && ENDING.contains(live.get().status())) {
            awaitEnd(live.get().id());
            live = live(job);
        }
        if (live.isPresent() && digest.equals(rest.parameters(live.get().id()).get(DIGEST_PARAMETER))) {
            return use(job, live.get().id(), started);
        }
        String verb = "goes on";
        Optional<FlinkRest.Snapshot> snapshot;
        @Nullable JobID previous;
        if (live.isPresent()) {
            verb = "is replaced, its jar or settings being others now, and goes on";
            previous = live.get().id();
            snapshot = stop(job, previous);
        } else {
            List<FlinkRest.Run> ended =
                    runs(job).filter(FlinkRest.Run::hasEnded).toList();
            previous = ended.isEmpty() ? null : ended.get(0).id();
            snapshot = newest(ended);
        }
        if (live.isEmpty() && rest.overview().freeSlots() < job.parallelism()) {
            announcer.busy("job %s waits for %d free slots on Flink".formatted(job.name(), job.parallelism()));
        }
        String jar = rest.upload(job.jar());
        try {
            return run(job, jar, digest, verb, snapshot, previous, started);
        } finally {
            forget(jar);
        }
    }

    private void forget(String jar) throws InterruptedException {
        try {
            rest.deleteJar(jar);
        } catch (FlinkRestException e) {
            LOGGER.atInfo().addKeyValue("jar", jar).setCause(e).log("jar is left on the cluster");
        }
    }

    private RunningJob run(
            ClusterJob job,
            String jar,
            String digest,
            String verb,
            Optional<FlinkRest.Snapshot> snapshot,
            @Nullable JobID previous,
            long started)
            throws FlinkRestException, InterruptedException {
        JobID last = previous;
        if (snapshot.isPresent()) {
            String path = snapshot.get().path();
            Attempt attempt = attempt(job, jar, digest, path, last, TRIES);
            if (attempt.failure() == null) {
                String from =
                        "%s of %s".formatted(path, snapshot.get().takenAt().truncatedTo(ChronoUnit.SECONDS));
                announcer.ok("job %s %s from %s".formatted(job.name(), verb, from), started);
                return new RunningJob(job.name(), attempt.id(), "started from " + from);
            }
            announcer.warn("job %s cannot be restored from %s: %s".formatted(job.name(), path, attempt.failure()));
            last = attempt.id();
        }
        Attempt attempt = attempt(job, jar, digest, null, last, Integer.MAX_VALUE);
        if (attempt.failure() != null) {
            throw new StartException(
                    "job %s does not start on Flink at %s: %s".formatted(job.name(), url, attempt.failure()));
        }
        if (snapshot.isEmpty()) {
            announcer.ok(
                    "job %s starts from the beginning (Flink knows no checkpoint of it)".formatted(job.name()),
                    started);
            return new RunningJob(
                    job.name(), attempt.id(), "started from the beginning (Flink knew no checkpoint of it)");
        }
        announcer.ok(
                "job %s rebuilds from the beginning (no checkpoint can be restored)".formatted(job.name()), started);
        return new RunningJob(job.name(), attempt.id(), "rebuilt from the beginning (no checkpoint could be restored)");
    }

    private RunningJob use(ClusterJob job, JobID id, long started) throws FlinkRestException, InterruptedException {
        Optional<String> failure = awaitRunning(id, Integer.MAX_VALUE);
        if (failure.isPresent()) {
            throw new StartException("job %s, which runs on Flink at %s already as %s, does not come up: %s"
                    .formatted(job.name(), url, id, failure.get()));
        }
        announcer.ok("job %s runs on Flink already and is used as it is".formatted(job.name()), started);
        return new RunningJob(job.name(), id, "found running");
    }

    /** Starts a run under the next id that the cluster has not had, unless somebody else does so first. */
    private Attempt attempt(
            ClusterJob job, String jar, String digest, @Nullable String snapshot, @Nullable JobID previous, int tries)
            throws FlinkRestException, InterruptedException {
        Map<String, String> configuration = Map.of(
                PARAMETERS_KEY,
                "%s:%s,%s:%s,%s:%s"
                        .formatted(
                                KAFKA_PARAMETER,
                                kafka.id(),
                                BOOTSTRAP_PARAMETER,
                                bootstrapDigest(),
                                DIGEST_PARAMETER,
                                digest));
        JobID id = next(job, previous);
        while (true) {
            try {
                rest.run(
                        jar,
                        new FlinkRest.Start(
                                id, job.main(), job.arguments(), job.parallelism(), snapshot, configuration));
                break;
            } catch (FlinkRestException e) {
                if (!e.isDuplicateRun()) {
                    throw e;
                }
                Optional<FlinkRest.Run> other = live(job);
                if (other.isPresent()) {
                    id = other.get().id();
                    announcer.busy("job %s is being started by somebody else: that run is used".formatted(job.name()));
                    break;
                }
                id = next(job, id);
            }
        }
        Optional<String> failure = awaitRunning(id, tries);
        if (failure.isPresent() && tries != Integer.MAX_VALUE) {
            end(id);
        }
        return new Attempt(id, failure.orElse(null));
    }

    private JobID next(ClusterJob job, @Nullable JobID previous) {
        byte[] digest = ClusterJob.sha256()
                .digest("%s/%s/%s".formatted(kafka.id(), job.name(), previous).getBytes(StandardCharsets.UTF_8));
        return JobID.fromByteArray(Arrays.copyOf(digest, ID_BYTES));
    }

    /**
     * Returns why a run does not run; nothing when all its tasks do.
     *
     * @throws StartException if it still waits for something, which may yet come: the run is left as it is
     */
    private Optional<String> awaitRunning(JobID id, int tries) throws FlinkRestException, InterruptedException {
        long deadline = System.nanoTime() + RUNNING_LIMIT.toNanos();
        List<FlinkRest.Failure> failures = List.of();
        while (System.nanoTime() - deadline < 0) {
            Optional<FlinkRest.Run> run = rest.run(id);
            // it may take a moment until the list has it
            if (run.isPresent()) {
                if (run.get().status() == JobStatus.RUNNING && run.get().allTasksRun()) {
                    return Optional.empty();
                }
                failures = rest.failures(id);
                // too few slots say nothing about the state that it starts with
                long own = failures.stream()
                        .filter(failure -> !failure.lacksSlots())
                        .count();
                if (run.get().hasEnded() || own >= tries) {
                    return Optional.of(
                            failures.isEmpty()
                                    ? run.get().status().name()
                                    : failures.get(0).reason());
                }
            }
            pause();
        }
        throw new StartException(
                "not all tasks of the run %s on Flink at %s run after %d minutes%s. It is left there, and the next `up` uses it."
                        .formatted(
                                id,
                                url,
                                RUNNING_LIMIT.toMinutes(),
                                failures.isEmpty()
                                        ? " (are there free slots?)"
                                        : ": " + failures.get(0).reason()));
    }

    /** Ends a run that is replaced, and returns what its state can be taken from. */
    private Optional<FlinkRest.Snapshot> stop(ClusterJob job, JobID id)
            throws FlinkRestException, InterruptedException {
        try {
            String request = rest.stopWithSavepoint(id);
            long deadline = System.nanoTime() + SAVEPOINT_LIMIT.toNanos();
            while (System.nanoTime() - deadline < 0) {
                Optional<String> savepoint = rest.savepoint(id, request);
                if (savepoint.isPresent()) {
                    awaitEnd(id);
                    return Optional.of(new FlinkRest.Snapshot(savepoint.get(), Instant.now()));
                }
                pause();
            }
            announcer.warn("job %s takes no savepoint within %d s; its newest checkpoint is used"
                    .formatted(job.name(), SAVEPOINT_LIMIT.toSeconds()));
        } catch (FlinkRestException e) {
            LOGGER.atWarn().addKeyValue("job", job.name()).setCause(e).log("no savepoint");
            announcer.warn("job %s takes no savepoint; its newest checkpoint is used: %s"
                    .formatted(job.name(), e.getMessage()));
        }
        end(id);
        return snapshotOfEnded(id);
    }

    private void end(JobID id) throws FlinkRestException, InterruptedException {
        Optional<FlinkRest.Run> run = rest.run(id);
        if (run.isPresent() && !run.get().hasEnded()) {
            rest.cancel(id);
            awaitEnd(id);
        }
    }

    private void awaitEnd(JobID id) throws FlinkRestException, InterruptedException {
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Optional<FlinkRest.Run> run = rest.run(id);
            if (run.isEmpty() || run.get().hasEnded()) {
                return;
            }
            pause();
        }
        throw new StartException(
                "the run %s on Flink at %s does not end within %d s".formatted(id, url, END_LIMIT.toSeconds()));
    }

    private static void pause() throws InterruptedException {
        LockSupport.parkNanos(POLL.toNanos());
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Returns the one run of a job that goes on. */
    private Optional<FlinkRest.Run> live(ClusterJob job) throws FlinkRestException, InterruptedException {
        List<FlinkRest.Run> live = runs(job).filter(run -> !run.hasEnded()).toList();
        if (live.size() > 1) {
            throw new StartException("job %s runs %d times on Flink at %s: stop all but one of them there"
                    .formatted(job.name(), live.size(), url));
        }
        return live.stream().findFirst();
    }

    /** Returns the runs of a job for this Kafka, the newest first. */
    private Stream<FlinkRest.Run> runs(ClusterJob job) throws FlinkRestException, InterruptedException {
        String name = JobProgram.nameOnCluster(job.name());
        var ours = Stream.<FlinkRest.Run>builder();
        for (FlinkRest.Run run : rest.runs()) {
            if (run.name().equals(name) && isOurs(run)) {
                ours.add(run);
            }
        }
        return ours.build();
    }

    /** Returns whether a run belongs to our Kafka; one that people started by hand counts as ours. */
    private boolean isOurs(FlinkRest.Run run) throws FlinkRestException, InterruptedException {
        Map<String, String> parameters;
        try {
            parameters = rest.parameters(run.id());
        } catch (FlinkRestException e) {
            if (run.hasEnded() && e.isNotFound()) {
                return false;
            }
            throw e;
        }
        String owner = parameters.getOrDefault(KAFKA_PARAMETER, kafka.id());
        if (owner.equals(kafka.id())) {
            return true;
        }
        if (!run.hasEnded() && bootstrapDigest().equals(parameters.get(BOOTSTRAP_PARAMETER))) {
            throw new StartException(
                    "%s on Flink at %s works for the Kafka cluster %s, but the one at its address %s is %s now: cancel the run %s there"
                            .formatted(run.name(), url, owner, kafka.bootstrap(), kafka.id(), run.id()));
        }
        return false;
    }

    private String bootstrapDigest() {
        byte[] digest = ClusterJob.sha256().digest(kafka.bootstrap().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    }

    private Optional<FlinkRest.Snapshot> newest(List<FlinkRest.Run> runs)
            throws FlinkRestException, InterruptedException {
        var snapshots = Stream.<FlinkRest.Snapshot>builder();
        for (FlinkRest.Run run : runs) {
            snapshotOfEnded(run.id()).ifPresent(snapshots::add);
        }
        return snapshots.build().max(Comparator.comparing(FlinkRest.Snapshot::takenAt));
    }

    /** Returns the newest snapshot of a run that has ended; one that was newest before its end may be deleted. */
    private Optional<FlinkRest.Snapshot> snapshotOfEnded(JobID id) throws FlinkRestException, InterruptedException {
        long deadline = System.nanoTime() + END_LIMIT.toNanos();
        while (!rest.tellsEndOf(id) && System.nanoTime() - deadline < 0) {
            pause();
        }
        return rest.newestSnapshot(id);
    }

    @Override
    public Optional<JobStatus> status(RunningJob job) throws InterruptedException, IOException {
        return rest.run(job.id()).map(FlinkRest.Run::status);
    }

    @Override
    public String reason(RunningJob job) throws InterruptedException, IOException {
        return rest.failures(job.id()).stream()
                .findFirst()
                .map(FlinkRest.Failure::reason)
                .orElse("no reason is known");
    }

    /** Nothing: the cluster keeps as many checkpoints as it is told. */
    @Override
    public boolean tidy(RunningJob job) {
        return true;
    }

    /**
     * A try to start a job.
     *
     * @param id the run
     * @param failure why it does not run; null if it does
     */
    private record Attempt(JobID id, @Nullable String failure) {}
}
