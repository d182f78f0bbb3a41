package dev.sluice.dorajob;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.REPOSITORY;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.TENANT;
import static dev.sluice.delivery.DeliveryFixture.commit;
import static dev.sluice.delivery.PullRequestFixture.pullRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.PullRequestFixture.Observation;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.dorajob.state.CommitState;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.GraphInput;
import dev.sluice.dorajob.state.HeadState;
import dev.sluice.dorajob.state.PullRequestObservationState;
import dev.sluice.dorajob.state.PullRequestOwnershipState;
import dev.sluice.wire.Keys;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares Exception on close
class GraphFunctionTest {
    private static final String HEAD = DeployedHead.key("d1", SERVICE, ENVIRONMENT);

    @Test
    void tellsOfCommitsThenOfPullRequestsThenPassesTheObservationOn() throws Exception {
        try (var harness = open(null)) {
            harness.processElement(input(commit("c1", at(1))), 0);
            harness.processElement(input(merged("7").mergeSha("c1").firstCommitAt(at(1))), 0);
            assertThat(harness.extractOutputValues()).isEmpty();

            var observation = new DeliveryInput(
                    "any", TENANT, SERVICE, ENVIRONMENT, null, null, null, null, null, null, null, null);
            harness.processElement(deployed("c1", observation), 0);

            List<DeliveryInput> output = harness.extractOutputValues();
            assertThat(output).hasSize(3);
            assertThat(output.get(0).ownership()).isNotNull();
            assertThat(output.get(1).key()).isEqualTo(Keys.of(TENANT, SERVICE, ENVIRONMENT));
            assertThat(pullRequests(output))
                    .extracting(PullRequestOwnershipState::pullRequestId, PullRequestOwnershipState::deploymentId)
                    .containsExactly(tuple("7", "d1"));
            assertThat(output.get(2)).isEqualTo(observation);
        }
    }

    @Test
    void tellsOfTheSquashThatComesLater() throws Exception {
        try (var harness = open(null)) {
            harness.processElement(deployed("branch", null), 0);
            harness.processElement(input(merged("7").mergeSha("squash").headSha("branch")), 0);
            harness.processElement(input(commit("squash", at(5))), 0);

            assertThat(pullRequests(harness.extractOutputValues()))
                    .extracting(PullRequestOwnershipState::firstCommitAt)
                    .containsExactly(null, at(5));
        }
    }

    @Test
    void aDuplicateChangesNothing() throws Exception {
        try (var harness = open(null)) {
            harness.processElement(deployed("c1", null), 0);
            harness.processElement(input(merged("7").mergeSha("c1")), 0);
            int told = harness.extractOutputValues().size();
            int entries = harness.numKeyedStateEntries();
            harness.processElement(input(merged("7").mergeSha("c1")), 0);

            assertThat(harness.extractOutputValues()).hasSize(told);
            assertThat(harness.numKeyedStateEntries()).isEqualTo(entries);
        }
    }

    @Test
    void pullRequestsAreThereAfterARestore() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(null)) {
            harness.processElement(
                    input(merged("7").draft(false).commits(at(1), at(2)).mergeSha("c1")), 0);
            harness.processElement(input(reviewed("7")), 0);
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = open(snapshot)) {
            harness.processElement(deployed("c1", null), 0);

            PullRequestOwnershipState owned =
                    pullRequests(harness.extractOutputValues()).get(0);
            assertThat(owned.firstCommitAt()).isEqualTo(at(1));
            assertThat(owned.firstReviewAt()).isEqualTo(at(3));
        }
    }

    @Test
    void onlyTheObservationsAreLeft_whereAllIsDeleted() throws Exception {
        try (var harness = open(null)) {
            harness.processElement(input(merged("7").mergeSha("c1").headSha("c2")), 0);
            harness.processElement(deployed("c1", null), 0);
            harness.processElement(input(pullRequest("7", PullRequestState.DELETED, at(9))), 0);
            harness.processElement(
                    new GraphInput(Keys.of(TENANT, REPOSITORY), TENANT, REPOSITORY, null, null, HEAD, null, null), 0);

            assertThat(harness.numKeyedStateEntries())
                    .as("the observations of 7 tell that it was deleted; the place of c1 waits for its commit")
                    .isEqualTo(2);
            assertThat(pullRequests(harness.extractOutputValues()))
                    .extracting(PullRequestOwnershipState::deploymentId)
                    .containsExactly("d1", null);
        }
    }

    private static Instant at(int hours) {
        return BEGINNING.plusSeconds(3600L * hours);
    }

    private static Observation merged(String id) {
        return pullRequest(id, PullRequestState.MERGED, at(4));
    }

    private static Observation reviewed(String id) {
        return pullRequest(id, PullRequestState.REVIEWED, at(3));
    }

    private static GraphInput input(CommitRecorded commit) {
        return new GraphInput(
                Keys.of(TENANT, REPOSITORY), TENANT, REPOSITORY, CommitState.of(commit), null, null, null, null);
    }

    private static GraphInput input(Observation pullRequest) {
        return new GraphInput(
                Keys.of(TENANT, REPOSITORY),
                TENANT,
                REPOSITORY,
                null,
                null,
                null,
                PullRequestObservationState.of(pullRequest.build()),
                null);
    }

    private static GraphInput deployed(String sha, @Nullable DeliveryInput observation) {
        HeadState head = new HeadState("d1", SERVICE, ENVIRONMENT, sha, at(20));
        return new GraphInput(Keys.of(TENANT, REPOSITORY), TENANT, REPOSITORY, null, head, null, null, observation);
    }

    private static List<PullRequestOwnershipState> pullRequests(List<DeliveryInput> output) {
        return output.stream()
                .map(DeliveryInput::pullRequest)
                .filter(Objects::nonNull)
                .toList();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, GraphInput, DeliveryInput> open(
            @Nullable OperatorSubtaskState snapshot) throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new GraphFunction()), GraphInput::key, Types.STRING);
        harness.setup();
        if (snapshot != null) {
            harness.initializeState(snapshot);
        }
        harness.open();
        return harness;
    }
}
