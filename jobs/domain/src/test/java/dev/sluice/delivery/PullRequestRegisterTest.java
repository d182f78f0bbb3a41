package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.REPOSITORY;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.commit;
import static dev.sluice.delivery.PullRequestFixture.pullRequest;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.PullRequestFixture.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullRequestRegisterTest {
    /** A repository from its events to the ownerships that its readers have. */
    private static final class World {
        private final CountingTable<String, CommitNode> nodes = new CountingTable<>();
        private final CountingTable<String, DeployedHead> heads = new CountingTable<>();
        private final CountingTable<String, List<PullRequestObserved>> observations = new CountingTable<>();
        private final CountingTable<String, List<String>> bySha = new CountingTable<>();
        private final CommitGraph graph = new CommitGraph(REPOSITORY, nodes, heads);
        private final PullRequestRegister register = new PullRequestRegister(REPOSITORY, graph, observations, bySha);
        private final Map<String, PullRequestOwnership> latest = new TreeMap<>();
        private Collection<PullRequestOwnership> changed = List.of();

        void record(CommitRecorded commit) {
            keep(register.follow(graph.record(commit)));
            keep(register.recorded(commit.sha()));
        }

        void deploy(String id, String sha, int hour) {
            deploy(id, SERVICE, sha, hour);
        }

        void deploy(String id, String service, String sha, int hour) {
            keep(register.follow(graph.deploy(new DeployedHead(id, service, ENVIRONMENT, sha, hour(hour)))));
        }

        void withdraw(String id) {
            keep(register.follow(graph.withdraw(DeployedHead.key(id, SERVICE, ENVIRONMENT))));
        }

        void observe(Observation observation) {
            keep(register.observe(observation.build()));
        }

        private void keep(Collection<PullRequestOwnership> ownerships) {
            changed = ownerships;
            ownerships.forEach(owned -> latest.put(owned.service() + " " + owned.pullRequestId(), owned));
        }

        PullRequestOwnership ownership(String id) {
            return requireNonNull(latest.get(SERVICE + " " + id), id);
        }

        @Nullable
        String owner(String id) {
            return ownership(id).deploymentId();
        }
    }

    private final World world = new World();

    private static Instant hour(int hours) {
        return BEGINNING.plusSeconds(3600L * hours);
    }

    private static Observation merged(String id, int hour) {
        return pullRequest(id, PullRequestState.MERGED, hour(hour));
    }

    /** c1 <- c2 <- … <- c{length}. */
    private static void line(World world, int length) {
        for (int i = 1; i <= length; i++) {
            world.record(i == 1 ? commit("c1", hour(1)) : commit("c" + i, hour(i), "c" + (i - 1)));
        }
    }

    /** main: c1 <- c2 <- squash; branch: c1 <- b1 <- b2. */
    private void branch() {
        world.record(commit("c1", hour(1)));
        world.record(commit("c2", hour(2), "c1"));
        world.record(commit("squash", hour(9), "c2"));
        world.record(commit("b1", hour(3), "c1"));
        world.record(commit("b2", hour(4), "b1"));
    }

    @Test
    void firstDeploymentThatHoldsTheMergeCommitOwnsIt() {
        line(world, 4);
        world.deploy("d1", "c1", 20);
        world.deploy("d3", "c4", 40);
        world.deploy("d2", "c3", 30);
        world.observe(merged("7", 10).mergeSha("c2").firstCommitAt(hour(1)).title("seven"));

        assertThat(world.ownership("7"))
                .isEqualTo(new PullRequestOwnership(
                        SERVICE,
                        ENVIRONMENT,
                        REPOSITORY,
                        "7",
                        "d2",
                        "seven",
                        hour(1),
                        false,
                        hour(10),
                        null,
                        hour(10),
                        null));
    }

    @Test
    void nothingOwnsWhatIsNotMerged() {
        line(world, 2);
        world.deploy("d1", "c2", 20);
        world.observe(pullRequest("7", PullRequestState.OPENED, hour(3)).headSha("c2"));
        assertThat(world.changed).isEmpty();

        world.observe(merged("7", 30));

        assertThat(world.owner("7")).as("by the head that its opening named").isEqualTo("d1");
    }

    @Test
    void headOfTheBranchOwnsIt_whereItWasDeployedEarlier() {
        branch();
        world.observe(merged("7", 9).mergeSha("squash").headSha("b2"));
        world.deploy("d2", "squash", 30);
        assertThat(world.owner("7")).isEqualTo("d2");

        world.deploy("d1", "b2", 20);
        assertThat(world.owner("7")).isEqualTo("d1");

        world.withdraw("d1");
        assertThat(world.owner("7")).isEqualTo("d2");
    }

    @Test
    void headOfTheBranchThatIsDeployedLaterChangesNothing() {
        branch();
        world.observe(merged("7", 9).mergeSha("squash").headSha("b2"));
        world.deploy("d1", "squash", 20);
        world.deploy("d2", "b2", 30);

        assertThat(world.owner("7")).isEqualTo("d1");
    }

    @Test
    void deploymentIdDecides_whereBothWereDeployedInTheSameSecond() {
        branch();
        world.observe(merged("7", 9).mergeSha("squash").headSha("b2"));
        world.deploy("b", "squash", 20);
        world.deploy("a", "b2", 20);

        assertThat(world.owner("7")).isEqualTo("a");
    }

    @Test
    void authorTimeOfTheSquashStandsInForTheFirstCommit() {
        branch();
        world.deploy("d1", "squash", 20);
        world.observe(merged("7", 9).mergeSha("squash"));
        assertThat(world.ownership("7").firstCommitAt()).isEqualTo(hour(9));
        assertThat(world.ownership("7").squashed()).isTrue();

        world.observe(pullRequest("7", PullRequestState.AMENDED, hour(9)).firstCommitAt(hour(3)));

        assertThat(world.ownership("7").firstCommitAt()).isEqualTo(hour(3));
        assertThat(world.ownership("7").squashed()).isFalse();
    }

    @Test
    void squashThatIsRecordedLaterTellsASeriesThatHasOnlyTheBranch() {
        world.record(commit("b1", hour(3)));
        world.deploy("d1", "b1", 20);
        world.observe(merged("7", 30).mergeSha("squash").headSha("b1"));
        assertThat(world.ownership("7").firstCommitAt()).isNull();
        assertThat(world.ownership("7").squashed()).isFalse();

        world.record(commit("squash", hour(29)));

        assertThat(world.owner("7")).isEqualTo("d1");
        assertThat(world.ownership("7").firstCommitAt()).isEqualTo(hour(29));
        assertThat(world.ownership("7").squashed()).isTrue();
    }

    @Test
    void nothingOwnsIt_whereItsDeploymentIsWithdrawn() {
        line(world, 2);
        world.observe(merged("7", 9).mergeSha("c2"));
        world.deploy("d1", "c2", 20);
        world.withdraw("d1");

        assertThat(world.ownership("7")).isEqualTo(PullRequestOwnership.none(SERVICE, ENVIRONMENT, REPOSITORY, "7"));
    }

    @Test
    void nothingOwnsIt_whereItIsDeleted() {
        line(world, 2);
        world.observe(merged("7", 9).mergeSha("c2").headSha("c1"));
        world.deploy("d1", "c2", 20);
        world.observe(pullRequest("7", PullRequestState.DELETED, hour(50)));
        assertThat(world.owner("7")).isNull();
        assertThat(world.bySha.get("c1")).isNull();
        assertThat(world.bySha.get("c2")).isNull();

        world.withdraw("d1");
        assertThat(world.changed).as("nobody follows it any more").isEmpty();
    }

    @Test
    void leavesItsSeries_whereTheMergeCommitTurnsOutToBeAnother() {
        line(world, 3);
        world.deploy("d1", "c2", 20);
        world.deploy("o1", "other", "c3", 20);
        world.observe(merged("7", 9).mergeSha("c2"));
        world.observe(
                pullRequest("7", PullRequestState.AMENDED, hour(50)).revision(1).mergeSha("c3"));

        assertThat(world.owner("7")).isNull();
        assertThat(requireNonNull(world.latest.get("other 7")).deploymentId()).isEqualTo("o1");
        assertThat(world.bySha.get("c2")).isNull();
        assertThat(world.bySha.get("c3")).containsExactly("7");
    }

    @Test
    void tellsOnlyTheSeriesThatChanged() {
        line(world, 3);
        world.deploy("d1", "c2", 20);
        world.deploy("o1", "other", "c3", 20);
        world.observe(merged("7", 9).mergeSha("c3").headSha("c2"));
        assertThat(world.changed).hasSize(2);

        world.observe(
                pullRequest("7", PullRequestState.AMENDED, hour(50)).revision(1).headSha("unknown"));

        assertThat(world.changed).extracting(PullRequestOwnership::service).containsExactly(SERVICE);
        assertThat(world.owner("7")).isNull();
    }

    @Test
    void knownEventChangesNothing() {
        line(world, 2);
        world.deploy("d1", "c2", 20);
        world.observe(merged("7", 9).mergeSha("c2"));
        world.observe(merged("7", 9).mergeSha("c2"));

        assertThat(world.changed).isEmpty();
    }

    @Test
    void observationThatSaysNothingNewChangesNothing() {
        line(world, 2);
        world.deploy("d1", "c2", 20);
        world.observe(merged("7", 9).mergeSha("c2"));
        world.observe(merged("7", 10).mergeSha("c2"));

        assertThat(world.changed).isEmpty();
    }

    @Test
    void pullRequestsOfOneCommitAreAllOwned() {
        line(world, 2);
        world.observe(merged("7", 9).mergeSha("c2"));
        world.observe(merged("8", 9).mergeSha("c2").headSha("c1"));
        world.deploy("d1", "c2", 20);

        assertThat(world.owner("7")).isEqualTo("d1");
        assertThat(world.owner("8")).isEqualTo("d1");
        assertThat(world.changed).hasSize(2);
    }

    @Test
    void seriesAreIndependent() {
        line(world, 3);
        world.observe(merged("7", 9).mergeSha("c2"));
        world.deploy("d1", "c3", 20);
        world.deploy("o1", "other", "c2", 10);
        world.withdraw("d1");

        assertThat(world.owner("7")).isNull();
        assertThat(requireNonNull(world.latest.get("other 7")).deploymentId()).isEqualTo("o1");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void orderOfArrivalPlaysNoPart(long seed) {
        List<Consumer<World>> inputs = new ArrayList<>(List.of(
                w -> w.record(commit("c1", hour(1))),
                w -> w.record(commit("c2", hour(2), "c1")),
                w -> w.record(commit("squash", hour(9), "c2")),
                w -> w.record(commit("b1", hour(3), "c1")),
                w -> w.record(commit("b2", hour(4), "b1")),
                w -> w.deploy("d1", "b1", 20),
                w -> w.deploy("d2", "b2", 30),
                w -> w.deploy("d3", "squash", 40),
                w -> w.deploy("o1", "other", "squash", 15),
                w -> w.observe(
                        pullRequest("7", PullRequestState.OPENED, hour(5)).headSha("b1")),
                w -> w.observe(merged("7", 9).mergeSha("squash").headSha("b2")),
                w -> w.observe(pullRequest("7", PullRequestState.REVIEWED, hour(6))),
                w -> w.observe(pullRequest("7", PullRequestState.AMENDED, hour(7))
                        .revision(1)
                        .title("seven")),
                w -> w.observe(merged("8", 9).mergeSha("b2")),
                w -> w.observe(
                        pullRequest("8", PullRequestState.DELETED, hour(9)).revision(2)),
                w -> w.observe(merged("9", 9).mergeSha("c2").headSha("never"))));
        var inOrder = new World();
        inputs.forEach(input -> input.accept(inOrder));
        Collections.shuffle(inputs, new Random(seed));
        inputs.forEach(input -> input.accept(world));

        assertThat(owned(world)).as("seed %d", seed).isEqualTo(owned(inOrder)).hasSize(4);
    }

    private static List<PullRequestOwnership> owned(World world) {
        return world.latest.values().stream()
                .filter(ownership -> ownership.deploymentId() != null)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 2_000})
    void deploymentAtTheTipCostsItsOwnRange(int history) {
        line(world, history);
        for (int i = 1; i <= history; i++) {
            world.observe(merged("p" + i, i).mergeSha("c" + i));
        }
        world.deploy("d1", "c" + (history - 5), 10_000);
        assertThat(world.changed).hasSize(history - 5);
        world.observations.reset();
        world.bySha.reset();
        world.nodes.reset();

        world.deploy("d2", "c" + history, 20_000);

        assertThat(world.changed).hasSize(5);
        assertThat(world.observations.reads()).isEqualTo(5);
        assertThat(world.bySha.reads()).isEqualTo(5);
        assertThat(world.nodes.reads()).as("does not grow with the history").isLessThanOrEqualTo(30);
        assertThat(world.observations.writes() + world.bySha.writes()).isZero();
    }
}
