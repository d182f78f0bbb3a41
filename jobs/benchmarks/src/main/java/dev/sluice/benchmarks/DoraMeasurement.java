package dev.sluice.benchmarks;

import dev.sluice.benchmarks.CatchUp.Run;
import dev.sluice.benchmarks.DeliveryHistory.Told;
import dev.sluice.benchmarks.Measurement.Procedure;
import dev.sluice.dorajob.DoraJob;
import dev.sluice.dorajob.DoraJobConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The dora-job and an identity job in turn over the same topic. A smaller history with more commits for each deployment
 * comes first: it warms up both, and from the two sizes of state follows what a deployment and a commit take.
 */
final class DoraMeasurement implements Procedure {
    private static final long SEED = 42;
    private static final int EVENTS = 240_000;
    private static final int WARM_UP_EVENTS = 120_000;
    private static final int FEW_COMMITS = 2;
    private static final int MANY_COMMITS = 8;

    @Override
    public List<Figure> measure(Scale scale, Path directory) throws Exception {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        Told many = DeliveryHistory.of(SEED, scale.count(WARM_UP_EVENTS), MANY_COMMITS, yesterday);
        Run warm;
        try (CatchUp catchUp = CatchUp.over(many.events(), Files.createDirectory(directory.resolve("warm-up")))) {
            identity(catchUp);
            warm = dora(catchUp, many);
        }
        Told few = DeliveryHistory.of(SEED + 1, scale.count(EVENTS), FEW_COMMITS, yesterday);
        var doraPerSecond = new ArrayList<Double>();
        var identityPerSecond = new ArrayList<Double>();
        var doraRuns = new ArrayList<Run>();
        var identityRuns = new ArrayList<Run>();
        try (CatchUp catchUp = CatchUp.over(few.events(), Files.createDirectory(directory.resolve("measured")))) {
            for (int round = 0; round < scale.times(3); round++) {
                identityRuns.add(identity(catchUp));
                doraRuns.add(dora(catchUp, few));
            }
        }
        identityRuns.forEach(run -> identityPerSecond.add(run.eventsPerSecond()));
        doraRuns.forEach(run -> doraPerSecond.add(run.eventsPerSecond()));
        Run dora = doraRuns.get(0);
        Run identity = identityRuns.get(0);
        var size = new StateSize(few.attempts(), few.commits(), dora.stateBytes());
        var parts = StateSize.solve(new StateSize(many.attempts(), many.commits(), warm.stateBytes()), size);
        var measured = new Rounds(doraPerSecond);
        var compared = new Rounds(identityPerSecond);
        return List.of(
                Figure.of("events/s against the identity job's", measured.ratioTo(compared), "")
                        .within(Budget.atLeast(0.25)),
                Figure.of("events", measured.median(), "/s").within(Budget.atLeast(20_000)),
                Figure.of("events through the identity job", compared.median(), "/s"),
                Figure.count("events in the topic", few.events().size(), ""),
                Figure.of(
                        "size of an event",
                        (double) dora.bytesIn() / few.events().size(),
                        "B"),
                Figure.count("records written by the dora-job", dora.recordsOut(), ""),
                Figure.count("records written by the identity job", identity.recordsOut(), ""),
                Figure.count("bytes written by the dora-job", dora.bytesOut(), "B"),
                Figure.count("bytes written by the identity job", identity.bytesOut(), "B"),
                Figure.count("deployments", few.attempts(), ""),
                Figure.count("commits", few.commits(), ""),
                Figure.count("state (full checkpoint, heap backend)", dora.stateBytes(), "B"),
                Figure.of(
                        "state for each deployment with its commits", (double) dora.stateBytes() / few.attempts(), "B"),
                Figure.of("state of one deployment", parts.deployment(), "B"),
                Figure.of("state of one commit", parts.commit(), "B"));
    }

    private static Run identity(CatchUp catchUp) throws Exception {
        return catchUp.run(IdentityJob.NAME, environment -> {
            environment.setParallelism(CatchUp.PARALLELISM);
            IdentityJob.build(environment, catchUp.bootstrap(), KafkaTopics.PARTITIONS, CatchUp.OUTPUTS);
        });
    }

    private static Run dora(CatchUp catchUp, Told history) throws Exception {
        var config =
                new DoraJobConfig(catchUp.bootstrap(), KafkaTopics.PARTITIONS, CatchUp.PARALLELISM, ZoneOffset.UTC);
        Run run = catchUp.run(DoraJob.NAME, environment -> DoraJob.build(environment, config));
        if (run.facts() < history.attempts() + history.commits()) {
            throw new IllegalStateException("of " + history.attempts() + " deployments and " + history.commits()
                    + " commits there are " + run.facts() + " facts");
        }
        return run;
    }
}
