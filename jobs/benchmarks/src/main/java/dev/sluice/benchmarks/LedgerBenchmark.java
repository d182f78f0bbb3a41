package dev.sluice.benchmarks;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.Parentage;
import dev.sluice.simulation.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What one more deployment costs (a commit, an observation, the rows that follow) after a month, a year and five years of
 * history with ten deployments a day. The budget: a year costs at most 1.2 times a month.
 *
 * <p>Each iteration plays the history anew and then measures ten days of deployments: few enough that the history stays as
 * long as it says.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = LedgerBenchmark.WARMUP)
@Measurement(iterations = LedgerBenchmark.MEASURED)
public class LedgerBenchmark {
    static final int WARMUP = 10;
    static final int MEASURED = 40;

    private static final int DEPLOYMENTS_A_DAY = 10;
    private static final int MEASURED_DEPLOYMENTS = 100;
    /** Enough for the compiler, so that a long history is not ahead because it has run the code more often. */
    private static final int COMPILING_DEPLOYMENTS = 4_000;

    private static final Instant BEGINNING = Instant.parse("2020-01-01T00:00:00Z");

    /** Days of history before the measurement. */
    @Param({"30", "365", "1825"})
    public int historyDays;

    private Pipeline pipeline = new Pipeline(ZoneOffset.UTC);
    private int next;

    /** Runs the code until it is compiled, the same for each length of history. */
    @Setup(Level.Trial)
    public void compile(Blackhole blackhole) {
        for (int i = 0; i < COMPILING_DEPLOYMENTS; i++) {
            deploy();
            blackhole.consume(pipeline.emit(now()));
        }
    }

    /** Plays the history. */
    @Setup(Level.Iteration)
    public void play() {
        pipeline = new Pipeline(ZoneOffset.UTC);
        next = 0;
        while (next < historyDays * DEPLOYMENTS_A_DAY) {
            deploy();
        }
        pipeline.emit(now());
    }

    /** More deployments, each of one more commit, and the rows that follow from each. */
    @Benchmark
    @OperationsPerInvocation(MEASURED_DEPLOYMENTS)
    public void moreDeployments(Blackhole blackhole) {
        for (int i = 0; i < MEASURED_DEPLOYMENTS; i++) {
            deploy();
            blackhole.consume(pipeline.emit(now()));
        }
    }

    private void deploy() {
        Instant at = now();
        List<String> parents = next == 0 ? List.of() : List.of("sha-" + (next - 1));
        pipeline.accept(new CommitRecorded(
                header("c" + next, at),
                "acme/checkout",
                "sha-" + next,
                parents,
                Parentage.EXPLICIT,
                at.minus(Duration.ofHours(5)),
                null,
                List.of(),
                null));
        pipeline.accept(new DeploymentObserved(
                header("d" + next, at),
                DeploymentObserved.deploymentId("benchmark", Integer.toString(next)),
                "checkout",
                "production",
                DeploymentState.SUCCESS,
                0,
                0,
                null,
                null,
                "v" + next,
                "acme/checkout",
                "sha-" + next,
                null,
                null,
                null,
                null,
                null,
                null));
        next++;
    }

    private Instant now() {
        return BEGINNING.plus(Duration.ofDays(1).dividedBy(DEPLOYMENTS_A_DAY).multipliedBy(next));
    }

    private static EventHeader header(String id, Instant at) {
        return new EventHeader(id, "default", "benchmark", "d-0-0", at, at);
    }
}
