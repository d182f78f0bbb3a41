package dev.sluice.dora;

import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.REPOSITORY;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.TENANT;
import static dev.sluice.delivery.DeliveryFixture.commit;
import static dev.sluice.delivery.DeliveryFixture.observed;
import static dev.sluice.delivery.DeliveryFixture.revert;
import static dev.sluice.delivery.DeliveryFixture.touching;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.delivery.CommitGraph;
import dev.sluice.delivery.CommitOwnership;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryFixture.Observation;
import dev.sluice.delivery.DeployedHead;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentRegister;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.Parentage;
import dev.sluice.simulation.MemoryTable;
import dev.sluice.simulation.Pipeline.MemoryLedgerTables;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryLedgerTest {
    /** Wednesday, in the middle of a quarter. */
    private static final LocalDate TODAY = LocalDate.of(2025, 5, 14);

    private static final Instant NOW = on(TODAY, 18);
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** One series from its events to what its readers have, in UTC unless another zone is told. */
    private static final class World {
        private final CommitGraph graph = new CommitGraph(REPOSITORY, new MemoryTable<>(), new MemoryTable<>());
        private final DeploymentRegister register = new DeploymentRegister(new MemoryTable<>());
        private final DeliveryLedger ledger;
        private final Map<String, DeploymentFact> deployments = new HashMap<>();
        private final Map<String, ChangeFact> changes = new HashMap<>();
        private final Map<String, PeriodRow> periods = new HashMap<>();
        private @Nullable DoraRow dora;
        private @Nullable CurrentRow current;

        World(ZoneId zone) {
            ledger = new DeliveryLedger(
                    new ServiceEnvironment(TENANT, SERVICE, ENVIRONMENT, zone, ServiceEnvironment.LINK_WINDOW),
                    new MemoryLedgerTables());
        }

        World() {
            this(ZoneOffset.UTC);
        }

        void commit(CommitRecorded commit) {
            graph.record(commit).forEach(ledger::own);
        }

        void observe(Observation observation) {
            DeploymentObserved observed = observation.build();
            DeploymentRegister.Change change = register.observe(observed);
            if (change != null && REPOSITORY.equals(observed.repository())) {
                DeployedHead head = change.headAfter();
                (head == null
                                ? graph.withdraw(DeployedHead.key(observed.deploymentId(), SERVICE, ENVIRONMENT))
                                : graph.deploy(head))
                        .forEach(ledger::own);
            }
            ledger.observe(observed);
        }

        /** A commit of a repository that has no graph here. */
        void own(String repository, String sha, String deploymentId, Instant authoredAt) {
            ledger.own(new CommitOwnership(
                    SERVICE,
                    ENVIRONMENT,
                    repository,
                    sha,
                    deploymentId,
                    authoredAt,
                    false,
                    Parentage.EXPLICIT,
                    List.of()));
        }

        LedgerRows emit(Instant now) {
            LedgerRows rows = ledger.emit(now);
            rows.deployments().forEach(fact -> deployments.put(fact.id(), fact));
            rows.changes().forEach(fact -> changes.put(fact.sha(), fact));
            rows.periods().forEach(row -> periods.put(row.label(), row));
            dora = rows.dora() == null ? dora : rows.dora();
            current = rows.current() == null ? current : rows.current();
            return rows;
        }

        DeploymentFact deployment(String id) {
            return requireNonNull(deployments.get(id), id);
        }

        @Nullable
        DeploymentKind kind(String id) {
            return deployment(id).kind();
        }

        ChangeFact change(String sha) {
            return requireNonNull(changes.get(sha), sha);
        }

        PeriodRow period(String label) {
            return requireNonNull(periods.get(label), label);
        }

        CurrentRow current() {
            return requireNonNull(current);
        }

        DoraRow dora() {
            return requireNonNull(dora);
        }

        DeliveryMetrics window(int days) {
            return dora().windows().stream()
                    .filter(window -> window.days() == days)
                    .findFirst()
                    .orElseThrow()
                    .metrics();
        }
    }

    private final World world = new World();

    private static Instant on(LocalDate day, int hour) {
        return day.atTime(hour, 0).toInstant(ZoneOffset.UTC);
    }

    /** Hours before {@link #NOW}. */
    private static Instant ago(int hours) {
        return NOW.minus(Duration.ofHours(hours));
    }

    private static Observation deployed(String id, Instant at) {
        return observed(id, DeploymentState.SUCCESS, at);
    }

    private static Observation failed(String id, Instant at) {
        return observed(id, DeploymentState.FAILURE, at);
    }

    /** c1 <- … <- c6, authored 106, 105, … 101 hours ago. */
    private void sixCommits() {
        for (int i = 1; i <= 6; i++) {
            Instant at = ago(107 - i);
            world.commit(i == 1 ? commit("c1", at) : commit("c" + i, at, "c" + (i - 1)));
        }
    }

    // ---- nothing

    @Test
    void nothingKnown_nothingIsPublished() {
        LedgerRows rows = world.emit(NOW);

        assertThat(rows.dora()).isNull();
        assertThat(rows.current()).isNull();
        assertThat(rows.periods()).isEmpty();
        assertThat(world.ledger.nextChange(NOW)).isEmpty();
    }

    @Test
    void commitOfOtherServices_isInTheRangeAndInNoLeadTime() {
        world.commit(commit("c1", ago(300)));
        world.commit(commit("c2", ago(200), "c1"));
        world.commit(touching(List.of("other"), "c3", ago(190), "c2"));
        world.observe(observed("d1", DeploymentState.SUCCESS, ago(250)).sha("c1"));
        world.observe(observed("d2", DeploymentState.SUCCESS, ago(100)).sha("c3"));
        world.emit(NOW);

        assertThat(world.change("c3").counted()).isFalse();
        assertThat(world.change("c3").excludedReason()).isEqualTo("OTHER_SERVICE");
        assertThat(world.change("c2").counted()).isTrue();
        assertThat(world.deployment("d2").commits()).isEqualTo(2);
        assertThat(world.window(30).changeLeadTime().n()).isEqualTo(1);
    }

    @Test
    void nothingFinished_ratesAreNullWithAReasonAndCountsAreZero() {
        world.observe(observed("d1", DeploymentState.STARTED, ago(1)));
        world.emit(NOW);

        assertThat(world.dora().asOfDay()).isEqualTo(TODAY);
        assertThat(world.dora().windows())
                .extracting(DoraRow.WindowMetrics::days)
                .containsExactly(7, 30, 90);
        for (DoraRow.WindowMetrics window : world.dora().windows()) {
            assertNothing(window.metrics());
        }
        DeliveryMetrics metrics = world.window(30);
        assertThat(metrics.deploymentFrequency().count()).isZero();
        assertThat(metrics.deploymentFrequency().perDay()).isZero();
        assertThat(metrics.changeLeadTime().medianMs()).isNull();
        assertThat(metrics.changeLeadTime().p90Ms()).isNull();
        assertThat(metrics.changeLeadTime().reason()).isEqualTo("no_changes");
        assertThat(metrics.deploymentSuccessRate().value()).isNull();
        assertThat(metrics.deploymentSuccessRate().reason()).isEqualTo("no_attempts");
        assertThat(world.current().deleted()).isTrue();
        assertThat(world.dora().deleted()).isFalse();
    }

    @Test
    void lastDeploymentDeleted_theRowsSayDeleted() {
        world.observe(deployed("d1", ago(50)).version("v1"));
        world.emit(NOW);
        assertThat(world.dora().deleted()).isFalse();
        assertThat(world.period("2025-Q2").deleted()).isFalse();

        world.observe(observed("d1", DeploymentState.DELETED, ago(1)));
        world.emit(NOW);

        assertThat(world.dora().deleted()).isTrue();
        assertThat(world.current().deleted()).isTrue();
        assertThat(world.period("2025-Q2").deleted()).isTrue();
        assertThat(world.deployment("d1").deleted()).isTrue();
    }

    private static void assertNothing(DeliveryMetrics metrics) {
        DeliveryMetrics.DeploymentFrequency frequency = metrics.deploymentFrequency();
        assertThat(frequency.count() + frequency.deployDays() + frequency.rollback() + frequency.redeploy())
                .isZero();
        assertThat(metrics.with(DeliveryMetrics.empty().deploymentFrequency())).isEqualTo(DeliveryMetrics.empty());
    }

    // ---- kinds

    @Test
    void firstDeploymentOnlySetsTheBaseline() {
        sixCommits();
        world.observe(deployed("d1", ago(50)).version("v1").sha("c3"));
        world.emit(NOW);

        assertThat(world.deployment("d1").seed()).isTrue();
        assertThat(world.kind("d1")).isEqualTo(DeploymentKind.FORWARD);
        assertThat(world.window(7).deploymentFrequency().count()).isEqualTo(1);
        assertThat(world.window(7).changeLeadTime().n()).isZero();
        assertThat(world.change("c3").counted()).isFalse();
        assertThat(world.change("c3").excludedReason()).isEqualTo("SEED");
    }

    @Test
    void firstDeploymentWithoutACommitSetsNoBaseline() {
        sixCommits();
        world.observe(deployed("d1", ago(60)).version("v1"));
        world.observe(deployed("d2", ago(50)).version("v2").sha("c3"));
        world.observe(deployed("d3", ago(40)).version("v3").sha("c4"));
        world.emit(NOW);

        assertThat(world.deployment("d1").seed()).isFalse();
        assertThat(world.deployment("d2").seed()).isTrue();
        assertThat(world.window(7).changeLeadTime().n()).isEqualTo(1);
    }

    @Test
    void baselineDeleted_theNextDeploymentIsTheBaseline() {
        sixCommits();
        world.observe(deployed("d1", ago(60)).version("v1").sha("c1"));
        world.observe(deployed("d2", ago(55)).version("v1-config"));
        world.observe(deployed("d3", ago(50)).version("v2").sha("c3"));
        world.emit(NOW);
        assertThat(world.window(7).changeLeadTime().n()).isEqualTo(2);

        world.observe(observed("d1", DeploymentState.DELETED, ago(1)));
        world.emit(NOW);

        assertThat(world.deployment("d3").seed()).isTrue();
        assertThat(world.window(7).changeLeadTime().n()).isZero();
    }

    @Test
    void eachRepositoryHasABaselineOfItsOwn() {
        sixCommits();
        world.observe(deployed("d1", ago(60)).version("v1").sha("c2"));
        world.own("settings", "s1", "d2", ago(90));
        world.observe(deployed("d2", ago(55)).version("v2").sha("s1").repository("settings"));
        world.own("settings", "s2", "d3", ago(60));
        world.observe(deployed("d3", ago(50)).version("v3").sha("s2").repository("settings"));
        world.observe(deployed("d4", ago(45)).version("v4").sha("c3"));
        world.emit(NOW);

        assertThat(world.deployments.values())
                .filteredOn(DeploymentFact::seed)
                .extracting(DeploymentFact::id)
                .containsExactlyInAnyOrder("d1", "d2");
        assertThat(world.window(7).changeLeadTime().n()).as("s2 and c3").isEqualTo(2);

        world.observe(observed("d2", DeploymentState.DELETED, ago(1)));
        world.emit(NOW);
        assertThat(world.deployment("d3").seed()).isTrue();
        assertThat(world.window(7).changeLeadTime().n()).as("c3").isEqualTo(1);
    }

    @Test
    void deploymentWithoutAVersionComparesItsCommitWithThoseOfVersions() {
        sixCommits();
        world.observe(deployed("d1", ago(60)).version("v1").sha("c1"));
        world.observe(deployed("d2", ago(50)).version("v2").sha("c2"));
        world.observe(deployed("d3", ago(40)).sha("c2"));
        world.observe(deployed("d4", ago(30)).sha("c1"));
        world.observe(deployed("d5", ago(20)).version("v3").sha("c1"));
        world.emit(NOW);

        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.REDEPLOY);
        assertThat(world.kind("d4")).isEqualTo(DeploymentKind.ROLLBACK);
        assertThat(world.kind("d5")).as("a version is compared with versions").isEqualTo(DeploymentKind.CONFIG);
    }

    @Test
    void baselineMoves_whereAnEarlierDeploymentArrivesLater() {
        sixCommits();
        world.observe(deployed("d2", ago(40)).version("v2").sha("c4"));
        world.emit(NOW);
        world.observe(deployed("d1", ago(50)).version("v1").sha("c2"));
        world.emit(NOW);

        assertThat(world.deployment("d1").seed()).isTrue();
        assertThat(world.deployment("d2").seed()).isFalse();
        assertThat(world.change("c2").excludedReason()).isEqualTo("SEED");
        assertThat(world.change("c4").counted()).isTrue();
        assertThat(world.window(7).changeLeadTime().n()).isEqualTo(2);
    }

    @Test
    void rollbackIsNoFrequencyAndOwnsNoCommit() {
        sixCommits();
        world.observe(deployed("d1", ago(50)).version("v1").sha("c2"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("c4"));
        world.observe(deployed("d3", ago(30)).version("v1").sha("c2"));
        world.emit(NOW);

        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.ROLLBACK);
        assertThat(world.deployment("d3").counted()).isFalse();
        assertThat(world.deployment("d3").excludedReason()).isEqualTo("ROLLBACK");
        assertThat(world.deployment("d3").commits()).isZero();
        assertThat(world.window(7).deploymentFrequency())
                .extracting(
                        DeliveryMetrics.DeploymentFrequency::count,
                        DeliveryMetrics.DeploymentFrequency::forward,
                        DeliveryMetrics.DeploymentFrequency::rollback,
                        DeliveryMetrics.DeploymentFrequency::redeploy)
                .containsExactly(2, 2, 1, 0);
        assertThat(world.window(7).deploymentSuccessRate().success()).isEqualTo(3);
        assertThat(world.current().version()).isEqualTo("v1");
        assertThat(world.current().deploymentId()).isEqualTo("d3");
        assertThat(world.current().previousVersion()).isEqualTo("v2");
    }

    @Test
    void commitIsCountedOnce_whereItIsRolledBackAndDeployedAgain() {
        sixCommits();
        world.observe(deployed("d1", ago(50)).version("v1").sha("c2"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("c4"));
        world.observe(deployed("d3", ago(30)).version("v1").sha("c2"));
        world.observe(deployed("d4", ago(20)).version("v2").sha("c4"));
        world.emit(NOW);

        assertThat(world.kind("d4")).isEqualTo(DeploymentKind.ROLLBACK);
        assertThat(world.change("c4").deploymentId()).isEqualTo("d2");
        assertThat(world.window(7).changeLeadTime().n()).isEqualTo(2);
    }

    @Test
    void runningVersionAgainIsARedeployAndNoRollback() {
        world.observe(deployed("d1", ago(50)).version("v1"));
        world.observe(deployed("d2", ago(40)).version("v1"));
        world.emit(NOW);

        assertThat(world.kind("d2")).isEqualTo(DeploymentKind.REDEPLOY);
        assertThat(world.deployment("d2").excludedReason()).isEqualTo("REDEPLOY");
        assertThat(world.window(7).deploymentFrequency().count()).isEqualTo(1);
        assertThat(world.window(7).deploymentFrequency().redeploy()).isEqualTo(1);
        assertThat(world.current().deploymentId()).isEqualTo("d2");
        assertThat(world.current().previousVersion()).isNull();
    }

    @Test
    void redeployAfterARollbackIsARedeploy() {
        world.observe(deployed("d1", ago(50)).version("v1"));
        world.observe(deployed("d2", ago(40)).version("v2"));
        world.observe(deployed("d3", ago(30)).version("v1"));
        world.observe(deployed("d4", ago(20)).version("v1"));
        world.emit(NOW);

        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.ROLLBACK);
        assertThat(world.kind("d4")).isEqualTo(DeploymentKind.REDEPLOY);
    }

    @Test
    void deploymentWithoutNewCommitsIsConfig() {
        sixCommits();
        world.observe(deployed("d1", ago(50)).version("v1").sha("c2"));
        world.observe(deployed("d2", ago(40)).version("v1-config2").sha("c2"));
        world.observe(deployed("d3", ago(30)).version("v1-config3"));
        world.emit(NOW);

        assertThat(world.kind("d2")).isEqualTo(DeploymentKind.CONFIG);
        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.CONFIG);
        assertThat(world.deployment("d3").counted()).isTrue();
        assertThat(world.window(7).deploymentFrequency().count()).isEqualTo(3);
        assertThat(world.window(7).deploymentFrequency().config()).isEqualTo(2);
        assertThat(world.window(7).changeLeadTime().reason()).isEqualTo("no_changes");
    }

    @Test
    void commitDecides_whereNoVersionIsGiven() {
        sixCommits();
        world.observe(deployed("d1", ago(50)).sha("c2"));
        world.observe(deployed("d2", ago(40)).sha("c4"));
        world.observe(deployed("d3", ago(30)).sha("c2"));
        world.observe(deployed("d4", ago(20)).sha("c2"));
        world.emit(NOW);

        assertThat(world.kind("d2")).isEqualTo(DeploymentKind.FORWARD);
        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.ROLLBACK);
        assertThat(world.kind("d4")).isEqualTo(DeploymentKind.REDEPLOY);
    }

    @Test
    void statedKindWins() {
        world.observe(deployed("d1", ago(50)).version("v1"));
        world.observe(deployed("d2", ago(40)).version("v2").statedKind(DeploymentKind.ROLLBACK));
        world.emit(NOW);

        assertThat(world.kind("d2")).isEqualTo(DeploymentKind.ROLLBACK);
        assertThat(world.window(7).deploymentFrequency().count()).isEqualTo(1);
    }

    @Test
    void insertedDeploymentIsJudgedAndJudgesItsSuccessors() {
        world.observe(deployed("d1", ago(50)).version("v1").sha("c1"));
        world.observe(deployed("d3", ago(30)).version("v1"));
        world.emit(NOW);
        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.REDEPLOY);

        world.observe(deployed("d2", ago(40)).version("v2").sha("c2"));
        world.emit(NOW);
        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.ROLLBACK);

        world.observe(observed("d1", DeploymentState.DELETED, ago(10)));
        world.emit(NOW);
        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.CONFIG);
        assertThat(world.deployment("d1").deleted()).isTrue();
        assertThat(world.deployment("d2").seed()).isTrue();
    }

    @Test
    void idDecides_whereTwoFinishInTheSameSecond() {
        world.observe(deployed("b", ago(50)).version("v2").sha("c2"));
        world.observe(deployed("a", ago(50)).version("v1").sha("c1"));
        world.observe(deployed("c", ago(50)).version("v1").sha("c1"));
        world.emit(NOW);

        assertThat(world.deployment("a").seed()).isTrue();
        assertThat(world.deployment("b").seed()).isFalse();
        assertThat(world.kind("c")).isEqualTo(DeploymentKind.ROLLBACK);
        assertThat(world.current().deploymentId()).isEqualTo("c");
        assertThat(world.current().previousDeploymentId()).isEqualTo("b");
    }

    // ---- results

    @Test
    void failureThenSuccessAreTwoAttemptsAndOneDeployment() {
        sixCommits();
        world.observe(deployed("d1", ago(50)).version("v1").sha("c2"));
        world.observe(failed("d2", ago(40)).version("v2").sha("c4"));
        world.observe(deployed("d3", ago(30)).version("v2").sha("c4"));
        world.emit(NOW);

        assertThat(world.window(7).deploymentFrequency().count()).isEqualTo(2);
        assertThat(world.window(7).deploymentSuccessRate())
                .isEqualTo(new DeliveryMetrics.DeploymentSuccessRate(3, 2 / 3.0, null, 2, 1, 0, 0, 0, null));
        assertThat(world.kind("d2")).isNull();
        assertThat(world.deployment("d2").excludedReason()).isEqualTo("FAILURE");
        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.FORWARD);
        assertThat(world.change("c4").deploymentId()).isEqualTo("d3");
    }

    @Test
    void failedDeploymentDoesNotRun() {
        world.observe(deployed("d1", ago(50)).version("v1"));
        world.observe(failed("d2", ago(40)).version("v2"));
        world.observe(deployed("d3", ago(30)).version("v1"));
        world.emit(NOW);

        assertThat(world.kind("d3")).isEqualTo(DeploymentKind.REDEPLOY);
        assertThat(world.current().version()).isEqualTo("v1");
    }

    @Test
    void cancelledAndSkippedAreInNoRate() {
        world.observe(observed("d1", DeploymentState.CANCELLED, ago(50)));
        world.observe(observed("d2", DeploymentState.SKIPPED, ago(40)));
        world.emit(NOW);

        assertThat(world.window(7).deploymentSuccessRate())
                .isEqualTo(new DeliveryMetrics.DeploymentSuccessRate(0, null, null, 0, 0, 1, 1, 0, "no_attempts"));
    }

    @Test
    void attemptWithoutAnEndTimesOutAfter24Hours() {
        world.observe(observed("d1", DeploymentState.STARTED, ago(10)).version("v1"));
        world.emit(NOW);
        assertThat(world.deployment("d1").result()).isEqualTo("IN_PROGRESS");
        assertThat(world.ledger.nextChange(NOW)).contains(ago(10).plus(Duration.ofHours(24)));

        Instant deadline = ago(10).plus(Duration.ofHours(24));
        world.emit(deadline);

        assertThat(world.deployment("d1").result()).isEqualTo("TIMED_OUT");
        assertThat(world.deployment("d1").finishedAt()).isEqualTo(deadline);
        assertThat(world.window(7).deploymentSuccessRate())
                .isEqualTo(new DeliveryMetrics.DeploymentSuccessRate(0, null, null, 0, 0, 0, 0, 1, "no_attempts"));
    }

    @Test
    void lateResultReplacesTheTimeOut() {
        world.observe(observed("d1", DeploymentState.STARTED, ago(50)).version("v1"));
        world.emit(NOW);
        assertThat(world.deployment("d1").result()).isEqualTo("TIMED_OUT");

        world.observe(deployed("d1", ago(20)).version("v1"));
        world.emit(NOW);

        assertThat(world.deployment("d1").result()).isEqualTo("SUCCESS");
        assertThat(world.window(7).deploymentSuccessRate())
                .isEqualTo(new DeliveryMetrics.DeploymentSuccessRate(1, 1.0, null, 1, 0, 0, 0, 0, null));
    }

    @Test
    void deletionTakesEverythingBack() {
        sixCommits();
        world.observe(deployed("d1", ago(50)).version("v1").sha("c2"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("c4"));
        world.emit(NOW);
        world.observe(observed("d2", DeploymentState.DELETED, ago(1)));
        world.emit(NOW);

        assertThat(world.window(7).deploymentFrequency().count()).isEqualTo(1);
        assertThat(world.window(7).changeLeadTime().n()).isZero();
        assertThat(world.deployment("d2").deleted()).isTrue();
        assertThat(world.change("c4").deleted()).isTrue();
        assertThat(world.current().version()).isEqualTo("v1");
        DeliveryMetrics may = world.period("2025-05").metrics();
        assertThat(may.deploymentFrequency().count()).isEqualTo(1);
        assertThat(may.changeLeadTime().n()).isZero();
        assertThat(may.deploymentSuccessRate().n()).isEqualTo(1);
    }

    // ---- change lead time

    @Test
    void leadTimeIsFromAuthoringToTheEndOfTheFirstDeployment() {
        sixCommits();
        world.observe(deployed("d1", ago(100)).version("v1").sha("c1"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("c5"));
        world.emit(NOW);

        // authored 105, 104, 103, 102 h ago; deployed 40 h ago: 65, 64, 63, 62 h
        assertThat(world.change("c2").leadTimeMs())
                .isEqualTo(Duration.ofHours(65).toMillis());
        assertThat(world.window(7).changeLeadTime().n()).isEqualTo(4);
        assertThat(world.window(7).changeLeadTime().medianMs()).isEqualTo(63.5 * 3_600_000);
        assertThat(requireNonNull(world.window(7).changeLeadTime().p90Ms())).isCloseTo(64.7 * 3_600_000, within(1e-3));
    }

    @Test
    void mergeHasNoLeadTime() {
        world.commit(commit("base", ago(90)));
        world.observe(deployed("d1", ago(80)).version("v1").sha("base"));
        world.commit(commit("left", ago(70), "base"));
        world.commit(commit("right", ago(60), "base"));
        world.commit(commit("merge", ago(50), "left", "right"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("merge"));
        world.emit(NOW);

        assertThat(world.change("merge").excludedReason()).isEqualTo("MERGE");
        assertThat(world.deployment("d2").commits()).isEqualTo(3);
        assertThat(world.window(7).changeLeadTime().n()).isEqualTo(2);
        assertThat(world.window(7).changeLeadTime().medianMs()).isEqualTo(25.0 * 3_600_000);
    }

    @Test
    void commitAuthoredAfterItsDeploymentIsClockSkew() {
        world.commit(commit("c1", ago(90)));
        world.observe(deployed("d1", ago(80)).version("v1").sha("c1"));
        world.commit(commit("c2", ago(40), "c1"));
        world.commit(commit("c3", ago(40).plusMillis(1), "c2"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("c3"));
        world.emit(NOW);

        assertThat(world.change("c2").leadTimeMs()).isZero();
        assertThat(world.change("c3").excludedReason()).isEqualTo("CLOCK_SKEW");
        assertThat(world.change("c3").leadTimeMs()).isNull();
        assertThat(world.window(7).changeLeadTime().n()).isEqualTo(1);
        assertThat(world.window(7).changeLeadTime().clockSkew()).isEqualTo(1);
    }

    @Test
    void missingCommitIsFlagged_untilItIsRecorded() {
        world.commit(commit("c1", ago(90)));
        world.observe(deployed("d1", ago(80)).version("v1").sha("c1"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("c2"));
        world.emit(NOW);
        assertThat(world.change("c2").excludedReason()).isEqualTo("NOT_RECORDED");
        assertThat(world.deployment("d2").flags()).containsExactly("RANGE_INCOMPLETE");
        assertThat(world.window(7).changeLeadTime().rangeIncomplete()).isEqualTo(1);

        world.commit(commit("c2", ago(50), "c1"));
        world.emit(NOW);
        assertThat(world.change("c2").leadTimeMs())
                .isEqualTo(Duration.ofHours(10).toMillis());
        assertThat(world.deployment("d2").flags()).isEmpty();
        assertThat(world.window(7).changeLeadTime().rangeIncomplete()).isZero();
        assertThat(world.period("2025-Q2").metrics().changeLeadTime().n()).isEqualTo(1);
    }

    @Test
    void inferredRangeIsFlagged() {
        world.commit(commit("c1", ago(90)));
        world.observe(deployed("d1", ago(80)).version("v1").sha("c1"));
        world.commit(commit("c2", ago(50), Parentage.INFERRED, "c1"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("c2"));
        world.emit(NOW);

        assertThat(world.deployment("d2").flags()).containsExactly("RANGE_INFERRED");
        assertThat(world.window(7).changeLeadTime().n()).isEqualTo(1);
    }

    // ---- remediation

    @Test
    void showsWhatADeploymentRepairs() {
        world.observe(deployed("d2", ago(40)).version("v2").remediates("shop@v1"));
        world.ledger.link(new ReferenceLink(SERVICE, ENVIRONMENT, "d2", false, "shop@v1", "d1", false, true));
        world.emit(NOW);
        assertThat(world.deployment("d2").remediates()).isEqualTo("shop@v1");
        assertThat(world.deployment("d2").remediatesDeploymentId()).isEqualTo("d1");

        world.ledger.link(new ReferenceLink(SERVICE, ENVIRONMENT, "d2", false, "shop@v1", "d1", false, true));
        assertThat(world.ledger.isDirty()).as("known already").isFalse();

        world.ledger.link(new ReferenceLink(SERVICE, ENVIRONMENT, "d2", false, "shop@v1", null, false, true));
        world.emit(NOW);
        assertThat(world.deployment("d2").remediatesDeploymentId()).isNull();
    }

    @Test
    void anAnswerToAReferenceThatIsNoLongerGivenSaysNothing() {
        world.observe(deployed("d2", ago(40)).version("v2").remediates("shop@v1"));
        world.ledger.link(new ReferenceLink(SERVICE, ENVIRONMENT, "d2", false, "shop@v1", "d1", false, true));
        world.ledger.link(new ReferenceLink(SERVICE, ENVIRONMENT, "d2", false, "shop@v0", "d0", false, true));
        world.ledger.link(new ReferenceLink(SERVICE, ENVIRONMENT, "d2", false, "shop@v0", null, false, true));
        world.emit(NOW);

        assertThat(world.deployment("d2").remediatesDeploymentId()).isEqualTo("d1");
    }

    // ---- windows and days

    @Test
    void windowHoldsItsFirstMomentAndNotTheOneBefore() {
        Instant start = on(TODAY.minusDays(6), 0);
        world.observe(deployed("d1", start.minusMillis(1)).version("v1"));
        world.observe(deployed("d2", start).version("v2"));
        world.emit(NOW);

        assertThat(world.window(7).deploymentFrequency().count()).isEqualTo(1);
        assertThat(world.window(30).deploymentFrequency().count()).isEqualTo(2);
        assertThat(world.window(7).deploymentFrequency().perDay()).isEqualTo(1 / 7.0);
    }

    @Test
    void windowEndsBeforeTomorrow() {
        Instant tomorrow = on(TODAY.plusDays(1), 0);
        world.observe(deployed("d1", tomorrow.minusMillis(1)).version("v1"));
        world.observe(deployed("d2", tomorrow).version("v2"));
        world.emit(NOW);

        assertThat(world.window(90).deploymentFrequency().count()).isEqualTo(1);
        assertThat(world.window(90).deploymentFrequency().deployDays()).isEqualTo(1);
    }

    @Test
    void windowMovesAtMidnight() {
        world.observe(deployed("d1", on(TODAY.minusDays(6), 5)).version("v1"));
        world.emit(NOW);
        assertThat(world.window(7).deploymentFrequency().count()).isEqualTo(1);
        Instant midnight = on(TODAY.plusDays(1), 0);
        assertThat(world.ledger.nextChange(NOW)).contains(midnight);

        assertThat(world.emit(midnight.minusMillis(1)).dora())
                .as("nothing changed")
                .isNull();
        world.emit(midnight);

        assertThat(world.dora().asOfDay()).isEqualTo(TODAY.plusDays(1));
        assertThat(world.window(7).deploymentFrequency().count()).isZero();
        assertThat(world.window(30).deploymentFrequency().count()).isEqualTo(1);
    }

    @Test
    void keyWithEmptyWindowsHasNoTimer_onceItsQuarterIsOver() {
        LocalDate april = LocalDate.of(2025, 4, 1);
        world.observe(deployed("d1", on(april, 5)).version("v1"));
        Instant now = on(april, 6);
        int emissions = 0;
        while (true) {
            world.emit(now);
            var next = world.ledger.nextChange(now);
            if (next.isEmpty()) {
                break;
            }
            assertThat(next.get()).isAfter(now);
            now = next.get();
            assertThat(++emissions).as("emissions").isLessThan(100);
        }

        // 90 days hold it until 2025-06-29; the quarter ends with 2025-06-30
        assertThat(now).isEqualTo(on(LocalDate.of(2025, 7, 1), 0));
        assertNothing(world.window(90));
        assertThat(world.period("2025-Q2").provisional()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // Berlin goes to summer time on 2025-03-30 (23 h) and back on 2025-10-26 (25 h)
        "2025-03-30T22:30:00Z, 2025-03-31, 167",
        "2025-03-30T21:30:00Z, 2025-03-30, 167",
        "2025-10-26T22:30:00Z, 2025-10-26, 169",
        "2025-10-26T23:30:00Z, 2025-10-27, 169",
        "2025-07-01T12:00:00Z, 2025-07-01, 168",
    })
    void ratesDivideByTheRealLength_acrossSummerTime(Instant now, LocalDate day, int hours) {
        var berlin = new World(BERLIN);
        berlin.observe(deployed("d1", now.minusSeconds(60)).version("v1"));
        berlin.emit(now);

        assertThat(berlin.dora().asOfDay()).isEqualTo(day);
        assertThat(berlin.window(7).deploymentFrequency().perDay()).isCloseTo(24.0 / hours, within(1e-12));
    }

    @Test
    void dayBeginsAtLocalMidnight() {
        var berlin = new World(BERLIN);
        Instant midnight = LocalDate.of(2025, 3, 30).atStartOfDay(BERLIN).toInstant();
        assertThat(midnight).isEqualTo(Instant.parse("2025-03-29T23:00:00Z"));
        berlin.observe(deployed("d1", midnight.minusMillis(1)).version("v1"));
        berlin.observe(deployed("d2", midnight).version("v2"));
        berlin.observe(deployed("d3", Instant.parse("2025-03-30T21:59:59Z")).version("v3"));
        berlin.observe(deployed("d4", Instant.parse("2025-03-30T22:00:00Z")).version("v4"));
        berlin.emit(Instant.parse("2025-03-30T22:00:00Z"));

        assertThat(berlin.dora().asOfDay()).isEqualTo(LocalDate.of(2025, 3, 31));
        assertThat(berlin.window(7).deploymentFrequency().deployDays()).isEqualTo(3);
        assertThat(berlin.period("2025-W13").metrics().deploymentFrequency().count())
                .isEqualTo(3);
        assertThat(berlin.period("2025-W14").metrics().deploymentFrequency().count())
                .isEqualTo(1);
        assertThat(berlin.ledger.nextChange(Instant.parse("2025-03-29T23:00:00Z")))
                .as("the day of 23 hours")
                .contains(Instant.parse("2025-03-30T22:00:00Z"));
    }

    // ---- periods

    @Test
    void weekAtTheYearsEndBelongsToItsIsoYear() {
        world.observe(deployed("d1", on(LocalDate.of(2024, 12, 29), 23)).version("v1"));
        world.observe(deployed("d2", on(LocalDate.of(2024, 12, 30), 0)).version("v2"));
        world.observe(deployed("d3", on(LocalDate.of(2025, 1, 5), 23)).version("v3"));
        world.emit(on(LocalDate.of(2025, 1, 6), 0));

        assertThat(world.periods.values())
                .extracting(
                        PeriodRow::label,
                        row -> row.metrics().deploymentFrequency().count(),
                        PeriodRow::provisional)
                .containsExactlyInAnyOrder(
                        tuple("2024-W52", 1, false),
                        tuple("2025-W01", 2, false),
                        tuple("2024-12", 2, false),
                        tuple("2025-01", 1, true),
                        tuple("2024-Q4", 2, false),
                        tuple("2025-Q1", 1, true));
    }

    @Test
    void quarterIsProvisionalUntilItsEnd() {
        world.observe(deployed("d1", on(LocalDate.of(2025, 6, 20), 5)).version("v1"));
        world.emit(on(LocalDate.of(2025, 6, 20), 6));
        assertThat(world.period("2025-Q2").provisional()).isTrue();

        world.emit(on(LocalDate.of(2025, 7, 1), 0).minusMillis(1));
        assertThat(world.period("2025-Q2").provisional()).isTrue();
        assertThat(world.period("2025-W25").provisional()).isFalse();

        world.emit(on(LocalDate.of(2025, 7, 1), 0));
        assertThat(world.period("2025-Q2").provisional()).isFalse();
        assertThat(world.period("2025-06").provisional()).isFalse();
        assertThat(world.period("2025-Q2").metrics().deploymentFrequency().count())
                .isEqualTo(1);
    }

    @Test
    void lateDeploymentCorrectsItsPeriodsAndNoOther() {
        world.observe(deployed("d2", on(TODAY, 5)).version("v2"));
        world.emit(NOW);
        world.observe(deployed("d1", on(LocalDate.of(2024, 2, 15), 5)).version("v1"));
        List<String> labels = new ArrayList<>();
        world.emit(NOW).periods().forEach(row -> labels.add(row.label()));

        assertThat(labels).containsExactlyInAnyOrder("2024-W07", "2024-02", "2024-Q1");
        assertThat(world.period("2024-Q1").metrics().deploymentFrequency().count())
                .isEqualTo(1);
        assertThat(world.period("2024-Q1").provisional()).isFalse();
    }

    @Test
    void movedDeploymentLeavesItsOldPeriod() {
        world.observe(deployed("d1", on(LocalDate.of(2025, 3, 31), 23)).version("v1"));
        world.emit(NOW);
        world.observe(
                deployed("d1", on(LocalDate.of(2025, 4, 1), 1)).version("v1").revision(1));
        world.emit(NOW);

        assertNothing(world.period("2025-Q1").metrics());
        assertNothing(world.period("2025-03").metrics());
        assertThat(world.period("2025-Q2").metrics().deploymentFrequency().count())
                .isEqualTo(1);
    }

    // ---- emission

    @Test
    void knownEventChangesNothing() {
        world.observe(deployed("d1", ago(50)).version("v1"));
        world.emit(NOW);
        world.observe(deployed("d1", ago(50)).version("v1"));

        assertThat(world.ledger.isDirty()).isFalse();
        assertThat(world.emit(NOW))
                .isEqualTo(new LedgerRows(
                        null, null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void nothingRuns_whereTheOnlyDeploymentIsTakenBack() {
        world.observe(deployed("d1", ago(50)).version("v1"));
        world.emit(NOW);
        assertThat(world.current().since()).isEqualTo(ago(50));
        world.observe(observed("d1", DeploymentState.DELETED, ago(1)));
        world.emit(NOW);

        assertThat(world.current().deleted()).isTrue();
        assertThat(world.current().version()).isNull();
    }

    // ---- rework

    @Test
    void reworkIsWhatGoesBackRepairsOrWasNotPlanned() {
        world.observe(deployed("d1", ago(60)).version("v1"));
        world.observe(deployed("d2", ago(50)).version("v2"));
        world.observe(deployed("d3", ago(40)).version("v1"));
        world.observe(deployed("d4", ago(30)).version("v3").remediates("checkout@v2"));
        world.observe(deployed("d5", ago(20)).version("v4").planned(false));
        world.observe(deployed("d6", ago(10)).version("v5").planned(true));
        world.observe(deployed("d7", ago(5)).version("v5").planned(false));
        world.emit(NOW);

        assertThat(world.deployments.values())
                .filteredOn(DeploymentFact::rework)
                .extracting(DeploymentFact::id)
                .containsExactlyInAnyOrder("d3", "d4", "d5");
        DeliveryMetrics.DeploymentReworkRate rate = world.window(7).deploymentReworkRate();
        assertThat(rate.n()).as("the second d5 is a REDEPLOY").isEqualTo(6);
        assertThat(rate.rework()).isEqualTo(3);
        assertThat(rate.value()).isEqualTo(0.5);
        assertThat(requireNonNull(rate.interval()).lower()).isCloseTo(0.1876, within(1e-4));
    }

    @Test
    void deploymentThatTakesADeployedChangeBackIsRework_inWhateverOrderItIsTold() {
        sixCommits();
        world.observe(deployed("d3", ago(30)).version("v3").sha("c7"));
        world.commit(revert("c7", ago(35), "c4", "c6"));
        world.observe(deployed("d2", ago(40)).version("v2").sha("c5"));
        world.observe(deployed("d1", ago(50)).version("v1").sha("c2"));
        world.emit(NOW);
        assertThat(world.deployment("d3").rework()).isTrue();

        world.observe(observed("d2", DeploymentState.DELETED, ago(1)));
        world.emit(NOW);
        assertThat(world.deployment("d3").rework())
                .as("the change and its revert come with one deployment now")
                .isFalse();

        world.observe(deployed("d0", ago(55)).version("v0").sha("c4"));
        world.emit(NOW);
        assertThat(world.deployment("d3").rework()).isTrue();
    }

    // ---- time to deploy

    @Test
    void timesAreThoseOfSuccesses_whereTheStartIsKnown() {
        world.observe(deployed("d1", ago(50)).version("v1").startedAt(ago(52)));
        world.observe(deployed("d2", ago(40)).version("v2").queuedAt(ago(47)).startedAt(ago(44)));
        world.observe(deployed("d3", ago(30)).version("v3"));
        world.observe(deployed("d4", ago(20)).version("v4").startedAt(ago(19)));
        world.observe(failed("d5", ago(10)).version("v5").startedAt(ago(18)));
        world.emit(NOW);

        DeliveryMetrics.MeanTimeToDeploy time = world.window(7).meanTimeToDeploy();
        assertThat(time.n()).isEqualTo(2);
        assertThat(time.meanMs()).isEqualTo(3 * 3.6e6);
        assertThat(time.medianMs()).isEqualTo(3 * 3.6e6);
        assertThat(time.withoutStart()).isEqualTo(2);
        assertThat(time.queueN()).isEqualTo(1);
        assertThat(time.queueMedianMs()).isEqualTo(3 * 3.6e6);
        assertThat(world.deployment("d2").deployTimeMs()).isEqualTo(4 * 3_600_000L);
        assertThat(world.deployment("d5").deployTimeMs()).isNull();
    }

    @Test
    void timeToSuccessBeginsWithTheFirstTryOfTheVersion() {
        world.observe(deployed("d3", ago(30)).version("v1").startedAt(ago(31)));
        world.observe(deployed("d4", ago(20)).version("v1").startedAt(ago(21)));
        world.emit(NOW);
        assertThat(world.deployment("d3").timeToSuccessMs()).isEqualTo(3_600_000L);
        assertThat(world.deployment("d4").timeToSuccessMs()).isNull();

        world.observe(failed("d1", ago(40)).version("v1").startedAt(ago(41)));
        world.observe(
                observed("d2", DeploymentState.SKIPPED, ago(45)).version("v1").startedAt(ago(46)));
        world.observe(failed("d5", ago(10)).version("v1").startedAt(ago(90)));
        world.emit(NOW);

        assertThat(world.deployment("d3").timeToSuccessMs()).isEqualTo(11 * 3_600_000L);
        assertThat(world.window(7).meanTimeToDeploy().successN()).isEqualTo(1);
    }

    // ---- frequency

    @Test
    void weeksAndGapsAreThoseOfCountedDeployments() {
        LocalDate monday = LocalDate.of(2025, 5, 5);
        world.observe(deployed("d1", on(monday, 6)).version("v1"));
        world.observe(deployed("d2", on(monday.plusDays(2), 6)).version("v2"));
        world.observe(deployed("d3", on(monday.plusDays(2), 8)).version("v1"));
        world.observe(deployed("d4", on(monday.plusDays(7), 6)).version("v3"));
        world.emit(NOW);

        DeliveryMetrics.DeploymentFrequency month = world.window(30).deploymentFrequency();
        assertThat(month.wholeWeeks()).as("from Monday 21 April on").isEqualTo(3);
        assertThat(month.medianDeployDaysPerWeek()).isEqualTo(0.0);
        assertThat(month.medianGapMs()).isEqualTo(3.5 * 86_400_000);
        assertThat(world.period("2025-W19").metrics().deploymentFrequency().medianDeployDaysPerWeek())
                .isEqualTo(2.0);
    }
}
