package dev.sluice.dora;

import static dev.sluice.delivery.DeliveryFixture.REPOSITORY;
import static dev.sluice.delivery.DeliveryFixture.commit;
import static dev.sluice.delivery.DeliveryFixture.observed;
import static dev.sluice.delivery.DeliveryFixture.revert;
import static dev.sluice.delivery.DeliveryFixture.touching;
import static dev.sluice.delivery.IncidentFixture.said;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeliveryFixture.Observation;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.IncidentFixture.Said;
import dev.sluice.delivery.IncidentState;
import dev.sluice.dora.DeliveryMetrics.ChangeFailRate;
import dev.sluice.dora.DeliveryMetrics.FailedDeploymentRecoveryTime;
import dev.sluice.simulation.BatchOracle.Place;
import dev.sluice.simulation.Pipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which deployments fail, by which rule, and how long it takes to recover. Hours are those after the beginning. */
class FailuresTest {
    private static final Instant BEGINNING = Instant.parse("2025-05-01T00:00:00Z");
    private static final Instant NOW = BEGINNING.plus(Duration.ofDays(20));
    private static final Place SHOP = new Place("shop", "production");
    private static final long CORRECTION = 1L << 50;

    private final List<DeliveryEvent> events = new ArrayList<>();

    private static Instant at(double hours) {
        return BEGINNING.plusSeconds(Math.round(hours * 3600));
    }

    private void tell(Observation observation) {
        events.add(observation.build());
    }

    private void tell(Said observation) {
        events.add(observation.build());
    }

    private static Observation deployed(String id, double hours, String version) {
        return observed(id, DeploymentState.SUCCESS, at(hours)).version(version);
    }

    private static Said began(String id, double hours) {
        return said(id, IncidentState.DETECTED, at(hours));
    }

    private static Said ended(String id, double hours) {
        return said(id, IncidentState.RESOLVED, at(hours)).rank(3);
    }

    /** What the events told so far amount to, in whatever order they come. */
    private World world() {
        World straight = World.of(events);
        for (long seed = 0; seed < 6; seed++) {
            var shuffled = new ArrayList<>(events);
            Collections.shuffle(shuffled, new Random(seed));
            assertThat(World.of(shuffled)).as("order %s", seed).isEqualTo(straight);
            assertThat(World.toldAfterEach(shuffled))
                    .as("order %s, told after each event", seed)
                    .isEqualTo(straight);
        }
        return straight;
    }

    /** Keeps the latest row of each key. */
    private static final class Reader {
        private final Map<String, DeploymentFact> deployments = new HashMap<>();
        private final Map<String, IncidentFact> incidents = new HashMap<>();
        private @Nullable DoraRow dora;
        private @Nullable CurrentRow current;

        void read(Pipeline pipeline) {
            Map<Place, LedgerRows> rows = pipeline.emit(NOW);
            rows.values().forEach(each -> {
                each.deployments()
                        .forEach(fact ->
                                deployments.put(String.join(" ", fact.service(), fact.environment(), fact.id()), fact));
                each.incidents().forEach(fact -> incidents.put(fact.service() + " " + fact.id(), fact));
            });
            LedgerRows shop = rows.get(SHOP);
            if (shop != null && shop.dora() != null) {
                dora = shop.dora();
            }
            if (shop != null && shop.current() != null) {
                current = shop.current();
            }
        }

        World world() {
            var lasting = new HashMap<String, IncidentFact>();
            incidents.values().stream().filter(fact -> !fact.deleted()).forEach(fact -> lasting.put(fact.id(), fact));
            deployments.values().removeIf(DeploymentFact::deleted);
            return new World(deployments, lasting, dora, current);
        }
    }

