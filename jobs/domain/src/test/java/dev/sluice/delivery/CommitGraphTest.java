package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.REPOSITORY;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.commit;
import static dev.sluice.delivery.DeliveryFixture.touching;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitGraphTest {
    private static final String NONE = "none";

    private final CountingTable<String, CommitNode> nodes = new CountingTable<>();
    private final CountingTable<String, DeployedHead> heads = new CountingTable<>();
    private final CommitGraph graph = new CommitGraph(REPOSITORY, nodes, heads);
    private final Map<String, CommitOwnership> latest = new HashMap<>();
    private List<CommitOwnership> changed = List.of();

    private void record(CommitRecorded commit) {
        keep(graph.record(commit));
    }

    private void deploy(String id, String sha, int minute) {
        deploy(id, SERVICE, ENVIRONMENT, sha, minute);
    }

    private void deploy(String id, String service, String environment, String sha, int minute) {
        keep(graph.deploy(new DeployedHead(id, service, environment, sha, at(minute))));
    }

    private void withdraw(String id) {
        keep(graph.withdraw(DeployedHead.key(id, SERVICE, ENVIRONMENT)));
    }

    private void keep(List<CommitOwnership> ownerships) {
        changed = ownerships;
        ownerships.forEach(owned -> latest.put(owned.service() + "/" + owned.environment() + "/" + owned.sha(), owned));
    }

    /** The owner of each commit of the series that has ever had one. */
    private Map<String, String> owners(String service, String environment) {
        String prefix = service + "/" + environment + "/";
        Map<String, String> owners = new TreeMap<>();
        latest.forEach((key, owned) -> {
            if (key.startsWith(prefix)) {
                String owner = owned.deploymentId();
                owners.put(owned.sha(), owner == null ? NONE : owner);
            }
        });
        return owners;
    }

    private Map<String, String> owners() {
        return owners(SERVICE, ENVIRONMENT);
    }

    private CommitOwnership ownership(String sha) {
        CommitOwnership owned = latest.get(SERVICE + "/" + ENVIRONMENT + "/" + sha);
        assertThat(owned).as("ownership of %s", sha).isNotNull();
        return requireNonNull(owned);
    }

    private static Instant at(int minute) {
        return BEGINNING.plusSeconds(60L * minute);
    }

    /** c1 <- c2 <- … <- c{length}. */
    private void line(int length) {
        for (int i = 1; i <= length; i++) {
            record(i == 1 ? commit("c1", at(1)) : commit("c" + i, at(i), "c" + (i - 1)));
        }
    }

    @Test
    void deploymentOwnsWhatIsReachableAndNew() {
        line(5);
        deploy("d1", "c2", 100);
        deploy("d2", "c5", 200);

        assertThat(owners())
                .containsExactly(
                        Map.entry("c1", "d1"),
                        Map.entry("c2", "d1"),
                        Map.entry("c3", "d2"),
                        Map.entry("c4", "d2"),
                        Map.entry("c5", "d2"));
    }

    @Test
    void tellsOnlyWhatChanged() {
        line(5);
        deploy("d1", "c2", 100);
        deploy("d2", "c5", 200);

        assertThat(changed).extracting(CommitOwnership::sha).containsExactlyInAnyOrder("c3", "c4", "c5");
    }

    @Test
    void ownershipSaysWhatIsKnownOfTheCommit() {
        line(2);
        deploy("d1", "c2", 100);

        assertThat(ownership("c2"))
                .isEqualTo(new CommitOwnership(
                        SERVICE, ENVIRONMENT, REPOSITORY, "c2", "d1", at(2), false, Parentage.EXPLICIT, List.of()));
    }

    @Test
    void commitIsElsewhere_whereItIsKnownToTouchOtherServicesOnly() {
        record(commit("c1", at(1)));
        record(touching(List.of("other"), "c2", at(2), "c1"));
        record(touching(List.of(SERVICE, "other"), "c3", at(3), "c2"));
        record(touching(List.of(), "c4", at(4), "c3"));
        deploy("d1", "c4", 100);

        assertThat(List.of("c1", "c2", "c3", "c4"))
                .extracting(sha -> ownership(sha).elsewhere())
                .containsExactly(false, true, false, true);
    }

    @Test
    void twoWordsOnWhatACommitTouches_areJoined_whicheverCameFirst() {
        CommitRecorded one = touching(List.of("other"), "c1", at(1));
        CommitRecorded another = touching(List.of(SERVICE), "c1", at(1));
        record(one);
        deploy("d1", "c1", 100);
        assertThat(ownership("c1").elsewhere()).isTrue();

        record(another);
        assertThat(ownership("c1").elsewhere()).isFalse();
        record(one);
        record(commit("c1", at(1)));
        assertThat(ownership("c1").elsewhere()).as("nothing is forgotten").isFalse();
    }

    /** base <- left, base <- right, (left, right) <- merge. */
    private void diamond() {
        record(commit("base", at(1)));
        record(commit("left", at(2), "base"));
        record(commit("right", at(3), "base"));
        record(commit("merge", at(4), "left", "right"));
    }

    @Test
    void mergeBringsTheOtherBranch() {
        diamond();
        deploy("d1", "left", 100);
        deploy("d2", "merge", 200);

        assertThat(owners())
                .containsExactly(
                        Map.entry("base", "d1"),
                        Map.entry("left", "d1"),
                        Map.entry("merge", "d2"),
                        Map.entry("right", "d2"));
        assertThat(ownership("merge").merge()).isTrue();
        assertThat(ownership("right").merge()).isFalse();
    }

    @Test
    void deploymentOfABranchDoesNotOwnTheOther() {
        diamond();
        deploy("d1", "left", 100);
        deploy("d2", "right", 200);

        assertThat(owners())
                .containsExactly(Map.entry("base", "d1"), Map.entry("left", "d1"), Map.entry("right", "d2"));
    }

    @Test
    void earlierDeploymentThatArrivesLaterTakesItsPart() {
        line(4);
        deploy("d2", "c4", 200);
        deploy("d1", "c2", 100);

        assertThat(owners())
                .containsExactly(
                        Map.entry("c1", "d1"), Map.entry("c2", "d1"), Map.entry("c3", "d2"), Map.entry("c4", "d2"));
        assertThat(changed).extracting(CommitOwnership::sha).containsExactlyInAnyOrder("c1", "c2");
    }

    @Test
    void redeployOfAnOlderCommitOwnsNothing() {
        line(4);
        deploy("d1", "c2", 100);
        deploy("d2", "c4", 200);
        deploy("d3", "c2", 300);

        assertThat(changed).isEmpty();
        assertThat(owners()).doesNotContainValue("d3");
    }

    @Test
    void commitAfterARollbackIsOwnedOnce() {
        line(4);
        deploy("d1", "c2", 100);
        deploy("d2", "c4", 200);
        deploy("d3", "c2", 300);
        deploy("d4", "c4", 400);

        assertThat(changed).isEmpty();
        assertThat(owners()).containsEntry("c4", "d2").containsEntry("c3", "d2");
    }

    @Test
    void smallerIdOwns_whereTwoFinishAtTheSameMoment() {
        line(2);
        deploy("b", "c2", 100);
        deploy("a", "c2", 100);

        assertThat(owners()).containsExactly(Map.entry("c1", "a"), Map.entry("c2", "a"));
    }

    @Test
    void nextDeploymentOwns_whereOneIsTakenBack() {
        line(4);
        deploy("d1", "c2", 100);
        deploy("d2", "c4", 200);
        withdraw("d1");

        assertThat(owners().values()).containsOnly("d2").hasSize(4);
    }

    @Test
    void nextDeploymentOfTheSameCommitOwns_whereOneIsTakenBack() {
        line(3);
        deploy("d1", "c2", 100);
        deploy("d2", "c3", 300);
        deploy("d3", "c2", 200);
        withdraw("d1");

        assertThat(owners()).containsExactly(Map.entry("c1", "d3"), Map.entry("c2", "d3"), Map.entry("c3", "d2"));
    }

    @Test
    void nobodyOwns_whereTheOnlyDeploymentIsTakenBack() {
        line(2);
        deploy("d1", "c2", 100);
        withdraw("d1");

        assertThat(owners()).containsExactly(Map.entry("c1", NONE), Map.entry("c2", NONE));
        assertThat(heads.get("d1")).isNull();
    }

    @Test
    void relabelsAcrossAMerge_whereOneIsTakenBack() {
        diamond();
        deploy("d1", "left", 100);
        deploy("d2", "right", 150);
        deploy("d3", "merge", 200);
        withdraw("d1");

        assertThat(owners())
                .containsExactly(
                        Map.entry("base", "d2"),
                        Map.entry("left", "d3"),
                        Map.entry("merge", "d3"),
                        Map.entry("right", "d2"));
    }

    @Test
    void relabels_whereADeploymentMovesLater() {
        line(4);
        deploy("d1", "c2", 100);
        deploy("d2", "c4", 200);
        deploy("d1", "c2", 300);

        assertThat(owners().values()).containsOnly("d2").hasSize(4);
    }

    @Test
    void relabels_whereADeploymentMovesEarlier() {
        line(4);
        deploy("d1", "c2", 100);
        deploy("d2", "c4", 200);
        deploy("d2", "c4", 50);

        assertThat(owners().values()).containsOnly("d2").hasSize(4);
    }

    @Test
    void relabels_whereADeploymentTurnsOutToBeOfAnotherCommit() {
        line(4);
        deploy("d1", "c4", 100);
        deploy("d2", "c3", 200);
        deploy("d1", "c1", 100);

        assertThat(owners())
                .containsExactly(
                        Map.entry("c1", "d1"), Map.entry("c2", "d2"), Map.entry("c3", "d2"), Map.entry("c4", NONE));
    }

    @Test
    void sameDeploymentAgainChangesNothing() {
        line(2);
        deploy("d1", "c2", 100);
        nodes.reset();
        deploy("d1", "c2", 100);

        assertThat(changed).isEmpty();
        assertThat(nodes.writes()).isZero();
    }

    @Test
    void sameCommitAgainChangesNothing() {
        line(2);
        deploy("d1", "c2", 100);
        nodes.reset();
        record(commit("c2", at(2), "c1"));

        assertThat(changed).isEmpty();
        assertThat(nodes.writes()).isZero();
    }

    @Test
    void deployedCommitThatWasNeverRecordedIsAPlaceholder() {
        deploy("d1", "c3", 100);

        assertThat(ownership("c3").deploymentId()).isEqualTo("d1");
        assertThat(ownership("c3").authoredAt()).isNull();
        assertThat(ownership("c3").parentage()).isEqualTo(Parentage.UNKNOWN);
    }

    @Test
    void parentThatWasNeverRecordedIsAPlaceholder() {
        record(commit("c3", at(3), "c2"));
        deploy("d1", "c3", 100);

        assertThat(owners()).containsExactly(Map.entry("c2", "d1"), Map.entry("c3", "d1"));
        assertThat(ownership("c2").authoredAt()).isNull();
        assertThat(ownership("c2").parentage()).isEqualTo(Parentage.UNKNOWN);
    }

    @Test
    void rangeGrows_whereAMissingParentIsRecordedLater() {
        record(commit("c1", at(1)));
        record(commit("c3", at(3), "c2"));
        deploy("d1", "c3", 100);
        record(commit("c2", at(2), "c1"));

        assertThat(owners()).containsExactly(Map.entry("c1", "d1"), Map.entry("c2", "d1"), Map.entry("c3", "d1"));
        assertThat(ownership("c2").authoredAt()).isEqualTo(at(2));
        assertThat(ownership("c2").parentage()).isEqualTo(Parentage.EXPLICIT);
    }

    @Test
    void missingParentClosesTheGapToAnEarlierDeployment() {
        record(commit("c1", at(1)));
        record(commit("c3", at(3), "c2"));
        deploy("d1", "c3", 100);
        deploy("d0", "c2", 50);
        record(commit("c2", at(2), "c1"));

        assertThat(owners()).containsExactly(Map.entry("c1", "d0"), Map.entry("c2", "d0"), Map.entry("c3", "d1"));
    }

    @Test
    void explicitParentsReplaceInferredOnes() {
        record(commit("a", at(1)));
        record(commit("b", at(2)));
        record(commit("c", at(3), Parentage.INFERRED, "b"));
        deploy("d1", "c", 100);
        assertThat(owners()).containsExactly(Map.entry("b", "d1"), Map.entry("c", "d1"));

        record(commit("c", at(3), "a"));

        assertThat(owners()).containsExactly(Map.entry("a", "d1"), Map.entry("b", NONE), Map.entry("c", "d1"));
        assertThat(ownership("c").parentage()).isEqualTo(Parentage.EXPLICIT);
    }

    @Test
    void inferredParentsDoNotReplaceExplicitOnes() {
        record(commit("a", at(1)));
        record(commit("b", at(2)));
        record(commit("c", at(3), "a"));
        deploy("d1", "c", 100);
        record(commit("c", at(3), Parentage.INFERRED, "b"));

        assertThat(changed).isEmpty();
        assertThat(owners()).containsExactly(Map.entry("a", "d1"), Map.entry("c", "d1"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parentsOfTheSameWorthFromTwoPushes_areBothTaken(boolean leftFirst) {
        record(commit("left", at(1)));
        record(commit("right", at(2)));
        record(commit("c", at(3), Parentage.INFERRED, leftFirst ? "left" : "right"));
        record(commit("c", at(3), Parentage.INFERRED, leftFirst ? "right" : "left"));
        deploy("d1", "c", 10);

        assertThat(owners()).isEqualTo(Map.of("left", "d1", "right", "d1", "c", "d1"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void explicitParentsThatContradictEachOther_areTheSameInEitherOrder(boolean leftFirst) {
        record(commit("left", at(1)));
        record(commit("right", at(2)));
        record(commit("c", at(3), leftFirst ? "left" : "right"));
        record(commit("c", at(3), leftFirst ? "right" : "left"));
        deploy("d1", "c", 10);

        assertThat(owners()).isEqualTo(Map.of("right", "d1", "c", "d1"));
    }

    @Test
    void otherChildKeepsTheLabel_whereAnEdgeGoes() {
        record(commit("base", at(1)));
        record(commit("left", at(2), "base"));
        record(commit("right", at(3), Parentage.INFERRED, "base"));
        record(commit("merge", at(4), "left", "right"));
        deploy("d1", "merge", 100);
        record(commit("right", at(3)));

        assertThat(owners()).containsEntry("base", "d1").containsEntry("right", "d1");
    }

    @Test
    void earlierAuthorTimeIsTold() {
        line(2);
        deploy("d1", "c2", 100);
        record(commit("c2", at(1), "c1"));

        assertThat(ownership("c2").authoredAt()).isEqualTo(at(1));
        assertThat(changed).extracting(CommitOwnership::sha).containsExactly("c2");
    }

    @Test
    void seriesAreIndependent() {
        line(4);
        deploy("p1", SERVICE, "production", "c2", 100);
        deploy("s1", SERVICE, "staging", "c4", 50);
        deploy("o1", "other", "production", "c3", 10);
        keep(graph.withdraw(DeployedHead.key("o1", "other", "production")));

        assertThat(owners(SERVICE, "production")).containsExactly(Map.entry("c1", "p1"), Map.entry("c2", "p1"));
        assertThat(owners(SERVICE, "staging").values()).containsOnly("s1").hasSize(4);
        assertThat(owners("other", "production").values()).containsOnly(NONE).hasSize(3);
    }

    @Test
    void oneDeploymentIdServesTwoSeries() {
        line(2);
        deploy("d1", SERVICE, "staging", "c2", 100);
        deploy("d1", SERVICE, "production", "c2", 100);

        assertThat(owners(SERVICE, "staging").values()).containsOnly("d1").hasSize(2);
        assertThat(owners(SERVICE, "production").values()).containsOnly("d1").hasSize(2);
    }

    @Test
    void namesOfSeriesMayHoldAnything() {
        line(1);
        deploy("d1", "a/b:2", "c/d:e", "c1", 100);
        var owned = new ArrayList<>(changed);
        deploy("d2", "a", "b:2/c/d:e", "c1", 200);
        owned.addAll(changed);

        assertThat(owned)
                .extracting(CommitOwnership::service, CommitOwnership::environment, CommitOwnership::deploymentId)
                .containsExactly(tuple("a/b:2", "c/d:e", "d1"), tuple("a", "b:2/c/d:e", "d2"));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 2_000})
    void deploymentAtTheTipCostsItsOwnRange(int history) {
        line(history);
        deploy("d1", "c" + (history - 5), 10_000);
        nodes.reset();
        heads.reset();

        deploy("d2", "c" + history, 20_000);

        assertThat(changed).hasSize(5);
        assertThat(nodes.writes()).as("5 labels and 1 head").isEqualTo(6);
        assertThat(heads.writes()).isEqualTo(1);
        assertThat(nodes.reads()).as("does not grow with the history").isLessThanOrEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 2_000})
    void withdrawingTheDeploymentAtTheTipCostsItsOwnRange(int history) {
        line(history);
        deploy("d1", "c" + (history - 5), 10_000);
        deploy("d2", "c" + history, 20_000);
        nodes.reset();

        withdraw("d2");

        assertThat(changed).hasSize(5);
        assertThat(nodes.writes()).as("5 labels and 1 head").isEqualTo(6);
        assertThat(nodes.reads()).as("does not grow with the history").isLessThanOrEqualTo(60);
    }
}
