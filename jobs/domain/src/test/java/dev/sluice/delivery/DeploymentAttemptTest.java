package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static dev.sluice.delivery.DeliveryFixture.observed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.delivery.DeliveryFixture.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeploymentAttemptTest {
    private static final Instant T1 = BEGINNING.plusSeconds(60);
    private static final Instant T2 = BEGINNING.plusSeconds(120);
    private static final Instant T3 = BEGINNING.plusSeconds(180);

    /** The attempt that the observations amount to, in whatever order they came. */
    private static DeploymentAttempt attempt(Observation... observations) {
        List<DeploymentObserved> built =
                Stream.of(observations).map(Observation::build).toList();
        DeploymentAttempt attempt = DeploymentAttempt.of(built);
        var shuffled = new ArrayList<>(built);
        for (int seed = 0; seed < 20; seed++) {
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(DeploymentAttempt.of(shuffled))
                    .as("order of arrival, seed %s", seed)
                    .isEqualTo(attempt);
        }
        return attempt;
    }

    private static Observation success(Instant at) {
        return observed("1", DeploymentState.SUCCESS, at);
    }

    private static Observation failure(Instant at) {
        return observed("1", DeploymentState.FAILURE, at);
    }

    private static Observation started(Instant at) {
        return observed("1", DeploymentState.STARTED, at);
    }

    @Test
    void needsAnObservation() {
        assertThatThrownBy(() -> DeploymentAttempt.of(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("observation");
    }

    @Test
    void isInProgressUntilAResultIsSeen() {
        DeploymentAttempt attempt = attempt(observed("1", DeploymentState.QUEUED, BEGINNING), started(T1));

        assertThat(attempt.result()).isEqualTo(AttemptResult.IN_PROGRESS);
        assertThat(attempt.finishedAt()).isNull();
        assertThat(attempt.queuedAt()).isEqualTo(BEGINNING);
        assertThat(attempt.startedAt()).isEqualTo(T1);
        assertThat(attempt.isSuccess()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = DeploymentState.class,
            names = {"SUCCESS", "FAILURE", "CANCELLED", "SKIPPED"})
    void endsWithATerminalState(DeploymentState state) {
        DeploymentAttempt attempt = attempt(started(BEGINNING), observed("1", state, T1));

        assertThat(attempt.result().name()).isEqualTo(state.name());
        assertThat(attempt.finishedAt()).isEqualTo(T1);
    }

    @Test
    void endsWithTheFirstOfRepeatedResults() {
        DeploymentAttempt attempt = attempt(success(T2), success(T1), success(T3));

        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.finishedAt()).isEqualTo(T1);
    }

    @Test
    void endsWithTheHighestRank_alsoWhereALowerOneSaysTheSameEarlier() {
        assertThat(attempt(success(T1).rank(1), success(T2).rank(5)).finishedAt())
                .isEqualTo(T2);
    }

    @Test
    void laterResultWins_failureThenSuccess() {
        DeploymentAttempt attempt = attempt(failure(T1), success(T2));

        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.finishedAt()).isEqualTo(T2);
    }

    @Test
    void repetitionAfterAnotherResultIsNoRepetition() {
        DeploymentAttempt attempt = attempt(success(T1), failure(T2), success(T3));

        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.finishedAt()).isEqualTo(T3);
    }

    @Test
    void rankDecidesBeforeTime() {
        DeploymentAttempt attempt = attempt(failure(T1).rank(3), success(T2).rank(2));

        assertThat(attempt.result()).isEqualTo(AttemptResult.FAILURE);
        assertThat(attempt.finishedAt()).isEqualTo(T1);
    }

    @Test
    void idDecidesBetweenResultsOfTheSameMoment() {
        assertThat(attempt(failure(T1).eventId("b"), success(T1).eventId("a")).result())
                .isEqualTo(AttemptResult.FAILURE);
        assertThat(attempt(failure(T1).eventId("a"), success(T1).eventId("b")).result())
                .isEqualTo(AttemptResult.SUCCESS);
    }

    @Test
    void higherRevisionWinsOverRankAndTime() {
        DeploymentAttempt attempt = attempt(
                success(T3).rank(9).version("1"), failure(T1).revision(1).version("2"));

        assertThat(attempt.result()).isEqualTo(AttemptResult.FAILURE);
        assertThat(attempt.finishedAt()).isEqualTo(T1);
        assertThat(attempt.version()).isEqualTo("2");
    }

    @Test
    void resultOfHigherRevisionIsNoRepetitionOfALowerOne() {
        assertThat(attempt(success(T1), success(T2).revision(1)).finishedAt()).isEqualTo(T2);
    }

    @Test
    void keepsWhatTheHigherRevisionDoesNotSay() {
        DeploymentAttempt attempt = attempt(
                started(BEGINNING),
                success(T1).version("1").sha("a").digest("sha256:1"),
                started(T2).revision(1).version("2"));

        assertThat(attempt.version()).isEqualTo("2");
        assertThat(attempt.sha()).isEqualTo("a");
        assertThat(attempt.digest()).isEqualTo("sha256:1");
        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.startedAt())
                .as("the higher revision says when it started")
                .isEqualTo(T2);
    }

    @Test
    void beginsWithTheLeastStart() {
        DeploymentAttempt attempt = attempt(started(T2), success(T3).startedAt(T1), started(T3));

        assertThat(attempt.startedAt()).isEqualTo(T1);
        assertThat(attempt.openedAt()).isEqualTo(T1);
    }

    @Test
    void opensWithItsFirstSign() {
        assertThat(attempt(success(T3).startedAt(T2).queuedAt(T1)).openedAt()).isEqualTo(T1);
        assertThat(attempt(success(T3).startedAt(T2).queuedAt(T1), observed("1", DeploymentState.INACTIVE, BEGINNING))
                        .openedAt())
                .isEqualTo(BEGINNING);
    }

    @Test
    void isInactive_onlyByAWordThatIsNeitherBeforeItsEndNorCorrected() {
        assertThat(attempt(success(T2)).inactive()).isFalse();
        assertThat(attempt(success(T2), observed("1", DeploymentState.INACTIVE, T2))
                        .inactive())
                .isTrue();
        assertThat(attempt(success(T2), observed("1", DeploymentState.INACTIVE, T3))
                        .inactive())
                .isTrue();
        assertThat(attempt(success(T2), observed("1", DeploymentState.INACTIVE, T1))
                        .inactive())
                .as("before it was deployed")
                .isFalse();
        assertThat(attempt(success(T2).revision(1), observed("1", DeploymentState.INACTIVE, T3))
                        .inactive())
                .as("corrected")
                .isFalse();
        assertThat(attempt(
                                success(T2).revision(1),
                                observed("1", DeploymentState.INACTIVE, T3).revision(1))
                        .inactive())
                .isTrue();
    }

    @Test
    void beingReplacedDoesNotJudgeIt() {
        DeploymentAttempt attempt =
                attempt(success(T1), observed("1", DeploymentState.INACTIVE, T3).rank(9));

        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.finishedAt()).isEqualTo(T1);
    }

    @Test
    void isGone_whereItWasDeleted() {
        DeploymentAttempt attempt = attempt(success(T2), observed("1", DeploymentState.DELETED, T1));

        assertThat(attempt.deleted()).isTrue();
        assertThat(attempt.isSuccess()).isFalse();
    }

    @Test
    void correctionAfterADeletionBringsItBack() {
        DeploymentAttempt attempt =
                attempt(observed("1", DeploymentState.DELETED, T1), success(T2).revision(1));

        assertThat(attempt.deleted()).isFalse();
        assertThat(attempt.isSuccess()).isTrue();
    }

    @Test
    void timesOutAfter24Hours() {
        DeploymentAttempt attempt = attempt(started(T1), observed("1", DeploymentState.QUEUED, BEGINNING));
        Instant deadline = BEGINNING.plus(Duration.ofHours(24));

        assertThat(attempt.timesOutAt()).isEqualTo(deadline);
        assertThat(attempt.at(deadline.minusMillis(1))).isEqualTo(attempt);
        assertThat(attempt.at(deadline).result()).isEqualTo(AttemptResult.TIMED_OUT);
        assertThat(attempt.at(deadline).finishedAt()).isEqualTo(deadline);
        assertThat(attempt.at(deadline.plus(Duration.ofDays(30))).finishedAt()).isEqualTo(deadline);
    }

    @Test
    void doesNotTimeOut_whereItHasAResult() {
        DeploymentAttempt attempt = attempt(started(BEGINNING), failure(BEGINNING.plus(Duration.ofHours(30))));

        assertThat(attempt.at(BEGINNING.plus(Duration.ofDays(9)))).isEqualTo(attempt);
    }

    @Test
    void isKnownByVersionAndCommit_orByDigestWhereThereIsNeither() {
        assertThat(attempt(success(T1).version("v1").sha("a").digest("sha256:1"))
                        .names())
                .containsExactly("version v1", "sha a");
        assertThat(attempt(success(T1).sha("v1").digest("sha256:1")).names()).containsExactly("sha v1");
        assertThat(attempt(success(T1).digest("sha256:1")).names()).containsExactly("digest sha256:1");
        assertThat(attempt(success(T1)).names()).isEmpty();
    }
}