    private record World(
            Map<String, DeploymentFact> deployments,
            Map<String, IncidentFact> incidents,
            @Nullable DoraRow dora,
            @Nullable CurrentRow current) {
        /** What a reader has seen in the end who was told once, after all events. */
        static World of(List<DeliveryEvent> events) {
            var reader = new Reader();
            var pipeline = new Pipeline(ZoneOffset.UTC);
            events.forEach(pipeline::accept);
            reader.read(pipeline);
            return reader.world();
        }

        /** What a reader has seen in the end who was told after each event. */
        static World toldAfterEach(List<DeliveryEvent> events) {
            var reader = new Reader();
            var pipeline = new Pipeline(ZoneOffset.UTC);
            for (DeliveryEvent event : events) {
                pipeline.accept(event);
                reader.read(pipeline);
            }
            return reader.world();
        }

        DeploymentFact deployment(String id) {
            return requireNonNull(deployments.get("shop production " + id));
        }

        IncidentFact incident(String id) {
            return requireNonNull(incidents.get(id));
        }

        private DeliveryMetrics metrics() {
            return requireNonNull(dora).windows().get(1).metrics();
        }

        ChangeFailRate failRate() {
            return metrics().changeFailRate();
        }

        FailedDeploymentRecoveryTime recovery() {
            return metrics().failedDeploymentRecoveryTime();
        }
    }

    private static double hours(@Nullable Number millis) {
        return requireNonNull(millis).doubleValue() / Duration.ofHours(1).toMillis();
    }

    // ---- links

