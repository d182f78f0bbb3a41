package dev.sluice.dora;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.REPOSITORY;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.delivery.PullRequestOwnership;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PullRequestStagesTest {
    private static Instant at(long millis) {
        return BEGINNING.plusMillis(millis);
    }

    private static PullRequestStages stages(
            long first, long ready, @Nullable Long reviewed, long merged, long finished) {
        var pullRequest = new PullRequestOwnership(
                SERVICE,
                ENVIRONMENT,
                REPOSITORY,
                "7",
                "d1",
                null,
                at(first),
                false,
                at(ready),
                reviewed == null ? null : at(reviewed),
                at(merged),
                null);
        return PullRequestStages.of(pullRequest, at(finished));
    }

    /** The end is at 100. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            nullValues = "-",
            value = {
                "in order                         , 10, 20,  40,  70, 10, 20, 30, 30, false, false",
                "all at once                      , 50, 50,  50,  50,  0,  0,  0, 50, false, false",
                "nobody reviewed it               , 10, 20,   -,  70, 10, 50,  0, 30, false, false",
                "ready before the first commit    , 30, 20,  40,  70,  0, 10, 30, 30, true , false",
                "reviewed before it was ready     , 10, 50,  40,  70, 40,  0, 20, 30, true , false",
                "ready after the merge            , 10, 80,   -,  70, 70,  0,  0, 20, true , false",
                "first commit after all but the end, 90, 20,  40,  70,  0,  0,  0, 10, true , false",
                "first commit at the end          , 100, 20, 40,  70,  0,  0,  0,  0, true , false",
                "merged at the end                , 10, 20,  40, 100, 10, 20, 60,  0, false, false",
                "merged after the end             , 10, 20,  40, 130, 10, 20, 60,  0, false, true ",
                "not reviewed and merged after the end, 10, 20,  -, 130, 10, 80,  0,  0, false, true ",
                "reviewed and merged after the end, 10, 20, 110, 130, 10, 80,  0,  0, false, true ",
                "ready after the end              , 10, 105, 110, 130, 90, 0,  0,  0, false, true ",
                "reviewed before ready and merged after the end, 10, 105, 40, 130, 90, 0, 0, 0, true, true",
                "ready after the end and merged before it, 10, 105, -, 70, 90,  0,  0,  0, true , false",
            })
    void boundariesAreKeptInOrder(
            String name,
            long first,
            long ready,
            @Nullable Long reviewed,
            long merged,
            long coding,
            long pickup,
            long review,
            long deploy,
            boolean clockSkew,
            boolean deployedBeforeMerge) {
        PullRequestStages stages = stages(first, ready, reviewed, merged, 100);

        assertThat(stages)
                .isEqualTo(new PullRequestStages(coding, pickup, review, deploy, clockSkew, deployedBeforeMerge));
        assertThat(stages.leadTimeMs()).isEqualTo(100 - first);
    }

    @Test
    void firstCommitAfterTheEndHasNoStages() {
        assertThatIllegalArgumentException().isThrownBy(() -> stages(101, 20, null, 70, 100));
    }

    @Test
    void stagesSumToTheLeadTime_whateverTheTimes() {
        for (long seed = 1; seed <= 1_000; seed++) {
            var random = new Random(seed);
            long first = random.nextInt(1_000);
            PullRequestStages stages = stages(
                    first,
                    random.nextInt(1_500),
                    random.nextBoolean() ? null : Long.valueOf(random.nextInt(1_500)),
                    random.nextInt(1_500),
                    1_000);
            assertThat(stages.leadTimeMs()).as("seed %d", seed).isEqualTo(1_000 - first);
            assertThat(Math.min(
                            Math.min(stages.codingMs(), stages.pickupMs()),
                            Math.min(stages.reviewMs(), stages.deployMs())))
                    .as("seed %d", seed)
                    .isNotNegative();
        }
    }
}
