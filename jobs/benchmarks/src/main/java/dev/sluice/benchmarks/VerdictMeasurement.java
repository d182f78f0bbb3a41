package dev.sluice.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.sluice.benchmarks.Measurement.Procedure;
import dev.sluice.canaryjob.CanaryJob;
import dev.sluice.canaryjob.CanaryJobConfig;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.streams.JobOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;

/**
 * The canary-job while many runs are live, each of some ratios, by points that come once a second and buckets of a second: how
 * soon a verdict follows the points that complete its bucket, and whether verdicts keep up with them. Broker, job, the sender of
 * the points and the reader of the verdicts share this process.
 */
final class VerdictMeasurement implements Procedure {
    /** How many (run, metric) are live. */
    static final int KEYS = 10_000;

    static final String KEYS_PROPERTY = "sluice.keys";

    private static final int METRICS = 10;
    private static final int PARALLELISM = 2;
    private static final int WARM_UP_SECONDS = 90;
    private static final int MEASURED_SECONDS = 60;
    private static final int LAST_THIRD = 2;
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double MEBIBYTE = 1 << 20;
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    /** For so long verdicts are waited for after the last point. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int keys;

    /**
     * Creates the measurement.
     *
     * @param keys how many (run, metric) are live in a full run
     */
    VerdictMeasurement(int keys) {
        this.keys = keys;
    }

    /** Returns how many keys this process was told of. */
    static int keys() {
        return Integer.getInteger(KEYS_PROPERTY, KEYS);
    }