    @Test
    void withoutAnythingWrong_nothingFails() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));

        World world = world();

        assertThat(world.failRate().n()).isEqualTo(2);
        assertThat(world.failRate().value()).isZero();
        assertThat(world.recovery().n()).isZero();
        assertThat(world.recovery().medianMs()).isNull();
        assertThat(world.recovery().reason()).isEqualTo("no_recoveries");
    }

    @Test
    void withoutDeployments_thereIsNoRate() {
        tell(began("i", 5));

        World world = world();

        assertThat(world.failRate().value()).isNull();
        assertThat(world.failRate().reason()).isEqualTo("no_deployments");
        assertThat(world.failRate().unattributed()).isEqualTo(1);
        assertThat(world.incident("i").unattributedReason()).isEqualTo("NO_DEPLOYMENT");
    }

    @Test
    void byTime_theLatestDeploymentBeforeIt() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(deployed("d3", 40, "v3"));
        tell(began("i", 12));
        tell(ended("i", 15));

        World world = world();

        assertThat(world.incident("i").rule()).isEqualTo("TIME");
        assertThat(world.incident("i").deploymentIds()).containsExactly("d2");
        assertThat(hours(world.incident("i").distanceMs())).isEqualTo(2);
        assertThat(world.deployment("d2").failureRules()).containsExactly("TIME");
        assertThat(world.deployment("d2").incidentIds()).containsExactly("i");
        assertThat(world.deployment("d1").failed()).isFalse();
        assertThat(world.failRate().failed()).isEqualTo(1);
        assertThat(world.failRate().linkedByTime()).isEqualTo(1);
        assertThat(hours(world.recovery().medianMs())).isEqualTo(3);
        assertThat(hours(world.recovery().lifetimeMedianMs())).isEqualTo(5);
    }

    @Test
    void byTime_alsoAtTheVeryMoment() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 0));

        assertThat(world().incident("i").deploymentIds()).containsExactly("d1");
    }

    @Test
    void byTime_notFurtherThanTheLinkWindow_butShownForLongerOnes() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 73));

        World world = world();

        assertThat(world.incident("i").unattributedReason()).isEqualTo("OUTSIDE_WINDOW");
        assertThat(hours(world.incident("i").distanceMs())).isEqualTo(73);
        assertThat(world.deployment("d1").failed()).isFalse();
        assertThat(world.failRate().failed()).isZero();
        assertThat(world.failRate().failedWithinThreeDays()).isZero();
        assertThat(world.failRate().failedWithinWeek()).isEqualTo(1);
        assertThat(world.failRate().unattributed()).isEqualTo(1);
    }

    @Test
    void byTime_sensitivityToTheLinkWindow() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 30));

        ChangeFailRate rate = world().failRate();

        assertThat(rate.failedWithinDay()).isZero();
        assertThat(rate.failedWithinThreeDays()).isEqualTo(1);
        assertThat(rate.failed()).isEqualTo(1);
        assertThat(rate.provisionalUntil()).isEqualTo(at(72));
    }

    @Test
    void byTime_aWeekLater_nothingIsLookedAt() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 169));

        World world = world();

        assertThat(world.incident("i").unattributedReason()).isEqualTo("NO_DEPLOYMENT");
        assertThat(world.failRate().failedWithinWeek()).isZero();
    }

    @Test
    void afterARollback_itIsNobodys() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(deployed("back", 11, "v1"));
        tell(began("i", 12));

        World world = world();

        assertThat(world.incident("i").unattributedReason()).isEqualTo("AFTER_ROLLBACK");
        assertThat(world.incident("i").deploymentIds()).isEmpty();
    }

    @Test
    void byName_winsOverTime() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(began("i", 12).causedBy("shop@v1"));

        World world = world();

        assertThat(world.incident("i").rule()).isEqualTo("DEPLOYMENT");
        assertThat(world.deployment("d1").failureRules()).containsExactly("DEPLOYMENT");
        assertThat(world.deployment("d2").failed()).isFalse();
    }

    @Test
    void byName_neverFallsBackToTime() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 2).causedBy("shop@v99"));

        World world = world();

        assertThat(world.incident("i").unattributedReason()).isEqualTo("REFERENCE_NOT_FOUND");
        assertThat(world.failRate().failed()).isZero();
    }

    @Test
    void byName_severalDeployments_allFail() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(began("i", 12).causedBy("d1", "d2"));

        assertThat(world().failRate().failed()).isEqualTo(2);
    }

    @Test
    void byName_inAnotherEnvironment_failsThere() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("s1", 1, "v1").in("shop", "staging"));
        tell(began("i", 3).causedBy("s1"));

        World world = world();

        assertThat(world.incident("i").deploymentIds()).containsExactly("s1");
        assertThat(world.deployment("d1").failed()).isFalse();
        assertThat(requireNonNull(world.deployments().get("shop staging s1")).failureRules())
                .containsExactly("DEPLOYMENT");
    }

    @Test
    void byRootCause_theDeploymentThatFirstBroughtTheCommit() {
        events.add(commit("c1", at(-5)));
        events.add(commit("c2", at(-4), "c1"));
        events.add(commit("c3", at(-3), "c2"));
        tell(deployed("d1", 0, "v1").repository(REPOSITORY).sha("c1"));
        tell(deployed("d2", 10, "v2").repository(REPOSITORY).sha("c2"));
        tell(deployed("d3", 20, "v3").repository(REPOSITORY).sha("c3"));
        tell(began("i", 30).rootCause(REPOSITORY, "c2"));

        World world = world();

        assertThat(world.incident("i").rule()).isEqualTo("ROOT_CAUSE");
        assertThat(world.incident("i").deploymentIds()).containsExactly("d2");
        assertThat(world.deployment("d3").failed()).isFalse();
    }

    @Test
    void byRepair_theDeploymentThatRanUntilThen() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(deployed("fix", 200, "v3").remediates("i"));
        tell(began("i", 190));

        World world = world();

        assertThat(world.incident("i").rule()).as("too late for its time").isEqualTo("REMEDIATES");
        assertThat(world.incident("i").deploymentIds()).containsExactly("d2");
    }

    @Test
    void byName_ofARepetition_theDeploymentThatBroughtTheVersion() {
        tell(deployed("d1", 0, "v2"));
        tell(deployed("again", 24, "v2"));
        tell(observed("skipped", DeploymentState.SKIPPED, at(30)).version("v2"));
        tell(began("i", 48).causedBy("shop@v2"));
        tell(began("j", 49).causedBy("again"));

        World world = world();

        assertThat(world.incident("i").deploymentIds()).containsExactly("d1");
        assertThat(world.incident("j").deploymentIds()).containsExactly("d1");
        assertThat(world.deployment("d1").incidentIds()).containsExactly("i", "j");
        assertThat(world.failRate().failed()).isEqualTo(1);
    }

    @Test
    void byName_ofWhatCannotFail_isUnattributed() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(deployed("back", 11, "v1"));
        tell(observed("stopped", DeploymentState.CANCELLED, at(12)).version("v3"));
        tell(observed("d2", DeploymentState.AMENDED, at(100))
                .revision(CORRECTION)
                .impact(false));
        tell(began("i", 12).causedBy("back"));
        tell(began("j", 12).causedBy("stopped"));
        tell(began("k", 12).causedBy("d2"));

        World world = world();

        assertThat(world.incident("i").unattributedReason()).isEqualTo("AFTER_ROLLBACK");
        assertThat(world.incident("j").unattributedReason()).isEqualTo("NOT_COUNTED");
        assertThat(world.incident("k").unattributedReason()).isEqualTo("NO_IMPACT");
        assertThat(world.failRate().unattributed()).isEqualTo(3);
        assertThat(world.failRate().failed()).isZero();
    }

    @Test
    void byName_ofARunThatDeployedSeveralServices_theIncidentsOwn() {
        tell(deployed("run", 0, "v1"));
        tell(deployed("run", 0, "v1").in("zoo", "production"));
        tell(began("i", 2).causedBy("run"));

        World world = world();

        assertThat(world.failRate().failed()).isEqualTo(1);
        assertThat(world.deployment("run").failed()).isTrue();
        assertThat(requireNonNull(world.deployments().get("zoo production run")).failed())
                .isFalse();
    }

    @Test
    void byRepair_notADeploymentThatCameWhileItLasted() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 13, "v2"));
        tell(deployed("fix", 20, "v3").remediates("i"));
        tell(began("i", 12));

        World world = world();

        assertThat(world.incident("i").deploymentIds()).containsExactly("d1");
        assertThat(world.deployment("d2").failed()).isFalse();
    }

    @Test
    void notCausedByAChange_isNoFailure() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 2).changeCaused(false));

        World world = world();

        assertThat(world.failRate().failed()).isZero();
        assertThat(world.failRate().unattributed()).isZero();
        assertThat(world.failRate().notChangeCaused()).isEqualTo(1);
    }

    @Test
    void severalIncidents_failADeploymentOnce() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 1));
        tell(began("j", 2));
        tell(began("k", 3).causedBy("d1"));
        tell(ended("i", 4));
        tell(ended("j", 9));
        tell(ended("k", 5));

        World world = world();

        assertThat(world.failRate().value()).isEqualTo(1);
        assertThat(world.deployment("d1").incidentIds()).containsExactly("i", "j", "k");
        assertThat(hours(world.recovery().medianMs()))
                .as("from the first to the last end")
                .isEqualTo(8);
        assertThat(world.recovery().n()).isEqualTo(1);
        assertThat(world.recovery().incidentN()).isEqualTo(3);
    }

    @Test
    void incidentThatChangesNothingElse_isNamedByTheFact() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("again", 2, "v1"));
        tell(began("i", 3).causedBy("d1"));
        tell(ended("i", 9));
        tell(began("j", 4).causedBy("again"));
        tell(ended("j", 8));
        tell(deployed("d2", 10, "v2"));
        tell(began("k", 11));
        tell(ended("k", 19));
        tell(began("l", 12));
        tell(ended("l", 18));

        World world = world();

        assertThat(world.deployment("d1").incidentIds()).containsExactly("i", "j");
        assertThat(world.deployment("d2").incidentIds()).containsExactly("k", "l");
    }

    // ---- failures without an incident

    @Test
    void rolledBack_theDeploymentThatRanFailed() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(deployed("again", 12, "v2"));
        tell(deployed("back", 14, "v1"));

        World world = world();

        assertThat(world.deployment("d2").failureRules()).containsExactly("ROLLED_BACK");
        assertThat(world.deployment("d1").failed()).isFalse();
        assertThat(hours(world.recovery().medianMs())).isEqualTo(4);
    }

    @Test
    void repaired_theNamedDeploymentFailed() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(deployed("fix", 30, "v3").remediates("shop@v1"));

        World world = world();

        assertThat(world.deployment("d1").failureRules()).containsExactly("REMEDIATED");
        assertThat(hours(world.deployment("d1").recoveryMs())).isEqualTo(30);
        assertThat(world.deployment("d2").failed()).isFalse();
    }

    @Test
    void atTheEndOfTheLinkWindow_anIncidentCounts_andAMillisecondLaterItDoesNot() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 100, "v2"));
        tell(said("i", IncidentState.DETECTED, at(72)));
        tell(said("j", IncidentState.DETECTED, at(172).plusMillis(1)));

        World world = world();

        assertThat(world.deployment("d1").failureRules()).containsExactly("TIME");
        assertThat(world.deployment("d1").failed()).isTrue();
        assertThat(world.deployment("d2").failed()).isFalse();
        assertThat(world.failRate().failed()).isEqualTo(1);
    }

    @Test
    void repairThatFailed_repairsNothing() {
        tell(deployed("d1", 0, "v1"));
        tell(observed("fix", DeploymentState.FAILURE, at(30)).version("v2").remediates("shop@v1"));

        assertThat(world().deployment("d1").failed()).isFalse();
    }

    @Test
    void reverted_theDeploymentThatBroughtTheCommitFailed() {
        events.add(commit("c1", at(-5)));
        events.add(commit("c2", at(-4), "c1"));
        events.add(revert("c3", at(11), "c2", "c2"));
        tell(deployed("d1", 0, "v1").repository(REPOSITORY).sha("c1"));
        tell(deployed("d2", 10, "v2").repository(REPOSITORY).sha("c2"));
        tell(deployed("d3", 20, "v3").repository(REPOSITORY).sha("c3"));

        World world = world();

        assertThat(world.deployment("d2").failureRules()).containsExactly("REVERTED");
        assertThat(hours(world.deployment("d2").recoveryMs())).isEqualTo(10);
        assertThat(world.deployment("d1").failed()).isFalse();
    }

    /** Of a repository with several services: the commit and its revert touch these. */
    private World revertedWhere(List<String> servicesOfCommit, List<String> servicesOfRevert) {
        events.add(commit("c1", at(-5)));
        events.add(touching(servicesOfCommit, "c2", at(-4), "c1"));
        events.add(revert("c3", at(11), "c2", "c2"));
        events.add(touching(servicesOfRevert, "c3", at(11), "c2"));
        tell(deployed("d1", 0, "v1").repository(REPOSITORY).sha("c1"));
        tell(deployed("d2", 10, "v2").repository(REPOSITORY).sha("c2"));
        tell(deployed("d3", 20, "v3").repository(REPOSITORY).sha("c3"));
        return world();
    }

    @Test
    void revertedInFilesOfTheService_theDeploymentThatBroughtTheCommitFailed() {
        World world = revertedWhere(List.of("shop", "other"), List.of("shop"));

        assertThat(world.deployment("d2").failureRules()).containsExactly("REVERTED");
        assertThat(world.deployment("d3").rework()).isTrue();
    }

    @Test
    void revertedInFilesOfAnotherService_nothingFailedAndNothingIsRework() {
        World world = revertedWhere(List.of("other"), List.of("other"));

        assertThat(world.deployment("d2").failed()).isFalse();
        assertThat(world.deployment("d3").rework()).isFalse();
    }

    @Test
    void revertThatTakesBackWhatOtherServicesHadOfACommit_isNoneHere() {
        World world = revertedWhere(List.of("shop", "other"), List.of("other"));

        assertThat(world.deployment("d2").failed()).isFalse();
        assertThat(world.deployment("d3").rework()).isFalse();
    }

    @Test
    void failedAttemptWithImpact_countsAndIsOverWithTheNextSuccess() {
        tell(deployed("d1", 0, "v1"));
        tell(observed("d2", DeploymentState.FAILURE, at(10)).version("v2").impact(true));
        tell(observed("d3", DeploymentState.FAILURE, at(11)).version("v2"));
        tell(deployed("d4", 13, "v2"));

        World world = world();

        assertThat(world.failRate().n()).as("d3 harmed nobody").isEqualTo(3);
        assertThat(world.deployment("d2").failureRules()).containsExactly("IMPACT");
        assertThat(hours(world.deployment("d2").recoveryMs())).isEqualTo(3);
    }

    @Test
    void failedAttemptThatAnIncidentNames_hadAnImpact() {
        tell(deployed("d1", 0, "v1"));
        tell(observed("d2", DeploymentState.FAILURE, at(10)).version("v2"));
        tell(began("i", 11).causedBy("d2"));

        World world = world();

        assertThat(world.failRate().n()).isEqualTo(2);
        assertThat(world.deployment("d2").failed()).isTrue();
    }

    // ---- recovery

    @Test
    void notYetOver_isAnOpenFailureAndNoRecovery() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 2));

        World world = world();

        assertThat(world.recovery().n()).isZero();
        assertThat(requireNonNull(world.current()).openFailures()).isEqualTo(1);
        assertThat(requireNonNull(world.current()).oldestOpenFailureAt()).isEqualTo(at(2));
        assertThat(requireNonNull(world.current()).openIncidents()).isEqualTo(1);
    }

    @Test
    void oneOfTwoIncidentsOpen_isNotOver() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 2));
        tell(began("j", 3));
        tell(ended("i", 4));

        assertThat(world().recovery().n()).isZero();
    }

    @Test
    void impactNeverBeginsBeforeTheDeployment() {
        tell(deployed("d1", 10, "v1").startedAt(at(9)));
        tell(began("i", 10.5).startedAt(at(2)).causedBy("d1"));
        tell(ended("i", 12));

        assertThat(hours(world().deployment("d1").recoveryMs())).isEqualTo(3);
    }

    @Test
    void endsBeforeItBegins_isSkewAndNoRecovery() {
        tell(deployed("d1", 10, "v1"));
        tell(began("i", 11).causedBy("d1"));
        tell(ended("i", 12).resolvedAt(at(9)));

        FailedDeploymentRecoveryTime recovery = world().recovery();

        assertThat(recovery.n()).isZero();
        assertThat(recovery.clockSkew()).isEqualTo(1);
    }

    // ---- corrections

    @Test
    void statedToHaveHadNoImpact_outweighsAllRules() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 2));
        tell(observed("d1", DeploymentState.AMENDED, at(100))
                .revision(CORRECTION)
                .impact(false));

        World world = world();

        assertThat(world.failRate().n()).isEqualTo(1);
        assertThat(world.failRate().failed()).isZero();
        assertThat(world.incident("i").unattributedReason()).isEqualTo("NO_IMPACT");
    }

    @Test
    void statedToHaveHadAnImpact_fails() {
        tell(deployed("d1", 0, "v1"));
        tell(observed("d1", DeploymentState.AMENDED, at(100))
                .revision(CORRECTION)
                .impact(true));

        assertThat(world().deployment("d1").failureRules()).containsExactly("IMPACT");
    }

    @Test
    void amendmentOfAnUnknownDeployment_isNoAttempt() {
        tell(deployed("d1", 0, "v1"));
        tell(observed("d9", DeploymentState.AMENDED, at(100))
                .revision(CORRECTION)
                .impact(true));

        World world = world();

        assertThat(world.deployments()).containsOnlyKeys("shop production d1");
        assertThat(world.metrics().deploymentSuccessRate().timedOut()).isZero();
    }

    @Test
    void unlinkedAndLinkedAgain() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(began("i", 12));
        tell(said("i", IncidentState.AMENDED, at(100)).revision(CORRECTION).causedBy());
        assertThat(world().incident("i").unattributedReason()).isEqualTo("UNLINKED");

        tell(said("i", IncidentState.AMENDED, at(101)).revision(CORRECTION + 1).causedBy("d1"));
        assertThat(world().incident("i").deploymentIds()).containsExactly("d1");
    }

    @Test
    void movedToAnotherService_countsThere() {
        tell(deployed("d1", 0, "v1"));
        tell(observed("c1", DeploymentState.SUCCESS, at(1)).version("v7").in("cart", "production"));
        tell(began("i", 2));
        tell(said("i", IncidentState.AMENDED, at(100)).revision(CORRECTION).of("cart", null));

        World world = world();

        assertThat(world.deployment("d1").failed()).isFalse();
        assertThat(requireNonNull(world.deployments().get("cart production c1")).failureRules())
                .containsExactly("TIME");
        assertThat(world.incident("i").service()).isEqualTo("cart");
    }

    @Test
    void movedToAnotherEnvironment_countsThere() {
        tell(deployed("d1", 0, "v1"));
        tell(observed("s1", DeploymentState.SUCCESS, at(1)).version("v1").in("shop", "staging"));
        tell(began("i", 2));
        tell(said("i", IncidentState.AMENDED, at(100)).revision(CORRECTION).of("shop", "staging"));

        World world = world();

        assertThat(world.deployment("d1").failed()).isFalse();
        assertThat(world.failRate().failed()).isZero();
        assertThat(requireNonNull(world.deployments().get("shop staging s1")).failureRules())
                .containsExactly("TIME");
    }

    @Test
    void repairMeansTheLatestThatHadBegun_alsoWhereThatIsToldLater() {
        tell(deployed("r1", 0, "v1"));
        tell(deployed("fix", 10, "v2").remediates("shop@v1"));
        tell(deployed("r2", 20, "v1"));
        tell(observed("r2", DeploymentState.STARTED, at(9)).version("v1"));

        assertThat(world().deployment("fix").remediatesDeploymentId()).isEqualTo("r2");
    }

    @Test
    void byDigest_thatALaterWordTells() {
        tell(observed("d1", DeploymentState.SUCCESS, at(0)));
        tell(deployed("d2", 10, "v2"));
        tell(observed("d1", DeploymentState.AMENDED, at(20))
                .revision(1)
                .version("v1")
                .digest("sha256:1"));
        tell(began("i", 12).causedBy("sha256:1"));
        tell(began("j", 13).causedBy("shop@v1"));

        World world = world();

        assertThat(world.deployment("d1").incidentIds()).containsExactly("i", "j");
        assertThat(world.deployment("d2").failed()).isFalse();
    }

    @Test
    void deletingTheIncidentThatWasAddedLast_restoresEveryNumber() {
        tell(deployed("d1", 0, "v1"));
        tell(deployed("d2", 10, "v2"));
        tell(began("i", 3));
        tell(ended("i", 5));
        DoraRow before = requireNonNull(world().dora());

        tell(began("j", 12));
        tell(ended("j", 13));
        assertThat(requireNonNull(world().dora()).windows()).isNotEqualTo(before.windows());
        tell(said("j", IncidentState.DELETED, at(14)).revision(1));

        assertThat(world().dora()).isEqualTo(before);
    }

    // ---- severities of what is open

    private Map<String, Integer> openBySeverity() {
        return requireNonNull(requireNonNull(world().current()).openIncidentsBySeverity());
    }

    @Test
    void openIncidentsAreCountedBySeverity_whateverTheCase() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 2).severity("SEV1"));
        tell(began("j", 3).severity(" sev1 "));
        tell(began("k", 4));
        tell(began("l", 5).severity("minor"));
        tell(ended("l", 6));

        assertThat(openBySeverity()).isEqualTo(Map.of("", 1, "sev1", 2));
    }

    @Test
    void correctionsMoveAnOpenIncident_byItsSeverityAndByItsState() {
        tell(deployed("d1", 0, "v1"));
        tell(began("i", 2).severity("sev1"));
        tell(began("j", 3).severity("sev1"));
        tell(began("k", 4).severity("sev3"));
        tell(ended("k", 5));
        assertThat(openBySeverity()).isEqualTo(Map.of("sev1", 2));

        tell(said("i", IncidentState.AMENDED, at(6)).revision(CORRECTION).severity("sev2"));
        assertThat(openBySeverity()).as("of another severity").isEqualTo(Map.of("sev1", 1, "sev2", 1));

        tell(said("k", IncidentState.REOPENED, at(7)).rank(4));
        assertThat(openBySeverity()).as("opened again").isEqualTo(Map.of("sev1", 1, "sev2", 1, "sev3", 1));

        tell(said("j", IncidentState.DELETED, at(8)).revision(1));
        assertThat(openBySeverity()).as("there was none").isEqualTo(Map.of("sev2", 1, "sev3", 1));

        tell(said("i", IncidentState.AMENDED, at(9)).revision(CORRECTION + 1).of("cart", null));
        assertThat(openBySeverity()).as("of another service").isEqualTo(Map.of("sev3", 1));

        tell(ended("k", 10));
        assertThat(openBySeverity()).as("over").isEmpty();
    }

    @Test
    void onlyTheMostFrequentSeveritiesAreTold_theOthersAreWhatIsMissingInTheirSum() {
        tell(deployed("d1", 0, "v1"));
        for (int i = 0; i < IncidentSeverities.MOST + 2; i++) {
            tell(began("i" + i, 1 + i).severity("sev" + (10 + i)));
        }
        tell(began("last", 30).severity("sev" + (10 + IncidentSeverities.MOST + 1)));
        tell(began("long", 31).severity("x".repeat(IncidentSeverities.MOST_CHARACTERS + 1)));

        Map<String, Integer> told = openBySeverity();

        assertThat(told)
                .hasSize(IncidentSeverities.MOST)
                .containsEntry("sev" + (10 + IncidentSeverities.MOST + 1), 2)
                .doesNotContainKeys("sev" + (10 + IncidentSeverities.MOST), "sev" + (10 + IncidentSeverities.MOST - 1));
        assertThat(requireNonNull(world().current()).openIncidents()
                        - told.values().stream().mapToInt(count -> count).sum())
                .isEqualTo(3);
    }
}
