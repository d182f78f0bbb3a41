package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static dev.sluice.delivery.PullRequestFixture.pullRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.delivery.PullRequestFixture.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PullRequestTest {
    private static Instant hour(int hours) {
        return BEGINNING.plusSeconds(3600L * hours);
    }

    private static Observation opened(int hour) {
        return pullRequest("7", PullRequestState.OPENED, hour(hour));
    }

    private static Observation ready(int hour) {
        return pullRequest("7", PullRequestState.READY, hour(hour));
    }

    private static Observation reviewed(int hour) {
        return pullRequest("7", PullRequestState.REVIEWED, hour(hour));
    }

    private static Observation merged(int hour) {
        return pullRequest("7", PullRequestState.MERGED, hour(hour)).mergeSha("merge");
    }

    private static Observation closed(int hour) {
        return pullRequest("7", PullRequestState.CLOSED, hour(hour));
    }

    private static Observation deleted(int hour) {
        return pullRequest("7", PullRequestState.DELETED, hour(hour));
    }

    private static Observation amended(int hour) {
        return pullRequest("7", PullRequestState.AMENDED, hour(hour)).revision(1);
    }

    private static PullRequest of(Observation... observations) {
        return PullRequest.of(
                Arrays.stream(observations).map(Observation::build).toList());
    }

    @Test
    void withoutAnObservationThereIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> PullRequest.of(List.of()));
    }

    // ---- ready

    @Test
    void isReadyWhenItIsOpened() {
        assertThat(of(opened(1), merged(5)).readyAt()).isEqualTo(hour(1));
    }

    @Test
    void draftIsReadyWhenItIsSaidTo() {
        PullRequest pullRequest = of(opened(1).draft(true), ready(4), ready(3), merged(5));

        assertThat(pullRequest.readyAt()).as("the first of two").isEqualTo(hour(3));
    }

    @Test
    void readyOutweighsAnOpeningThatSaysNothingOfADraft() {
        assertThat(of(opened(1), ready(3)).readyAt()).isEqualTo(hour(3));
    }

    @Test
    void draftThatNobodyCalledReadyIsReadyWhenItIsMerged() {
        assertThat(of(opened(1).draft(true)).readyAt()).isNull();
        assertThat(of(opened(1).draft(true), merged(5)).readyAt()).isEqualTo(hour(5));
    }

    @Test
    void draftThatIsClosedAndOpenedAgainAsNoneIsReadyThen() {
        assertThat(of(opened(1).draft(true), closed(2), opened(3).draft(false), merged(5))
                        .readyAt())
                .isEqualTo(hour(3));
    }

    @Test
    void mergeOfAPullRequestWhoseOpeningNobodyToldOfIsAllThatIsKnown() {
        assertThat(of(merged(5)).readyAt()).isEqualTo(hour(5));
    }

    @Test
    void draftIsWhatTheOpeningSays_notWhatItIsByALaterState() {
        assertThat(of(opened(1).draft(true), merged(5).draft(false)).readyAt()).isEqualTo(hour(5));
        assertThat(of(opened(1), reviewed(2).draft(true), merged(5)).readyAt()).isEqualTo(hour(1));
    }

    @Test
    void amendmentCorrectsWhetherItWasADraft() {
        assertThat(of(opened(1).draft(true), merged(5), amended(9).draft(false)).readyAt())
                .isEqualTo(hour(1));
    }

    // ---- review

    @Test
    void firstReviewIsTheEarliest() {
        assertThat(of(opened(1), reviewed(4), reviewed(2), merged(5)).firstReviewAt())
                .isEqualTo(hour(2));
    }

    @Test
    void reviewAfterTheMergeIsNone() {
        assertThat(of(opened(1), merged(5), reviewed(6)).firstReviewAt()).isNull();
        assertThat(of(opened(1), merged(5), reviewed(5)).firstReviewAt()).isEqualTo(hour(5));
    }

    // ---- end

    @Test
    void isMergedWhenItWasFirstSaidToBe() {
        PullRequest pullRequest = of(opened(1), merged(6), merged(5));

        assertThat(pullRequest.isMerged()).isTrue();
        assertThat(pullRequest.mergedAt()).isEqualTo(hour(5));
    }

    @Test
    void closedWithoutAMergeIsNotMerged() {
        PullRequest pullRequest = of(opened(1).headSha("head"), closed(5));

        assertThat(pullRequest.isMerged()).isFalse();
        assertThat(pullRequest.shas()).isEmpty();
    }

    @Test
    void sourceThatClosesWhatItMergesHasMergedIt() {
        assertThat(of(opened(1), merged(5), closed(6)).isMerged()).isTrue();
    }

    @Test
    void correctionTakesAMergeBack() {
        assertThat(of(opened(1), merged(5), closed(4).revision(1)).isMerged()).isFalse();
    }

    @Test
    void correctionMovesAMerge_andLeavesTheRest() {
        PullRequest pullRequest =
                of(opened(1), reviewed(2), merged(5), merged(7).revision(1));

        assertThat(pullRequest.mergedAt()).isEqualTo(hour(7));
        assertThat(pullRequest.readyAt()).isEqualTo(hour(1));
        assertThat(pullRequest.firstReviewAt()).isEqualTo(hour(2));
    }

    @Test
    void correctionMovesEachStateByItself() {
        PullRequest pullRequest = of(
                opened(2).draft(true),
                ready(3),
                reviewed(4),
                merged(5),
                opened(1).draft(true).revision(1),
                ready(4).revision(1),
                reviewed(5).revision(1));

        assertThat(pullRequest.readyAt()).isEqualTo(hour(4));
        assertThat(pullRequest.firstReviewAt()).isEqualTo(hour(5));
    }

    // ---- whether there is one

    @Test
    void deletedInTheHighestRevisionThereIsNone() {
        assertThat(of(opened(1), merged(5), deleted(6)).absent()).isTrue();
        assertThat(of(opened(1), merged(5), deleted(6)).isMerged()).isFalse();
        assertThat(of(deleted(1), merged(5).revision(1)).absent()).isFalse();
    }

    @Test
    void amendmentDoesNotBringADeletedOneBack() {
        assertThat(of(merged(5), deleted(6), amended(7)).absent()).isTrue();
    }

    @Test
    void amendmentsAloneShowNone() {
        assertThat(of(amended(1).mergeSha("merge")).absent()).isTrue();
        assertThat(of(amended(1).mergeSha("merge"), merged(5)).absent()).isFalse();
    }

    // ---- commits

    @Test
    void firstCommitIsTheLeastOfThoseThatAreListed() {
        assertThat(of(opened(3).commits(hour(2), hour(1)), merged(5).firstCommitAt(hour(0)))
                        .firstCommitAt())
                .isEqualTo(hour(1));
    }

    @Test
    void laterListReplacesAnEarlierOne() {
        assertThat(of(opened(3).commits(hour(1), hour(2)), merged(5).commits(hour(2)))
                        .firstCommitAt())
                .as("the first commit was dropped from the branch")
                .isEqualTo(hour(2));
    }

    @Test
    void emptyListSaysNothing() {
        assertThat(of(opened(3).commits(hour(1)), merged(5).commits()).firstCommitAt())
                .isEqualTo(hour(1));
        assertThat(of(merged(5).commits().firstCommitAt(hour(2))).firstCommitAt())
                .isEqualTo(hour(2));
    }

    @Test
    void statedFirstCommitCounts_whereNoneIsListed() {
        assertThat(of(opened(3), merged(5).firstCommitAt(hour(2))).firstCommitAt())
                .isEqualTo(hour(2));
        assertThat(of(opened(3), merged(5)).firstCommitAt()).isNull();
    }

    @Test
    void amendmentCorrectsTheFirstCommit() {
        assertThat(of(merged(5).commits(hour(1)), amended(0).firstCommitAt(hour(3)))
                        .firstCommitAt())
                .isEqualTo(hour(3));
    }

    @Test
    void mergeCommitAndHeadBringIt() {
        assertThat(of(opened(1).headSha("old"), merged(5).headSha("head")).shas())
                .containsExactly("merge", "head");
        assertThat(of(merged(5).headSha("merge")).shas()).containsExactly("merge");
        assertThat(of(pullRequest("7", PullRequestState.MERGED, hour(5)).headSha("head"))
                        .shas())
                .containsExactly("head");
    }

    // ---- values

    @Test
    void highestRevisionThatSaysSomethingWins_elseTheLatest() {
        PullRequest pullRequest = of(
                opened(1).title("first").headSha("a").cherryPickOf("3"),
                merged(5).title("second"),
                amended(0).title("corrected"));

        assertThat(pullRequest.title()).isEqualTo("corrected");
        assertThat(pullRequest.mergeSha()).isEqualTo("merge");
        assertThat(pullRequest.headSha()).isEqualTo("a");
        assertThat(pullRequest.cherryPickOf()).isEqualTo("3");
    }

    @Test
    void orderOfArrivalPlaysNoPart() {
        var observations = new ArrayList<>(List.of(
                opened(1).draft(true).title("a").commits(hour(0)).build(),
                ready(2).headSha("a").build(),
                ready(3).headSha("b").build(),
                reviewed(3).build(),
                reviewed(4).revision(1).build(),
                merged(5).eventId("one").title("b").build(),
                merged(5).eventId("other").mergeSha("c").title("c").build(),
                amended(9).firstCommitAt(hour(-1)).build()));
        PullRequest inOrder = PullRequest.of(observations);
        for (long seed = 1; seed <= 50; seed++) {
            Collections.shuffle(observations, new Random(seed));
            assertThat(PullRequest.of(observations)).as("seed %d", seed).isEqualTo(inOrder);
        }
    }
}
