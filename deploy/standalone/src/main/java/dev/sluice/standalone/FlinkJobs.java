package dev.sluice.standalone;

import dev.sluice.streams.JobProgram;
import dev.sluice.streams.RunParameters;
import dev.sluice.wire.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
 *       newest that is remembered, else from the beginning.
 *   <li>The id of a new run follows from the one before it. Of two processes that start a job at the same time the
 *       cluster refuses the second, which then uses the run of the first. No id is used twice, since a checkpoint is
 *       called by it: the first one of a job follows from the life of the job manager.
 * </ul>
 *
 * <p>What a run was started with is kept in its parameters, which the cluster tells everyone: digests, no settings but the
 * address of Kafka.
 */
final class FlinkJobs implements JobStates {
    private static final Logger LOGGER = LoggerFactory.getLogger(FlinkJobs.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** Kafka or ClickHouse may have been away for the job until now, and what it tries then takes its time. */
    private static final Duration RUNNING_LIMIT = Duration.ofMinutes(3);

    private static final Duration SAVEPOINT_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(60);
    /** The list of runs may not have one at once that is refused as being there. */
    private static final Duration LISTED_LIMIT = Duration.ofSeconds(3);

    private static final Duration REMEMBER_INTERVAL = Duration.ofSeconds(10);
    /** A file may be found a moment later. */
    private static final int TRIES = 2;

    private static final int ID_BYTES = 16;
    private static final Set<JobStatus> ENDING = EnumSet.of(JobStatus.CANCELLING, JobStatus.FAILING);

    private static final String JAR_PARAMETER = "sluice.jar";
    private static final String PARAMETERS_KEY = "pipeline.global-job-parameters";
    /** A directory that each job manager has for itself and calls differently. */
    private static final String LIFE_KEY = "web.tmpdir";

    private static final List<List<String>> REQUIRED_DIRECTORIES = List.of(
            List.of("execution.checkpointing.dir", "state.checkpoints.dir"),
            List.of("execution.checkpointing.savepoint-dir", "state.savepoints.dir"));

    private static final String HOME = "flink.url";

    private final FlinkRest rest;
    private final URI url;
    private final KafkaCluster kafka;
    private final RememberedSnapshots memory;
    private final Announcer announcer;
    private final Limits limits;
    private final RunOwnership ownership;
    private final SnapshotChoice snapshots;
    private final Map<String, Long> rememberedAt = new ConcurrentHashMap<>();

    FlinkJobs(URI url, KafkaCluster kafka, RememberedSnapshots memory, Announcer announcer) {
        this(url, kafka, memory, announcer, new Limits(RUNNING_LIMIT, RunOwnership.TOLD_LIMIT));
    }

    FlinkJobs(URI url, KafkaCluster kafka, RememberedSnapshots memory, Announcer announcer, Limits limits) {
        this.rest = new FlinkRest(url);
        this.url = url;
        this.kafka = kafka;
        this.memory = memory;
        this.announcer = announcer;
        this.limits = limits;
        this.ownership = new RunOwnership(rest, url, kafka, limits.told());
        this.snapshots = new SnapshotChoice(rest);
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
                    new FlinkJobs(before, kafka, new RememberedSnapshots(data), announcer).requireNone(home);
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
                if (!run.hasEnded() && JobProgram.isOnCluster(run.name()) && ownership.isOurs(run)) {
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
        String jarDigest = job.jarDigest();
        Optional<FlinkRest.Run> live = live(job);
        if (live.isPresent() && ENDING.contains(live.get().status())) {
            awaitEnd(live.get().id());
            live = live(job);
        }
        if (live.isPresent() && isOfNow(live.get(), job, jarDigest)) {
            return use(job, live.get().id(), started);
        }
        Origin origin = live.isPresent() ? replace(job, live.get().id()) : afterEnd(job);
        if (live.isEmpty() && rest.overview().freeSlots() < job.parallelism()) {
            announcer.busy("job %s waits for %d free slots on Flink".formatted(job.name(), job.parallelism()));
        }
        var upload = new Upload(rest.upload(job.jar()), jarDigest);
        try {
            return run(job, upload, origin, started);
        } finally {
            forget(upload.jar());
        }
    }

    /** Returns whether a run has the jar and the settings of now. */
    private boolean isOfNow(FlinkRest.Run run, ClusterJob job, String jarDigest)
            throws FlinkRestException, InterruptedException {
        Map<String, String> parameters = ownership.parameters(run);
        return jarDigest.equals(parameters.get(JAR_PARAMETER))
                && job.settingsDigest().equals(parameters.get(RunParameters.SETTINGS));
    }

    private Origin replace(ClusterJob job, JobID live) throws FlinkRestException, InterruptedException {
        Optional<FlinkRest.Snapshot> snapshot = stop(job, live);
        snapshot.ifPresent(state -> memory.remember(job.name(), state));
        return new Origin("is replaced, its jar or settings being others now, and goes on", snapshot, live);
    }

    private Origin afterEnd(ClusterJob job) throws FlinkRestException, InterruptedException {
        List<FlinkRest.Run> ended = runs(job).filter(FlinkRest.Run::hasEnded).toList();
        JobID previous = ended.isEmpty() ? null : ended.get(0).id();
        Optional<FlinkRest.Snapshot> known = snapshots.newest(ended);
        return known.isPresent()
                ? new Origin("goes on", known, previous)
                : new Origin("is forgotten by Flink and goes on", memory.of(job.name()), previous);
    }

    private void forget(String jar) throws InterruptedException {
        try {
            rest.deleteJar(jar);
        } catch (FlinkRestException e) {
            LOGGER.atInfo().addKeyValue("jar", jar).setCause(e).log("jar is left on the cluster");
        }
    }

    private RunningJob run(ClusterJob job, Upload upload, Origin origin, long started)
            throws FlinkRestException, InterruptedException {
        if (origin.snapshot().isEmpty()) {
            return begin(job, upload, origin.previous(), "starts", "Flink knows no checkpoint of it", started);
        }
        FlinkRest.Snapshot snapshot = origin.snapshot().get();
        Optional<JobID> own = submit(job, upload, snapshot.path(), origin.previous());
        if (own.isEmpty()) {
            return useOthers(job, upload, started);
        }
        JobID id = own.get();
        Optional<String> damage = awaitRunning(job, id, true);
        if (damage.isPresent()) {
            end(id);
            announcer.warn(
                    "job %s cannot be restored from %s: %s".formatted(job.name(), snapshot.path(), damage.get()));
            return begin(job, upload, id, "rebuilds", "no checkpoint can be restored", started);
        }
        memory.remember(job.name(), snapshot);
        String from = "%s of %s".formatted(snapshot.path(), snapshot.takenAt().truncatedTo(ChronoUnit.SECONDS));
        announcer.ok("job %s %s from %s".formatted(job.name(), origin.verb(), from), started);
        return new RunningJob(job.name(), id, "started from " + from);
    }

    private RunningJob begin(
            ClusterJob job, Upload upload, @Nullable JobID previous, String verb, String why, long started)
            throws FlinkRestException, InterruptedException {
        Optional<JobID> own = submit(job, upload, null, previous);
        if (own.isEmpty()) {
            return useOthers(job, upload, started);
        }
        memory.forget(job.name());
        awaitRunning(job, own.get(), false);
        announcer.ok("job %s %s from the beginning (%s)".formatted(job.name(), verb, why), started);
        return new RunningJob(job.name(), own.get(), "started from the beginning (%s)".formatted(why));
    }

    private RunningJob use(ClusterJob job, JobID id, long started) throws FlinkRestException, InterruptedException {
        awaitRunning(job, id, false);
        announcer.ok("job %s runs on Flink already and is used as it is".formatted(job.name()), started);
        return new RunningJob(job.name(), id, "found running");
    }

    /** Uses the run that another process has started while this one was about to. */
    private RunningJob useOthers(ClusterJob job, Upload upload, long started)
            throws FlinkRestException, InterruptedException {
        FlinkRest.Run other = live(job)
                .orElseThrow(() -> new StartException(
                        "job %s was started on Flink at %s by another process at the same time, and has ended since"
                                .formatted(job.name(), url)));
        if (!isOfNow(other, job, upload.digest())) {
            throw new StartException(
                    "job %s was started on Flink at %s by another process at the same time, from another jar or with other settings: the run %s is left as it is. Only one `up` can use a Kafka"
                            .formatted(job.name(), url, other.id()));
        }
        announcer.busy("job %s was started by another process at the same time".formatted(job.name()));
        return use(job, other.id(), started);
    }

    /** Starts a run under the next id that the cluster has not had; nothing if another process has started one. */
    private Optional<JobID> submit(ClusterJob job, Upload upload, @Nullable String snapshot, @Nullable JobID previous)
            throws FlinkRestException, InterruptedException {
        Map<String, String> configuration = Map.of(
                PARAMETERS_KEY,
                "%s:%s,%s:%s".formatted(RunOwnership.KAFKA, kafka.id(), JAR_PARAMETER, upload.digest()));
        JobID id = next(job, previous);
        while (true) {
            try {
                rest.run(
                        upload.jar(),
                        new FlinkRest.Start(
                                id, job.main(), job.arguments(), job.parallelism(), snapshot, configuration));
                return Optional.of(id);
            } catch (FlinkRestException e) {
                if (!e.isDuplicateRun()) {
                    throw e;
                }
            }
            if (goesOn(id) || live(job).isPresent()) {
                return Optional.empty();
            }
            id = next(job, id);
        }
    }

    private boolean goesOn(JobID id) throws FlinkRestException, InterruptedException {
        long deadline = System.nanoTime() + LISTED_LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            Optional<FlinkRest.Run> run = rest.run(id);
            if (run.isPresent()) {
                return !run.get().hasEnded();
            }
            pause();
        }
        return false;
    }

    private JobID next(ClusterJob job, @Nullable JobID previous) throws FlinkRestException, InterruptedException {
        Object before = previous == null ? life() : previous;
        byte[] digest = Sha256.of("%s/%s/%s".formatted(kafka.id(), job.name(), before));
        return JobID.fromByteArray(Arrays.copyOf(digest, ID_BYTES));
    }

    /** Returns what tells a job manager from those before it, which may have had runs that it does not know. */
    private String life() throws FlinkRestException, InterruptedException {
        String directory = rest.configuration().get(LIFE_KEY);
        return directory == null ? UUID.randomUUID().toString() : directory;
    }

    /**
     * Returns why the state of a run can never be restored; nothing when all its tasks run.
     *
     * @param restores whether it starts with state, which can be given up
     * @throws StartException if it has ended for another reason, or waits for something, which may yet come: the run is
     *     left as it is
     */
    private Optional<String> awaitRunning(ClusterJob job, JobID id, boolean restores)
            throws FlinkRestException, InterruptedException {
        long deadline = System.nanoTime() + limits.running().toNanos();
        List<FlinkRest.Failure> failures = List.of();
        while (System.nanoTime() - deadline < 0) {
            Optional<FlinkRest.Run> run = rest.run(id);
            // it may take a moment until the list has it
            if (run.isPresent()) {
                if (run.get().status() == JobStatus.RUNNING && run.get().allTasksRun()) {
                    return Optional.empty();
                }
                boolean ended = run.get().hasEnded();
                if (ended) {
                    snapshots.awaitEndTold(id);
                }
                failures = rest.failures(id);
                List<FlinkRest.Failure> damages = failures.stream()
                        .filter(FlinkRest.Failure::concernsState)
                        .toList();
                if (restores && damages.size() >= (ended ? 1 : TRIES)) {
                    return Optional.of(damages.get(0).reason());
                }
                if (ended) {
                    throw new StartException("job %s does not start on Flink at %s: its run %s has ended, %s"
                            .formatted(
                                    job.name(),
                                    url,
                                    id,
                                    reason(failures, run.get().status().name())));
                }
            }
            pause();
        }
        throw new StartException(
                "not all tasks of the job %s on Flink at %s run after %d s: %s. Its run %s is left there, and the next `up` uses it."
                        .formatted(
                                job.name(),
                                url,
                                limits.running().toSeconds(),
                                reason(failures, "are there free slots?"),
                                id));
    }

    private static String reason(List<FlinkRest.Failure> failures, String other) {
        return failures.isEmpty() ? other : failures.get(0).reason();
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
        return snapshots.newest(id);
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

    /** Waits a moment before asking again. */
    static void pause() throws InterruptedException {
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
            if (run.name().equals(name) && ownership.isOurs(run)) {
                ours.add(run);
            }
        }
        return ours.build();
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

    /** Asks now and then: the cluster, if it ends and is not highly available, forgets what it knows. */
    @Override
    public void remember(RunningJob job) throws InterruptedException, IOException {
        long now = System.nanoTime();
        Long before = rememberedAt.get(job.name());
        if (before == null || now - before >= REMEMBER_INTERVAL.toNanos()) {
            rememberedAt.put(job.name(), now);
            rest.newestSnapshot(job.id()).ifPresent(snapshot -> memory.remember(job.name(), snapshot));
        }
    }

    /**
     * How long to wait.
     *
     * @param running until all tasks of a run do
     * @param told until a run says what it was started with
     */
    record Limits(Duration running, Duration told) {}

    /**
     * A jar on the cluster.
     *
     * @param jar its id there
     * @param digest of the jar
     */
    private record Upload(String jar, String digest) {}

    /**
     * What a new run follows.
     *
     * @param verb what becomes of the job, in words
     * @param snapshot its state
     * @param previous the run before; null if none is known
     */
    private record Origin(
            String verb,
            Optional<FlinkRest.Snapshot> snapshot,
            @Nullable JobID previous) {}
}
