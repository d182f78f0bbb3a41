package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.simulation.Deletions;
import dev.sluice.simulation.History;
import dev.sluice.simulation.HistoryGenerator;
import dev.sluice.simulation.OracleComparison;
import dev.sluice.simulation.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long histories through the operators of the job, which all are restarted at some event. */
@SuppressWarnings("try") // Flink's harness declares Exception on close
class StagesOracleTest {
    private static final int EVENTS = 2000;
    private static final int EVENTS_A_PUBLICATION = 20;
    /** From the first start to the second, which is the moment that is asked about. */
    private static final Duration UP = Duration.ofDays(30);

    @AfterAll
    static void enoughWasThereToBeCompared() {
        OracleComparison.assertEnoughWasCompared();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(2001, 2001);
    }

    static LongStream moreSeeds() {
        return LongStream.rangeClosed(2002, 2200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreeWithTheOracle_andForgetWhatIsDeleted(long seed) throws Exception {
        History history = HistoryGenerator.of(seed, EVENTS);
        for (List<DeliveryEvent> events :
                List.of(history.inOrder(), history.shuffled(seed), history.delivered(seed * 31))) {
            agreesWithTheOracle(history, events);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("moreSeeds")
    @Tag("soak")
    void agreeWithTheOracle_andForgetWhatIsDeleted_inManyMoreHistories(long seed) throws Exception {
        agreeWithTheOracle_andForgetWhatIsDeleted(seed);
    }

    private static void agreesWithTheOracle(History history, List<DeliveryEvent> events) throws Exception {
        var random = new Random(history.seed());
        int restart = 1 + random.nextInt(events.size() - 1);
        int firstPublication = random.nextInt(restart);
        Instant started = history.end().minus(UP);
        try (var stages = StageHarnesses.start(started, random)) {
            for (int i = 0; i < events.size(); i++) {
                if (i == firstPublication) {
                    stages.progress(started);
                }
                if (i == restart) {
                    stages.restart(history.end());
                }
                stages.accept(events.get(i));
                if (random.nextInt(EVENTS_A_PUBLICATION) == 0) {
                    stages.publish();
                }
            }
            stages.progress(history.end());
            stages.rows().assertAgreeWithTheOracle(history, history.end());
            stages.rows().assertAreThoseOf(inMemory(events).emit(history.end()), "seed " + history.seed());

            forget(history, stages);
        }
    }

    private static Pipeline inMemory(List<DeliveryEvent> events) {
        var pipeline = new Pipeline(ZoneOffset.UTC);
        events.forEach(pipeline::accept);
        return pipeline;
    }

    private static void forget(History history, StageHarnesses stages) throws Exception {
        for (DeliveryEvent deletion : Deletions.of(history)) {
            stages.accept(deletion);
        }
        Instant deleted = history.end().plusSeconds(1);
        stages.progress(deleted);
        stages.progress(deleted.plus(DeliveryFunction.DELETED_FOR).plus(Duration.ofHours(1)));

        String seed = "seed " + history.seed();
        assertThat(stages.rows().keys()).as(seed).isEmpty();
        assertThat(stages.timers()).as("timers, %s", seed).isZero();
        assertThat(stages.stateBeside(
                        "nodes", "observations", "incident-observations", "pull-requests", "drift-words", "last-day"))
                .as(
                        "%s: all but commits, the words that took everything back, and the days of the last emissions",
                        seed)
                .isZero();
    }
}