    @Override
    public List<Figure> measure(Scale scale, Path directory) throws Exception {
        var schedule = new LiveSchedule(Math.max(1, scale.count(keys) / METRICS));
        List<String> metrics = IntStream.range(0, METRICS)
                .mapToObj(metric -> "errors-" + metric)
                .toList();
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")))) {
            String kafka = broker.bootstrapServers();
            var topics = new KafkaTopics(kafka);
            topics.createAll();
            try (var flink = FlinkCluster.start(PARALLELISM, directory.resolve("checkpoints"));
                    var runs = new LiveRuns(kafka, schedule, metrics);
                    var verdicts = new VerdictReader(topics)) {
                var config = CanaryJobConfig.of(kafka, KafkaTopics.PARTITIONS).withParallelism(PARALLELISM);
                JobID job = flink.submit(
                        CanaryJob.NAME, JobOptions.CHECKPOINT_INTERVAL, env -> CanaryJob.build(env, config));
                flink.awaitRunning(job);
                runs.begin(Instant.now());
                verdicts.awaitRuns(schedule.runs(), READY_LIMIT);
                Seen seen = measure(scale, schedule, runs, verdicts);
                return figures(schedule.runs(), seen, flink.checkpointBytes(job));
            }
        }
    }

    private static Seen measure(Scale scale, LiveSchedule schedule, LiveRuns runs, VerdictReader verdicts)
            throws ExecutionException, InterruptedException, TimeoutException {
        Duration warmUp = scale.seconds(WARM_UP_SECONDS).truncatedTo(ChronoUnit.SECONDS);
        Duration measured = scale.seconds(MEASURED_SECONDS).truncatedTo(ChronoUnit.SECONDS);
        Duration end = warmUp.plus(measured);
        var times = new VerdictTimes(schedule, warmUp.toNanos(), end.toNanos());
        Instant now = Instant.now();
        Instant begin = now.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        long beginNanos = System.nanoTime() + Duration.between(now, begin).toNanos();
        var sender = Side.start("sender", () -> {
            runs.send(begin, beginNanos, end.toSeconds());
            return 0L;
        });
        var reader = Side.start(
                "reader",
                () -> verdicts.read(times, beginNanos, end.plus(PATIENCE).toNanos()));
        sleepUntil(beginNanos + warmUp.toNanos());
        Cpu before = Cpu.of(sender, reader);
        sleepUntil(beginNanos + end.toNanos());
        Cpu cpu = Cpu.of(sender, reader).minus(before);
        sender.await();
        long unseen = reader.await();
        return new Seen(times, measured, unseen, runs.late(), cpu);
    }

    private static void sleepUntil(long nanos) {
        for (long wait = nanos - System.nanoTime(); wait > 0; wait = nanos - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }

    private static List<Figure> figures(int runs, Seen seen, long stateBytes) {
        VerdictTimes times = seen.times();
        Latencies latencies = times.sinceCompletion();
        double due = times.completedInWindow();
        double judged = times.judgedInWindow();
        double seconds = seen.measured().toSeconds();
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return List.of(
                Figure.of("buckets judged against those that were completed", judged / due, "")
                        .within(Budget.atLeast(0.99)),
                Figure.of(
                                "points that complete a bucket due until its verdict, p99",
                                latencies.percentileMillis(P99),
                                "ms")
                        .within(Budget.atMost(1000)),
                Figure.of("the same, p50", latencies.percentileMillis(MEDIAN), "ms"),
                Figure.of("the same, longest", latencies.percentileMillis(1), "ms"),
                Figure.of(
                        "the same, p99 in the last third",
                        times.sinceCompletion(LAST_THIRD).percentileMillis(P99),
                        "ms"),
                Figure.of(
                        "the same, p50 in the last third less in the first",
                        times.sinceCompletion(LAST_THIRD).percentileMillis(MEDIAN)
                                - times.sinceCompletion(0).percentileMillis(MEDIAN),
                        "ms"),
                Figure.of(
                        "end of a bucket until its verdict, p50",
                        times.sinceEnd().percentileMillis(MEDIAN),
                        "ms"),
                Figure.of(
                        "end of a bucket until its verdict, p99",
                        times.sinceEnd().percentileMillis(P99),
                        "ms"),
                Figure.count("live (run, metric) keys", (long) runs * METRICS, ""),
                Figure.count("live runs", runs, ""),
                Figure.of("buckets of a metric judged", judged * METRICS / seconds, "/s"),
                Figure.count("buckets of a metric never judged", seen.unseen() * METRICS, ""),
                Figure.of("points sent late, p99", seen.late().percentileMillis(P99), "ms"),
                Figure.of(
                        "CPU of job and broker, of one core",
                        seen.cpu().others() / NANOS_PER_SECOND / seconds * 100,
                        "%"),
                Figure.of(
                        "CPU of sender and reader, of one core",
                        seen.cpu().sides() / NANOS_PER_SECOND / seconds * 100,
                        "%"),
                Figure.of(
                        "CPU of a bucket of a metric (job and broker)",
                        seen.cpu().others() / NANOS_PER_MICRO / (judged * METRICS),
                        "µs"),
                Figure.of("state of a (run, metric)", (double) stateBytes / runs / METRICS, "B"),
                Figure.of(
                        "heap in use after a collection",
                        memory.getHeapMemoryUsage().getUsed() / MEBIBYTE,
                        "MiB"),
                Figure.of("heap at most", memory.getHeapMemoryUsage().getMax() / MEBIBYTE, "MiB"));
    }

    private record Seen(VerdictTimes times, Duration measured, long unseen, Latencies late, Cpu cpu) {}

    /** CPU time, in nanoseconds: of the sender and the reader, and of all else in this process. */
    private record Cpu(long sides, long others) {
        static Cpu of(Side one, Side other) {
            var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long sides = one.cpuNanos() + other.cpuNanos();
            return new Cpu(sides, system.getProcessCpuTime() - sides);
        }

        Cpu minus(Cpu before) {
            return new Cpu(sides - before.sides, others - before.others);
        }
    }

    /** Something that is done beside what is measured, in a thread of which the CPU time is known. */
    private record Side(Thread thread, FutureTask<Long> task, AtomicLong cpuAtEnd) {
        static Side start(String name, Callable<Long> work) {
            var cpuAtEnd = new AtomicLong();
            var task = new FutureTask<>(() -> {
                long result = work.call();
                cpuAtEnd.set(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
                return result;
            });
            var thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
            return new Side(thread, task, cpuAtEnd);
        }

        long cpuNanos() {
            long nanos = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
            return nanos >= 0 ? nanos : cpuAtEnd.get();
        }

        long await() throws ExecutionException, InterruptedException, TimeoutException {
            return task.get(Procedure.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
