package dev.sluice.dora;

import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.REPOSITORY;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.TENANT;
import static dev.sluice.delivery.DeliveryFixture.commit;
import static dev.sluice.delivery.DeliveryFixture.observed;
import static dev.sluice.delivery.DeliveryFixture.touching;
import static dev.sluice.delivery.PullRequestFixture.pullRequest;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.PullRequestFixture.Observation;
import dev.sluice.delivery.PullRequestOwnership;
import dev.sluice.delivery.PullRequestState;
import dev.sluice.dora.DeliveryMetrics.PullRequestLeadTime;
import dev.sluice.simulation.BatchOracle.Place;
import dev.sluice.simulation.Pipeline;
import dev.sluice.simulation.Pipeline.MemoryLedgerTables;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PullRequestLeadTimeTest {
    /** Wednesday, in the middle of a quarter. */
    private static final Instant NOW = Instant.parse("2025-05-14T18:00:00Z");

    private static final long HOUR = Duration.ofHours(1).toMillis();

    /** One series from its events to what its readers have. */
    private static final class World {
        private final Pipeline pipeline;
        private final Map<String, PullRequestFact> pullRequests = new HashMap<>();
        private final Map<String, PeriodRow> periods = new HashMap<>();
        private @Nullable DoraRow dora;

        World(ZoneId zone) {
            pipeline = new Pipeline(zone);
        }

        void accept(DeliveryEvent event) {
            pipeline.accept(event);
        }

        void accept(Observation observation) {
            accept(observation.build());
        }

        /** A successful deployment of a commit. */
        void deploy(String id, Instant at, String sha) {
            accept(observed(id, DeploymentState.SUCCESS, at).sha(sha).build());
        }

        void delete(String id) {
            accept(observed(id, DeploymentState.DELETED, NOW).sha("c1").build());
        }

        LedgerRows emit() {
            LedgerRows rows = requireNonNull(pipeline.emit(NOW).get(new Place(SERVICE, ENVIRONMENT)));
            keep(rows);
            return rows;
        }

        private void keep(LedgerRows rows) {
            rows.pullRequests().forEach(fact -> pullRequests.put(fact.id(), fact));
            rows.periods().forEach(row -> periods.put(row.label(), row));
            dora = rows.dora() == null ? dora : rows.dora();
        }

        PullRequestFact fact(String id) {
            return requireNonNull(pullRequests.get(id), id);
        }

        @Nullable
        String excluded(String id) {
            return fact(id).excludedReason();
        }

        PullRequestLeadTime window(int days) {
            return requireNonNull(dora).windows().stream()
                    .filter(window -> window.days() == days)
                    .findFirst()
                    .orElseThrow()
                    .metrics()
                    .pullRequestLeadTime();
        }

        PullRequestLeadTime period(String label) {
            return requireNonNull(periods.get(label), label).metrics().pullRequestLeadTime();
        }
    }

    private final World world = new World(ZoneOffset.UTC);

    /** Hours before {@link #NOW}. */
    private static Instant ago(int hours) {
        return NOW.minus(Duration.ofHours(hours));
    }

    private static Observation opened(String id, int hoursAgo) {
        return pullRequest(id, PullRequestState.OPENED, ago(hoursAgo));
    }

    private static Observation reviewed(String id, int hoursAgo) {
        return pullRequest(id, PullRequestState.REVIEWED, ago(hoursAgo));
    }

    private static Observation merged(String id, int hoursAgo, String sha) {
        return pullRequest(id, PullRequestState.MERGED, ago(hoursAgo)).mergeSha(sha);
    }

    /** c1 <- … <- c6, authored 156, 155, … 151 hours ago; d1 deployed c1 150 hours ago. */
    private void baseline() {
        for (int i = 1; i <= 6; i++) {
            Instant at = ago(157 - i);
            world.accept(i == 1 ? commit("c1", at) : commit("c" + i, at, "c" + (i - 1)));
        }
        world.deploy("d1", ago(150), "c1");
    }

    // ---- where it belongs

    @Test
    void thatIsKnownToTouchOnlyOtherServices_isInTheRangeAndInNoLeadTime() {
        baseline();
        world.accept(opened("7", 140).headSha("branch"));
        world.accept(merged("7", 130, "c2"));
        world.accept(opened("8", 140).headSha("branch-8"));
        world.accept(merged("8", 129, "c3"));
        world.deploy("d2", ago(120), "c3");
        world.accept(touching(List.of("other"), "c2", ago(155), "c1"));
        world.accept(touching(List.of("other", SERVICE), "c3", ago(154), "c2"));
        world.emit();

        assertThat(world.excluded("7")).isEqualTo("OTHER_SERVICE");
        assertThat(world.excluded("8")).isNull();
        assertThat(world.window(7).n()).isEqualTo(1);
    }

    @Test
    void whoseBranchTouchesTheService_isOfIt_whateverItBecame() {
        baseline();
        world.accept(opened("7", 140).headSha("branch"));
        world.accept(merged("7", 130, "c2"));
        world.deploy("d2", ago(120), "c2");
        world.accept(touching(List.of("other"), "c2", ago(155), "c1"));
        world.emit();
        assertThat(world.excluded("7")).isEqualTo("OTHER_SERVICE");

        world.accept(touching(List.of(SERVICE), "branch", ago(156), "c1"));
        world.emit();

        assertThat(world.excluded("7")).isNull();
        assertThat(world.window(7).n()).isEqualTo(1);
    }

    // ---- stages

    @Test
    void nothingMerged_thereIsNoLeadTimeAndAReason() {
        baseline();
        world.accept(opened("7", 140).headSha("c2"));
        world.deploy("d2", ago(40), "c3");
        world.emit();

        assertThat(world.pullRequests).isEmpty();
        assertThat(world.window(7))
                .isEqualTo(new PullRequestLeadTime(
                        0, null, null, null, null, null, null, null, null, 0, 0, 0, "no_pull_requests"));
    }

    @Test
    void fourStagesSumToTheTimeFromTheFirstCommitToTheEndOfTheDeployment() {
        baseline();
        world.accept(opened("7", 120).commits(ago(130), ago(125)).title("seven"));
        world.accept(reviewed("7", 100));
        world.accept(merged("7", 70, "c2"));
        world.deploy("d2", ago(40), "c3");
        world.emit();

        assertThat(world.fact("7"))
                .isEqualTo(new PullRequestFact(
                        TENANT,
                        SERVICE,
                        ENVIRONMENT,
                        REPOSITORY,
                        "7",
                        "seven",
                        "d2",
                        ago(130),
                        ago(120),
                        ago(100),
                        ago(70),
                        ago(40),
                        LocalDate.ofInstant(ago(40), ZoneOffset.UTC),
                        90 * HOUR,
                        10 * HOUR,
                        20 * HOUR,
                        30 * HOUR,
                        30 * HOUR,
                        true,
                        null,
                        List.of(),
                        false,
                        NOW));
        assertThat(world.window(7))
                .isEqualTo(new PullRequestLeadTime(
                        1,
                        90.0 * HOUR,
                        null,
                        90.0 * HOUR,
                        90.0 * HOUR,
                        10.0 * HOUR,
                        20.0 * HOUR,
                        30.0 * HOUR,
                        30.0 * HOUR,
                        0,
                        0,
                        0,
                        null));
    }

    @Test
    void pickupHoldsItAll_whereNobodyReviewedIt() {
        baseline();
        world.accept(opened("7", 120).firstCommitAt(ago(130)));
        world.accept(merged("7", 70, "c2"));
        world.accept(reviewed("7", 60));
        world.deploy("d2", ago(40), "c3");
        world.emit();

        assertThat(world.fact("7").firstReviewAt()).isNull();
        assertThat(world.fact("7").pickupMs()).isEqualTo(50 * HOUR);
        assertThat(world.fact("7").reviewMs()).isZero();
        assertThat(world.fact("7").deployMs()).isEqualTo(30 * HOUR);
    }

    @Test
    void metricsAreThoseOfAllThatCount() {
        baseline();
        for (int i = 1; i <= 6; i++) {
            world.accept(opened("p" + i, 100).firstCommitAt(ago(100 + 7 * i)));
            world.accept(reviewed("p" + i, 100 - i));
            world.accept(merged("p" + i, 70, "c" + (i == 6 ? 2 : i)));
        }
        world.deploy("d2", ago(50), "c3");
        world.deploy("d3", ago(40), "c5");
        world.emit();

        // p1 came with the baseline; p2, p3, p6 end 50 h ago after 64, 71, 92 h; p4, p5 end 40 h ago after 88, 95 h
        PullRequestLeadTime lead = world.window(30);
        assertThat(lead.n()).isEqualTo(5);
        assertThat(lead.medianMs()).isEqualTo(88.0 * HOUR);
        assertThat(lead.medianInterval()).as("five are too few").isNull();
        assertThat(requireNonNull(lead.p90Ms())).isCloseTo(93.8 * HOUR, within(1e-3));
        assertThat(lead.meanMs()).isEqualTo((64 + 71 + 92 + 88 + 95) / 5.0 * HOUR);
        assertThat(lead.codingMeanMs()).isEqualTo(7 * (2 + 3 + 4 + 5 + 6) / 5.0 * HOUR);
        assertThat(lead.pickupMeanMs()).isEqualTo((2 + 3 + 4 + 5 + 6) / 5.0 * HOUR);
        assertThat(lead.reviewMeanMs()).isEqualTo((28 + 27 + 26 + 25 + 24) / 5.0 * HOUR);
        assertThat(lead.deployMeanMs()).isEqualTo((20 + 20 + 30 + 30 + 20) / 5.0 * HOUR);
    }

    // ---- what is left out, and flags

    @Test
    void baselineBringsNoLeadTime() {
        baseline();
        world.accept(merged("7", 152, "c1").firstCommitAt(ago(200)));
        world.emit();

        assertThat(world.excluded("7")).isEqualTo("SEED");
        assertThat(world.fact("7").counted()).isFalse();
        assertThat(world.fact("7").leadTimeMs()).isNull();
        assertThat(world.window(30).n()).isZero();
        assertThat(world.window(30).reason()).isEqualTo("no_pull_requests");
    }

    @Test
    void earlierDeploymentThatComesLateIsTheBaselineThen() {
        baseline();
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(90)));
        world.deploy("d2", ago(40), "c2");
        world.accept(observed("d1", DeploymentState.DELETED, NOW).sha("c1").build());
        world.emit();
        assertThat(world.excluded("7")).isEqualTo("SEED");

        world.deploy("d0", ago(149), "c1");
        world.emit();

        assertThat(world.fact("7").counted()).isTrue();
        assertThat(world.window(30).n()).isEqualTo(1);
    }

    @Test
    void withoutCommitsThereIsNoLeadTimeButACount() {
        baseline();
        world.accept(merged("7", 70, "never-recorded").headSha("c2"));
        world.deploy("d2", ago(40), "c3");
        world.emit();

        assertThat(world.excluded("7")).isEqualTo("NO_COMMITS");
        assertThat(world.window(7).n()).isZero();
        assertThat(world.window(7).withoutCommits()).isEqualTo(1);

        world.accept(commit("never-recorded", ago(75), "c6"));
        world.emit();

        assertThat(world.fact("7").leadTimeMs()).as("from the squash on").isEqualTo(35 * HOUR);
        assertThat(world.fact("7").flags()).containsExactly("SQUASHED");
        assertThat(world.window(7).withoutCommits()).isZero();
    }

    @Test
    void squashOfUnknownCommitsIsFlagged() {
        baseline();
        world.accept(opened("7", 152));
        world.accept(merged("7", 149, "c6"));
        world.deploy("d2", ago(40), "c6");
        world.emit();

        assertThat(world.fact("7").firstCommitAt()).isEqualTo(ago(151));
        assertThat(world.fact("7").codingMs()).isZero();
        assertThat(world.fact("7").flags())
                .as("it was opened before its only known commit")
                .containsExactly("SQUASHED", "CLOCK_SKEW");
    }

    @Test
    void stageThatWouldBeNegativeIsZeroAndFlagged() {
        baseline();
        world.accept(opened("7", 120).firstCommitAt(ago(110)));
        world.accept(merged("7", 70, "c2"));
        world.deploy("d2", ago(40), "c3");
        world.emit();

        assertThat(world.fact("7").codingMs()).isZero();
        assertThat(world.fact("7").pickupMs()).isEqualTo(40 * HOUR);
        assertThat(world.fact("7").leadTimeMs()).isEqualTo(70 * HOUR);
        assertThat(world.fact("7").flags()).containsExactly("CLOCK_SKEW");
        assertThat(world.window(7).clockSkew()).isEqualTo(1);
    }

    @Test
    void firstCommitAfterTheEndOfTheDeploymentIsLeftOut() {
        baseline();
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(40).plusMillis(1)));
        world.accept(merged("8", 70, "c2").firstCommitAt(ago(40)));
        world.deploy("d2", ago(40), "c3");
        world.emit();

        assertThat(world.excluded("7")).isEqualTo("CLOCK_SKEW");
        assertThat(world.fact("7").flags()).isEmpty();
        assertThat(world.fact("8").leadTimeMs()).isZero();
        assertThat(world.window(7).n()).isEqualTo(1);
        assertThat(world.window(7).clockSkew()).as("of those that count").isEqualTo(1);
    }

    @Test
    void branchThatIsDeployedBeforeTheMergeEndsThere() {
        baseline();
        world.accept(commit("b1", ago(130), "c2"));
        world.accept(commit("squash", ago(30), "c6"));
        world.accept(opened("7", 120).commits(ago(130)));
        world.accept(reviewed("7", 100));
        world.accept(merged("7", 30, "squash").headSha("b1"));
        world.deploy("d2", ago(40), "b1");
        world.deploy("d3", ago(20), "squash");
        world.emit();

        assertThat(world.fact("7").deploymentId()).isEqualTo("d2");
        assertThat(world.fact("7").leadTimeMs()).isEqualTo(90 * HOUR);
        assertThat(world.fact("7").reviewMs()).isEqualTo(60 * HOUR);
        assertThat(world.fact("7").deployMs()).isZero();
        assertThat(world.fact("7").flags()).containsExactly("DEPLOYED_BEFORE_MERGE");
        assertThat(world.window(7).deployedBeforeMerge()).isEqualTo(1);
        assertThat(world.window(7).clockSkew()).isZero();
    }

    // ---- deployments that move

    @Test
    void isCountedWhereItsDeploymentEnded() {
        baseline();
        world.accept(merged("7", 149, "c2").firstCommitAt(ago(160)));
        world.deploy("d2", Instant.parse("2025-04-30T23:59:59.999Z"), "c2");
        world.deploy("d0", Instant.parse("2025-04-29T00:00:00Z"), "c1");
        world.accept(merged("8", 149, "c3").firstCommitAt(ago(160)));
        world.deploy("d3", ago(40), "c3");
        world.emit();

        assertThat(world.excluded("7")).as("authored after that").isEqualTo("CLOCK_SKEW");
        assertThat(world.window(7).n()).isEqualTo(1);
        assertThat(world.period("2025-05").n()).isEqualTo(1);
        assertThat(world.period("2025-04").n()).isZero();

        world.accept(pullRequest("7", PullRequestState.AMENDED, NOW)
                .revision(1)
                .firstCommitAt(Instant.parse("2025-04-20T00:00:00Z")));
        world.emit();

        assertThat(world.window(7).n()).isEqualTo(1);
        assertThat(world.window(30).n()).isEqualTo(2);
        assertThat(world.period("2025-04").n()).isEqualTo(1);
        assertThat(world.period("2025-Q2").n()).isEqualTo(2);
    }

    @Test
    void daysBeginInTheZoneOfTheService() {
        World berlin = new World(ZoneId.of("Europe/Berlin"));
        berlin.accept(commit("c1", Instant.parse("2025-04-01T00:00:00Z")));
        berlin.accept(commit("c2", Instant.parse("2025-04-02T00:00:00Z"), "c1"));
        berlin.deploy("d1", Instant.parse("2025-04-03T00:00:00Z"), "c1");
        berlin.accept(merged("7", 400, "c2").firstCommitAt(Instant.parse("2025-04-02T00:00:00Z")));
        berlin.deploy("d2", Instant.parse("2025-04-30T22:30:00Z"), "c2");
        berlin.emit();

        assertThat(berlin.period("2025-05").n()).as("it is May in Berlin").isEqualTo(1);
    }

    @Test
    void movesWithItsDeployment() {
        baseline();
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(90)));
        world.deploy("d2", ago(40), "c3");
        world.emit();
        assertThat(world.fact("7").leadTimeMs()).isEqualTo(50 * HOUR);

        world.accept(observed("d2", DeploymentState.SUCCESS, ago(60))
                .sha("c3")
                .revision(1)
                .build());
        world.emit();

        assertThat(world.fact("7").finishedAt()).isEqualTo(ago(60));
        assertThat(world.fact("7").leadTimeMs()).isEqualTo(30 * HOUR);
        assertThat(world.window(7).meanMs()).isEqualTo(30.0 * HOUR);
        assertThat(world.period("2025-W20").n()).isEqualTo(1);
    }

    @Test
    void nextDeploymentHoldsIt_whereTheFirstIsDeleted_thenNone() {
        baseline();
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(90)));
        world.deploy("d2", ago(40), "c3");
        world.deploy("d3", ago(20), "c4");
        world.emit();
        assertThat(world.fact("7").deploymentId()).isEqualTo("d2");

        world.delete("d2");
        world.emit();
        assertThat(world.fact("7").deploymentId()).isEqualTo("d3");
        assertThat(world.fact("7").leadTimeMs()).isEqualTo(70 * HOUR);
        assertThat(world.window(7).n()).isEqualTo(1);

        world.delete("d3");
        world.emit();
        assertThat(world.fact("7").deleted()).isTrue();
        assertThat(world.fact("7").repository()).isEqualTo(REPOSITORY);
        assertThat(world.fact("7").deploymentId()).isNull();
        assertThat(world.window(7).n()).isZero();
        assertThat(world.period("2025-Q2").n()).isZero();
    }

    @Test
    void deletedPullRequestLeavesEveryRange() {
        baseline();
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(90)));
        world.deploy("d2", ago(40), "c3");
        world.emit();
        world.accept(pullRequest("7", PullRequestState.DELETED, NOW));
        world.emit();

        assertThat(world.fact("7").deleted()).isTrue();
        assertThat(world.window(90).n()).isZero();
        assertThat(world.period("2025-05").n()).isZero();
    }

    @Test
    void sameEventAgainPublishesNothing() {
        baseline();
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(90)));
        world.deploy("d2", ago(40), "c3");
        world.emit();
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(90)));
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(90)).eventId("another that says the same"));
        LedgerRows rows = world.emit();

        assertThat(rows.dora()).isNull();
        assertThat(rows.pullRequests()).isEmpty();
    }

    @Test
    void pullRequestsOfTwoRepositoriesWithOneIdAreApart() {
        baseline();
        world.accept(merged("7", 70, "c2").firstCommitAt(ago(90)));
        world.accept(merged("7", 70, "s2").repository("acme/settings 2").firstCommitAt(ago(80)));
        world.deploy("d2", ago(40), "c3");
        world.accept(observed("s1", DeploymentState.SUCCESS, ago(99))
                .sha("s1")
                .repository("acme/settings 2")
                .build());
        world.accept(observed("s2", DeploymentState.SUCCESS, ago(30))
                .sha("s2")
                .repository("acme/settings 2")
                .build());
        LedgerRows rows = world.emit();

        assertThat(rows.pullRequests())
                .extracting(PullRequestFact::repository, PullRequestFact::deploymentId, PullRequestFact::leadTimeMs)
                .containsExactlyInAnyOrder(
                        tuple(REPOSITORY, "d2", 50 * HOUR), tuple("acme/settings 2", "s2", 50 * HOUR));
        assertThat(world.window(7).n()).isEqualTo(2);
    }

    // ---- cherry-picks

    private void originalAndCherryPick() {
        baseline();
        world.accept(merged("7", 140, "c2").firstCommitAt(ago(145)));
        world.accept(merged("8", 130, "c3").firstCommitAt(ago(145)).cherryPickOf("7"));
    }

    @Test
    void cherryPickCountsWhereTheOriginalIsNotDeployed() {
        originalAndCherryPick();
        world.accept(commit("line", ago(135)));
        world.accept(pullRequest("8", PullRequestState.AMENDED, NOW).revision(1).mergeSha("line"));
        world.deploy("d2", ago(40), "line");
        world.emit();

        assertThat(world.fact("8").counted()).isTrue();
        assertThat(world.window(7).n()).isEqualTo(1);
    }

    @Test
    void ofACherryPickAndItsOriginalTheOneThatIsDeployedFirstCounts() {
        originalAndCherryPick();
        world.deploy("d2", ago(50), "c2");
        world.deploy("d3", ago(40), "c3");
        world.emit();
        assertThat(world.fact("7").counted()).isTrue();
        assertThat(world.excluded("8")).isEqualTo("CHERRY_PICK");
        assertThat(world.fact("8").leadTimeMs()).isNull();
        assertThat(world.window(7).n()).isEqualTo(1);
        assertThat(world.window(7).meanMs()).isEqualTo(95.0 * HOUR);

        world.accept(observed("d2", DeploymentState.DELETED, NOW).sha("c2").build());
        world.emit();
        assertThat(world.fact("7").deploymentId()).isEqualTo("d3");
        assertThat(world.fact("7").counted()).as("of one deployment, by id").isTrue();
        assertThat(world.excluded("8")).isEqualTo("CHERRY_PICK");
    }

    @Test
    void originalThatIsDeployedAfterItsCherryPickIsLeftOut_untilTheCherryPickIsGone() {
        baseline();
        world.accept(merged("7", 140, "c4").firstCommitAt(ago(145)));
        world.accept(merged("8", 130, "c2").firstCommitAt(ago(145)).cherryPickOf("7"));
        world.deploy("d2", ago(50), "c2");
        world.deploy("d3", ago(30), "c4");
        world.emit();
        assertThat(world.fact("8").counted()).isTrue();
        assertThat(world.excluded("7")).isEqualTo("CHERRY_PICK");
        assertThat(world.window(7).meanMs()).isEqualTo(95.0 * HOUR);

        world.accept(pullRequest("8", PullRequestState.DELETED, NOW));
        world.emit();
        assertThat(world.fact("7").counted()).isTrue();
        assertThat(world.window(7).meanMs()).isEqualTo(115.0 * HOUR);
        assertThat(world.period("2025-W20").n()).isEqualTo(1);
    }

    @Test
    void orderOfDeploymentsDecides_alsoWhereADeploymentMoves() {
        originalAndCherryPick();
        world.deploy("d2", ago(50), "c2");
        world.deploy("d3", ago(40), "c3");
        world.emit();
        assertThat(world.excluded("8")).isEqualTo("CHERRY_PICK");

        world.accept(pullRequest("7", PullRequestState.AMENDED, NOW).revision(1).mergeSha("c4"));
        world.deploy("d4", ago(20), "c4");
        world.emit();
        assertThat(world.fact("8").counted()).isTrue();
        assertThat(world.excluded("7")).isEqualTo("CHERRY_PICK");

        world.accept(observed("d3", DeploymentState.SUCCESS, ago(10))
                .sha("c3")
                .revision(1)
                .build());
        world.emit();
        assertThat(world.fact("7").counted()).as("both came with d4").isTrue();
        assertThat(world.fact("7").deploymentId()).isEqualTo("d4");
        assertThat(world.excluded("8")).isEqualTo("CHERRY_PICK");
    }

    @Test
    void cherryPickCounts_whereTheOriginalDoesNotByItself() {
        baseline();
        world.accept(merged("7", 152, "c1").firstCommitAt(ago(200)));
        world.accept(merged("8", 130, "c3").firstCommitAt(ago(145)).cherryPickOf("7"));
        world.deploy("d2", ago(40), "c3");
        world.emit();

        assertThat(world.excluded("7")).isEqualTo("SEED");
        assertThat(world.fact("8").counted()).isTrue();

        world.deploy("d0", ago(155), "c0");
        world.accept(commit("c1", ago(156), "c0", "side"));
        world.emit();

        assertThat(world.fact("7").counted()).as("d0 is the baseline now").isTrue();
        assertThat(world.excluded("8")).isEqualTo("CHERRY_PICK");
    }

    @Test
    void twoCherryPicksOfOneOriginalAreOneChange() {
        baseline();
        world.accept(merged("8", 130, "c2").firstCommitAt(ago(145)).cherryPickOf("7"));
        world.accept(merged("9", 130, "c3").firstCommitAt(ago(145)).cherryPickOf("7"));
        world.deploy("d2", ago(50), "c2");
        world.deploy("d3", ago(40), "c3");
        world.emit();

        assertThat(world.fact("8").counted()).isTrue();
        assertThat(world.excluded("9")).isEqualTo("CHERRY_PICK");
    }

    @Test
    void pullRequestThatRepeatsItselfCounts() {
        baseline();
        world.accept(merged("7", 130, "c2").firstCommitAt(ago(145)).cherryPickOf("7"));
        world.deploy("d2", ago(50), "c2");
        world.emit();

        assertThat(world.fact("7").counted()).isTrue();
    }

    @Test
    void correctionMakesACherryPickAPullRequestLikeAnyOther() {
        originalAndCherryPick();
        world.deploy("d2", ago(50), "c2");
        world.deploy("d3", ago(40), "c3");
        world.emit();
        assertThat(world.excluded("8")).isEqualTo("CHERRY_PICK");

        world.accept(pullRequest("8", PullRequestState.AMENDED, NOW).revision(1).cherryPickOf("6"));
        world.emit();

        assertThat(world.fact("8").counted()).isTrue();
        assertThat(world.window(7).n()).isEqualTo(2);
    }

    @Test
    void orderOfArrivalPlaysNoPart() {
        var events = new ArrayList<DeliveryEvent>();
        for (int i = 1; i <= 6; i++) {
            events.add(i == 1 ? commit("c1", ago(200)) : commit("c" + i, ago(200 - i), "c" + (i - 1)));
            events.add(observed("d" + i, DeploymentState.SUCCESS, ago(100 - 10 * i))
                    .sha("c" + i)
                    .build());
            Observation merged = merged("p" + i, 180, "c" + i).firstCommitAt(ago(190));
            events.add((i % 2 == 0 ? merged.cherryPickOf("p" + (i == 2 ? 3 : i - 1)) : merged).build());
            events.add(reviewed("p" + i, 185).build());
        }
        events.add(observed("d3", DeploymentState.SUCCESS, ago(5))
                .sha("c3")
                .revision(1)
                .build());
        events.add(pullRequest("p5", PullRequestState.DELETED, ago(1)).build());
        events.forEach(world::accept);
        world.emit();
        assertThat(world.pullRequests.values())
                .extracting(PullRequestFact::id, PullRequestFact::counted)
                .as("p2 and p4 repeat p3, which came with d4 in the end; p6 repeats p5, which is gone")
                .containsExactlyInAnyOrder(
                        tuple("p1", false),
                        tuple("p2", true),
                        tuple("p3", false),
                        tuple("p4", false),
                        tuple("p5", false),
                        tuple("p6", true));
        world.pullRequests.values().removeIf(PullRequestFact::deleted);
        for (long seed = 1; seed <= 40; seed++) {
            Collections.shuffle(events, new Random(seed));
            World shuffled = new World(ZoneOffset.UTC);
            for (DeliveryEvent event : events) {
                shuffled.accept(event);
                if (event.header().id().hashCode() % 3 == 0) {
                    shuffled.pipeline.emit(NOW).values().forEach(shuffled::keep);
                }
            }
            shuffled.emit();
            shuffled.pullRequests.values().removeIf(PullRequestFact::deleted);
            assertThat(shuffled.pullRequests).as("seed %d", seed).isEqualTo(world.pullRequests);
            assertThat(shuffled.window(30)).as("seed %d", seed).isEqualTo(world.window(30));
        }
    }

    // ---- what is remembered

    @Test
    void nothingIsRememberedOfWhatNoDeploymentHolds() {
        var tables = new MemoryLedgerTables();
        var ledger = new DeliveryLedger(
                new ServiceEnvironment(TENANT, SERVICE, ENVIRONMENT, ZoneOffset.UTC, ServiceEnvironment.LINK_WINDOW),
                tables);
        List<String> ids = List.of("1", "2", "3");
        ids.forEach(id -> ledger.own(owned(id, "d1")));
        assertThat(tables.pullRequests().keys()).hasSize(3);
        assertThat(tables.pullRequestRanges().keys()).containsExactly("d1");
        assertThat(tables.cherryPicks().keys()).hasSize(1);

        ledger.own(owned("2", "d2"));
        assertThat(tables.pullRequestRanges().keys()).containsExactlyInAnyOrder("d1", "d2");
        ids.forEach(id -> ledger.own(owned(id, null)));
        LedgerRows rows = ledger.emit(NOW);

        assertThat(rows.pullRequests()).hasSize(3).allMatch(PullRequestFact::deleted);
        assertThat(tables.pullRequests().keys()).isEmpty();
        assertThat(tables.pullRequestRanges().keys()).isEmpty();
        assertThat(tables.cherryPicks().keys()).isEmpty();
        assertThat(tables.dirty().keys()).isEmpty();
    }

    private static PullRequestOwnership owned(String id, @Nullable String deploymentId) {
        boolean owned = deploymentId != null;
        return new PullRequestOwnership(
                SERVICE,
                ENVIRONMENT,
                REPOSITORY,
                id,
                deploymentId,
                null,
                null,
                false,
                owned ? ago(9) : null,
                null,
                owned ? ago(8) : null,
                owned && id.equals("3") ? "1" : null);
    }
}
