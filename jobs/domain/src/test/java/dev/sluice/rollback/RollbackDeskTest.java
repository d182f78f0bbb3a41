package dev.sluice.rollback;

import static dev.sluice.rollback.RollbackFixture.NOON;
import static dev.sluice.rollback.RollbackFixture.PLAN;
import static dev.sluice.rollback.RollbackFixture.SERIES;
import static dev.sluice.rollback.RollbackFixture.burn;
import static dev.sluice.rollback.RollbackFixture.deployed;
import static dev.sluice.rollback.RollbackFixture.failedCanary;
import static dev.sluice.rollback.RollbackFixture.incident;
import static dev.sluice.rollback.RollbackFixture.plan;
import static dev.sluice.rollback.RollbackFixture.request;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollback.RollbackPlan.IncidentTerms;
import dev.sluice.rollback.RollbackPlan.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RollbackDeskTest {
    private static final KnownDeployment V1 = deployed("d1", "v1", NOON.minus(Duration.ofDays(2)));
    private static final KnownDeployment V2 = deployed("d2", "v2", NOON.minus(Duration.ofDays(1)));
    private static final KnownDeployment V3 = deployed("d3", "v3", NOON.minus(Duration.ofMinutes(10)));

    private RollbackDesk desk = new RollbackDesk(SERIES, RollbackBook.EMPTY);

    @BeforeEach
    void running() {
        desk.plan(PLAN, NOON.minus(Duration.ofDays(3)), NOON);
        for (KnownDeployment deployment : new KnownDeployment[] {V1, V2, V3}) {
            desk.succeeded(deployment, NOON);
        }
        desk.runs(V3, NOON);
    }

    private RollbackOrder order() {
        return requireNonNull(desk.book().order(), "order");
    }

    private void report(Outcome outcome, Instant at) {
        desk.reported(new DeliveryReport(order().id(), outcome, at, 1, "said"), at);
    }

    @Nested
    class WhatGivesAnOrder {
        @Test
        void aFailedCanaryThatHasTakenItsPlaceGoesBackToTheLastGoodVersion() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);

            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
            assertThat(order().to()).isEqualTo(V2);
            assertThat(order().from()).isEqualTo("v3");
            assertThat(order().fence()).isEqualTo(V3);
            assertThat(order().expiresAt()).isEqualTo(NOON.plus(PLAN.expiry()));
            assertThat(order().steps())
                    .singleElement()
                    .satisfies(step -> assertThat(step.words()).isEqualTo("5xx ratio 0.62 % against 0.11 %"));
        }

        @Test
        void aFailedCanaryBesideWhatRunsLeavesThatInPlace() {
            desk.trigger(failedCanary("run", NOON, "v3", "v4"), NOON);

            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
            assertThat(order().concernsCanaryBeside()).isTrue();
            assertThat(order().to()).isEqualTo(V3);
            assertThat(order().from()).isEqualTo("v4");
        }

        @Test
        void aBudgetThatBurnsWhileTheDeploymentRunsGoesBack() {
            desk.counted(burn(300, 98_560, 100_000, "ci", NOON), NOON);

            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
            assertThat(order().to()).isEqualTo(V2);
            assertThat(order().trigger().reason())
                    .isEqualTo("of availability within 300 s 1440 of 100000 events were bad");
        }

        /** The events of before are another version's, and after an hour it is something else that burns. */
        @Test
        void whatBurnedBeforeTheDeploymentOrLongAfterItGivesNone() {
            Instant soon = V3.finishedAt().plusSeconds(299);
            desk.counted(burn(300, 0, 100_000, "ci", soon), soon);
            assertThat(desk.book().order()).isNull();

            Instant later = V3.finishedAt().plus(Duration.ofHours(1)).plusSeconds(1);
            desk.counted(burn(300, 0, 100_000, "ci", later), later);
            assertThat(desk.book().order()).isNull();

            Instant whole = V3.finishedAt().plusSeconds(300);
            desk.counted(burn(300, 0, 100_000, "ci", whole), whole);
            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
        }

        @Test
        void countsThatAreTooFewTooGoodOrOfSomebodyElseGiveNone() {
            desk.counted(burn(300, 98_561, 100_000, "ci", NOON), NOON);
            desk.counted(burn(300, 0, 999, "ci", NOON), NOON);
            desk.counted(burn(300, 0, 0, "ci", NOON), NOON);
            desk.counted(burn(600, 0, 100_000, "ci", NOON), NOON);
            desk.counted(burn(300, 0, 100_000, "somebody", NOON), NOON);
            desk.counted(new Burn("latency", 300, 0, 100_000, "ci", NOON), NOON);

            assertThat(desk.book().order()).isNull();
            assertThat(desk.book().waiting()).as("nothing is kept").isEmpty();
        }

        /** Else each minute of the same hour would order another version away. */
        @Test
        void theEventsOfTheVersionThatWasRolledBackDoNotCountAgainstTheOneBefore() {
            desk.counted(burn(300, 0, 100_000, "ci", NOON), NOON);
            report(Outcome.DELIVERED, NOON.plusSeconds(1));
            desk.runs(deployed("d4", "v2", NOON.plusSeconds(60)), NOON.plusSeconds(60));
            assertThat(order().state()).isEqualTo(OrderState.VERIFIED);

            desk.counted(burn(300, 0, 100_000, "ci", NOON.plusSeconds(120)), NOON.plusSeconds(120));
            assertThat(order().state()).isEqualTo(OrderState.VERIFIED);
            assertThat(order().trigger().at()).isEqualTo(NOON);
        }

        @Test
        void onlyNewerCountsOfWhoeverHasSentThemTakeThemBack() {
            desk.runs(null, NOON);
            desk.counted(burn(300, 0, 100_000, "prom", NOON), NOON);
            desk.counted(burn(300, 100_000, 100_000, "prom", NOON.minusSeconds(60)), NOON);
            desk.counted(burn(300, 100_000, 100_000, "ci", NOON.plusSeconds(60)), NOON.plusSeconds(60));
            desk.counted(burn(300, 100_000, 100_000, "somebody", NOON.plusSeconds(60)), NOON.plusSeconds(60));
            desk.runs(V3, NOON.plusSeconds(61));

            assertThat(order().trigger().id()).contains("prom");
        }

        @Test
        void whatRecoversWhileItWaitsGivesNone() {
            desk.runs(null, NOON);
            desk.counted(burn(300, 0, 100_000, "ci", NOON), NOON);
            desk.counted(burn(300, 100_000, 100_000, "ci", NOON.plusSeconds(60)), NOON.plusSeconds(60));
            desk.runs(V3, NOON.plusSeconds(61));

            assertThat(desk.book().order()).isNull();
        }

        @Test
        void aCanaryBesideWhatRunsWhoseRolloutIsOverGivesNone() {
            RollbackTrigger trigger = failedCanary("run", NOON, "v3", "v4");
            desk.trigger(trigger.whenOver(), NOON);
            assertThat(desk.book().order()).isNull();

            desk.trigger(failedCanary("in-place", NOON, "v2", "v3").whenOver(), NOON);
            assertThat(order().state())
                    .as("what has taken its place is still there")
                    .isEqualTo(OrderState.ORDERED);
        }

        @Test
        void aCanaryWhoseRolloutEndsWhileItWaitsGivesNone() {
            desk.runs(null, NOON);
            desk.trigger(failedCanary("run", NOON, "v3", "v4"), NOON);
            desk.canaryOver("run", NOON);

            desk.runs(V3, NOON);

            assertThat(desk.book().order()).isNull();
        }

        @Test
        void aCanaryThatIsComparedWithSomethingElseThanWhatRunsGivesNone() {
            desk.trigger(failedCanary("run", NOON, "v1", "v9"), NOON);

            assertThat(desk.book().order()).isNull();
        }

        @Test
        void aCanaryOfNoKnownVersionIsForPeople() {
            desk.trigger(failedCanary("run", NOON, null, null), NOON);

            assertThat(order().state()).isEqualTo(OrderState.NO_TARGET);
            assertThat(order().state().isEscalated()).isTrue();
        }

        @Test
        void anIncidentOfWhatRunsGivesOneWithinItsTime() {
            desk.trigger(incident("i", NOON, "sev1", "d3"), NOON);

            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
            assertThat(order().to()).isEqualTo(V2);
        }

        @Test
        void anIncidentTooLongAfterTheDeploymentGivesNone() {
            Instant later = V3.finishedAt().plus(Duration.ofHours(1)).plusSeconds(1);

            desk.trigger(incident("i", later, "sev1", "d3"), later);

            assertThat(desk.book().order()).isNull();
        }

        @Test
        void anIncidentOfAnotherSeverityOrOfNoneGivesNone() {
            desk.trigger(incident("i", NOON, "sev3", "d3"), NOON);
            desk.trigger(incident("j", NOON, null, "d3"), NOON);

            assertThat(desk.book().order()).isNull();
        }

        @Test
        void anIncidentOfAnEarlierDeploymentGivesNone() {
            desk.trigger(incident("i", NOON, "sev1", "d2"), NOON);

            assertThat(desk.book().order()).isNull();
        }

        @Test
        void anIncidentThatIsHeardOfBeforeItsDeploymentWaitsForIt() {
            KnownDeployment v4 = deployed("d4", "v4", NOON.minusSeconds(60));
            desk.trigger(incident("i", NOON, "sev1", "d4"), NOON);
            assertThat(desk.book().order()).isNull();

            desk.runs(v4, NOON.plusSeconds(1));

            assertThat(order().to()).isEqualTo(V3);
        }

        @Test
        void somebodyMayAskForAnEarlierVersion() {
            desk.trigger(request("r", NOON, "d3", "v1"), NOON);

            assertThat(order().to()).isEqualTo(V1);
        }

        @Test
        void whoAsksForWhatDoesNotRunGetsNone() {
            desk.trigger(request("r", NOON, "d2", null), NOON);

            assertThat(order().state()).isEqualTo(OrderState.FENCED);
            assertThat(order().steps().get(0).words()).isEqualTo("v3 runs, by deployment d3");
        }

        @Test
        void historyGivesNone() {
            Instant old = NOON.minus(RollbackDesk.YOUNG).minusMillis(1);

            desk.trigger(failedCanary("run", old, "v2", "v3"), NOON);
            desk.trigger(incident("i", old, "sev1", "d3"), NOON);
            desk.trigger(request("r", old, "d3", null), NOON);

            assertThat(desk.book().order()).isNull();
            assertThat(desk.book().waiting()).isEmpty();
        }

        @Test
        void whatWasBeforeThePlanGivesNone() {
            desk.plan(PLAN, NOON.plusMillis(1), NOON);

            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);

            assertThat(desk.book().order()).isNull();
        }

        @Test
        void withoutAPlanThereIsNone() {
            desk.plan(null, NOON, NOON);

            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);

            assertThat(desk.book().order()).isNull();
        }

        @Test
        void theSameTriggerGivesOne() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            report(Outcome.REFUSED, NOON);

            desk.trigger(failedCanary("run", NOON.plusSeconds(10), "v2", "v3"), NOON.plusSeconds(10));

            assertThat(order().state()).isEqualTo(OrderState.REFUSED);
        }

        @Test
        void anOrderHasTheSameIdInAnotherBook() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            String id = order().id();

            running();
            desk = new RollbackDesk(SERIES, RollbackBook.EMPTY);
            running();
            desk.trigger(failedCanary("run", NOON.plusSeconds(1), "v2", "v3"), NOON.plusSeconds(2));

            assertThat(order().id()).isEqualTo(id);
        }
    }

    @Nested
    class WhereItGoes {
        @Test
        void neverToADeploymentThatFailed() {
            desk.succeeded(new KnownDeployment("d2", "v2", "sha-v2", null, V2.finishedAt(), true), NOON);

            desk.trigger(failedCanary("run", NOON, null, "v3"), NOON);

            assertThat(order().to()).isEqualTo(V1);
        }

        @Test
        void neverToAVersionThatWasToGoItself() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            report(Outcome.DELIVERED, NOON);
            Instant later = NOON.plusSeconds(60);
            desk.runs(deployed("d4", "v2", later), later);
            KnownDeployment v5 = deployed("d5", "v5", later.plusSeconds(60));
            desk.succeeded(deployed("d4", "v3", later.plusSeconds(30)), later);
            desk.succeeded(v5, later);
            desk.runs(v5, later.plusSeconds(60));

            desk.trigger(failedCanary("other", later.plusSeconds(90), null, "v5"), later.plusSeconds(90));

            assertThat(order().to()).isEqualTo(V2);
        }

        @Test
        void aVersionThatWasNotRolledBackInTheEndStaysATarget() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            report(Outcome.STOPPED, NOON);
            Instant later = NOON.plusSeconds(60);
            KnownDeployment v4 = deployed("d4", "v4", later);
            desk.succeeded(v4, later);
            desk.runs(v4, later);

            desk.trigger(failedCanary("other", later, null, "v4"), later);

            assertThat(order().to()).isEqualTo(V3);
        }

        /** As a release of configuration alone is. */
        @Test
        void anotherVersionOfTheSameCommitStaysATarget() {
            KnownDeployment same = new KnownDeployment("d3", "v3", V2.sha(), null, V3.finishedAt(), false);
            desk.succeeded(same, NOON);
            desk.runs(same, NOON);
            desk.trigger(failedCanary("run", NOON, null, "v3"), NOON);
            assertThat(order().to()).isEqualTo(V2);
            report(Outcome.DELIVERED, NOON);
            Instant later = NOON.plusSeconds(60);
            KnownDeployment v4 = deployed("d4", "v4", later);
            desk.succeeded(v4, later);
            desk.runs(v4, later);

            desk.trigger(failedCanary("other", later, null, "v4"), later);

            assertThat(order().to()).isEqualTo(V2);
        }

        private KnownDeployment fact(KnownDeployment of, boolean failed) {
            return new KnownDeployment(of.id(), of.version(), of.sha(), of.digest(), of.finishedAt(), failed);
        }

        /** Goes back to v2, runs v3 again, and then v5, whose canary fails. */
        private void goesBackAndForth(RollbackTrigger trigger, boolean isFactFirst, boolean isRolledBackOnly) {
            desk.trigger(trigger, NOON);
            report(Outcome.DELIVERED, NOON);
            Instant back = NOON.plusSeconds(60);
            if (isFactFirst) {
                desk.succeeded(fact(V3, true), isRolledBackOnly, back);
            }
            desk.runs(deployed("d4", "v2", back), back);
            assertThat(order().state()).isEqualTo(OrderState.VERIFIED);
            desk.succeeded(deployed("d4", "v2", back), back);
            desk.succeeded(fact(V3, true), isRolledBackOnly, back);
            Instant again = back.plus(Duration.ofDays(1));
            KnownDeployment v3 = deployed("d5", "v3", again);
            desk.succeeded(v3, again);
            desk.runs(v3, again);
            Instant later = again.plus(Duration.ofDays(1));
            KnownDeployment v5 = deployed("d6", "v5", later);
            desk.succeeded(v5, later);
            desk.runs(v5, later);

            desk.trigger(failedCanary("other", later.plusSeconds(90), null, "v5"), later.plusSeconds(90));
        }

        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void aVersionThatADrillWentBackFromStaysATarget(boolean isFactFirst) {
            goesBackAndForth(request("r", NOON, "d3", null).asDrill(), isFactFirst, true);

            assertThat(order().to()).extracting(KnownDeployment::id).isEqualTo("d5");
        }

        @Test
        void aVersionThatHasFailedIsNone_thoughADrillWentBackFromIt() {
            goesBackAndForth(request("r", NOON, "d3", null).asDrill(), false, false);

            assertThat(order().to()).extracting(KnownDeployment::id).isEqualTo("d4");
        }

        @Test
        void aVersionThatWasRolledBackInEarnestIsNone() {
            goesBackAndForth(request("r", NOON, "d3", null), true, true);

            assertThat(order().to()).extracting(KnownDeployment::id).isEqualTo("d4");
        }

        @Test
        void whereNothingIsGoodPeopleMustLook() {
            desk.isNone("d1", NOON);
            desk.isNone("d2", NOON);

            desk.trigger(failedCanary("run", NOON, null, "v3"), NOON);

            assertThat(order().state()).isEqualTo(OrderState.NO_TARGET);
        }

        @Test
        void aRedeploymentOfTheSameArtifactIsNoEarlierVersion() {
            desk.succeeded(deployed("d2b", "v3", NOON.minus(Duration.ofMinutes(20))), NOON);

            desk.trigger(failedCanary("run", NOON, null, "v3"), NOON);

            assertThat(order().to()).isEqualTo(V2);
        }
    }

    @Nested
    class WhatThePlanAllows {
        @Test
        void aDryRunSendsNothingEvenByHand() {
            desk.plan(plan(Mode.DRY_RUN, 3), NOON.minusSeconds(60), NOON);

            desk.trigger(request("r", NOON, "d3", null), NOON);

            assertThat(order().state()).isEqualTo(OrderState.DRY_RUN);
            assertThat(order().to()).isEqualTo(V2);
        }

        @Test
        void whatIsHeldCanBeOrderedByHand() {
            desk.plan(plan(Mode.HOLD, 3), NOON.minusSeconds(60), NOON);
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            assertThat(order().state()).isEqualTo(OrderState.HELD);

            desk.trigger(request("r", NOON, "d3", null), NOON);

            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
        }

        @Test
        void aFlappingMetricRollsBackOnlySoOften() {
            desk.plan(plan(Mode.ORDER, 2), NOON.minusSeconds(60), NOON);
            for (int i = 0; i < 3; i++) {
                Instant at = NOON.plusSeconds(60L * i);
                desk.trigger(failedCanary("run" + i, at, "v3", "v" + (4 + i)), at);
                if (i < 2) {
                    assertThat(order().state()).isEqualTo(OrderState.ORDERED);
                    report(Outcome.STOPPED, at);
                }
            }

            assertThat(order().state()).isEqualTo(OrderState.CAPPED);
            assertThat(order().state().isEscalated()).isTrue();
        }

        @Test
        void theCapIsOfTheLastHour() {
            desk.plan(plan(Mode.ORDER, 1), NOON.minusSeconds(60), NOON);
            desk.trigger(failedCanary("run", NOON, "v3", "v4"), NOON);
            report(Outcome.STOPPED, NOON);
            Instant later = NOON.plus(Duration.ofMinutes(61));

            desk.trigger(failedCanary("other", later, "v3", "v5"), later);

            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
        }

        @Test
        void anIncidentThatIsOverWhileItWaitsGivesNone() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            desk.trigger(incident("i", NOON, "sev1", "d3"), NOON);

            desk.withdraw(RollbackTrigger.Kind.INCIDENT, "i", NOON);
            report(Outcome.STOPPED, NOON);
            desk.moveOn(NOON);

            assertThat(order().state()).isEqualTo(OrderState.STOPPED);
            assertThat(desk.book().waiting()).isEmpty();
        }

        @Test
        void aDeploymentThatCouldNotBeRolledBackIsLeftToPeople() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            desk.trigger(incident("i", NOON, "sev1", "d3"), NOON);
            report(Outcome.REFUSED, NOON);
            report(Outcome.ESCALATED, NOON.plusSeconds(1));
            desk.moveOn(NOON.plus(Duration.ofMinutes(2)));
            assertThat(order().state()).isEqualTo(OrderState.REFUSED);

            desk.trigger(request("r", NOON.plusSeconds(130), "d3", null), NOON.plusSeconds(130));

            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
        }

        @Test
        void peopleAreToldOfAnOrderBeforeAnotherTakesItsPlace() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            report(Outcome.REFUSED, NOON);
            desk.trigger(request("r", NOON, "d3", null), NOON);
            assertThat(order().state()).isEqualTo(OrderState.REFUSED);
            assertThat(desk.nextMoment()).contains(NOON.plus(Duration.ofMinutes(1)));

            report(Outcome.ESCALATED, NOON.plusSeconds(1));

            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
        }

        @Test
        void thereIsOneAtATime() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
            String first = order().id();

            desk.trigger(incident("i", NOON, "sev1", "d3"), NOON);

            assertThat(order().id()).isEqualTo(first);
        }
    }

    @Nested
    class WhatBecomesOfIt {
        @BeforeEach
        void ordered() {
            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
        }

        @Test
        void itIsVerifiedWhenTheEarlierVersionRuns() {
            report(Outcome.FAILED, NOON.plusSeconds(1));
            report(Outcome.DELIVERED, NOON.plusSeconds(2));
            report(Outcome.ACKNOWLEDGED, NOON.plusSeconds(3));

            desk.runs(deployed("d4", "v2", NOON.plusSeconds(60)), NOON.plusSeconds(61));

            assertThat(order().steps())
                    .extracting(RollbackOrder.Step::state)
                    .containsExactly(
                            OrderState.ORDERED, OrderState.DELIVERED, OrderState.ACKNOWLEDGED, OrderState.VERIFIED);
            assertThat(order().verifyBy()).isEqualTo(NOON.plusSeconds(2).plus(PLAN.verification()));
            assertThat(desk.nextMoment()).contains(NOON.plusSeconds(61).plus(RollbackDesk.SHOWN));
        }

        @Test
        void anythingElseThatIsDeployedVoidsIt() {
            desk.runs(deployed("d4", "v4", NOON.plusSeconds(5)), NOON.plusSeconds(5));

            assertThat(order().state()).isEqualTo(OrderState.FENCED);
            report(Outcome.DELIVERED, NOON.plusSeconds(6));
            assertThat(order().state()).isEqualTo(OrderState.FENCED);
        }

        @Test
        void itExpiresWhereItCannotBeDelivered() {
            report(Outcome.FAILED, NOON.plusSeconds(1));

            desk.moveOn(order().expiresAt().minusMillis(1));
            assertThat(order().state()).isEqualTo(OrderState.ORDERED);
            desk.moveOn(order().expiresAt());

            assertThat(order().state()).isEqualTo(OrderState.EXPIRED);
            assertThat(order().state().isEscalated()).isTrue();
        }

        @Test
        void peopleMustLookWhereTheEarlierVersionIsNotSeen() {
            report(Outcome.DELIVERED, NOON.plusSeconds(1));

            desk.moveOn(NOON.plusSeconds(1).plus(PLAN.verification()));

            assertThat(order().state()).isEqualTo(OrderState.UNVERIFIED);
        }

        @Test
        void whatIsStoppedBeforeItWasDeliveredIsOver() {
            report(Outcome.STOPPED, NOON.plusSeconds(1));

            assertThat(order().state()).isEqualTo(OrderState.STOPPED);
        }

        @Test
        void whatIsDeliveredIsNotStopped() {
            report(Outcome.DELIVERED, NOON.plusSeconds(1));
            report(Outcome.STOPPED, NOON.plusSeconds(2));

            assertThat(order().state()).isEqualTo(OrderState.DELIVERED);
        }

        @Test
        void itIsSentOnlyWhileItsAnswerCanBeHeard() {
            assertThat(order().sendableUntil()).isEqualTo(order().expiresAt().minusSeconds(12));
        }

        @Test
        void itIsKeptThatPeopleWereTold() {
            report(Outcome.REFUSED, NOON.plusSeconds(1));
            report(Outcome.ESCALATED, NOON.plusSeconds(2));

            assertThat(order().peopleToldAt()).isEqualTo(NOON.plusSeconds(2));
            assertThat(order().state()).isEqualTo(OrderState.REFUSED);
        }

        @Test
        void anEarlierWordOnTheSameOrderIsBehind() {
            RollbackOrder before = order();
            report(Outcome.DELIVERED, NOON.plusSeconds(1));

            assertThat(before.isBehind(order())).isTrue();
            assertThat(order().isBehind(before)).isFalse();
            assertThat(order().isBehind(order())).isFalse();
        }

        @Test
        void aReportThatIsReadBeforeTheOrderIsGivenCounts() {
            String id = order().id();
            desk = new RollbackDesk(SERIES, RollbackBook.EMPTY);
            running();
            desk.reported(new DeliveryReport(id, Outcome.DELIVERED, NOON.plusSeconds(1), 3, "said"), NOON);

            desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON.plusSeconds(2));

            assertThat(order().state()).isEqualTo(OrderState.DELIVERED);
            assertThat(order().attempts()).isEqualTo(3);
            assertThat(desk.book().early()).isEmpty();
        }

        @Test
        void aReportOfAnOrderThatIsNeverGivenIsForgotten() {
            desk.reported(new DeliveryReport("other", Outcome.DELIVERED, NOON, 1, "said"), NOON);
            assertThat(desk.book().early()).hasSize(1);

            desk.moveOn(NOON.plus(Duration.ofHours(1)).plusMillis(1));

            assertThat(desk.book().early()).isEmpty();
        }

        @Test
        void aReportOfAnotherOrderChangesNothing() {
            RollbackOrder before = order();

            desk.reported(new DeliveryReport("other", Outcome.REFUSED, NOON, 1, "no"), NOON);

            assertThat(order()).isEqualTo(before);
        }

        @Test
        void itIsForgottenAWeekAfterItsEnd() {
            report(Outcome.REFUSED, NOON);

            desk.moveOn(NOON.plus(RollbackDesk.SHOWN));

            assertThat(desk.book().order()).isNull();
        }
    }

    @Nested
    class ACanaryBesideWhatRuns {
        @BeforeEach
        void ordered() {
            desk.trigger(failedCanary("run", NOON, "v3", "v4"), NOON);
            report(Outcome.DELIVERED, NOON.plusSeconds(1));
        }

        @Test
        void itsRolloutThatEndsWithoutSuccessVerifiesTheOrder() {
            desk.failed(deployed("d4", "v4", NOON.plusSeconds(5)), NOON.plusSeconds(6));

            assertThat(order().state()).isEqualTo(OrderState.VERIFIED);
        }

        @Test
        void aFailureOfBeforeDoesNot() {
            desk.failed(deployed("d4", "v4", NOON.minusSeconds(5)), NOON.plusSeconds(6));

            assertThat(order().state()).isEqualTo(OrderState.DELIVERED);
        }

        @Test
        void aRunThatIsOverVerifiesItOnlyWhereWhatRanStillRunsInTheEnd() {
            desk.canaryOver("run", NOON.plusSeconds(5));
            assertThat(order().state()).isEqualTo(OrderState.DELIVERED);

            desk.moveOn(NOON.plusSeconds(1).plus(PLAN.verification()));

            assertThat(order().state()).isEqualTo(OrderState.VERIFIED);
        }

        @Test
        void aCanaryThatIsPromotedAllTheSameVoidsIt() {
            desk.canaryOver("run", NOON.plusSeconds(5));

            desk.runs(deployed("d4", "v4", NOON.plusSeconds(6)), NOON.plusSeconds(7));

            assertThat(order().state()).isEqualTo(OrderState.FENCED);
        }

        @Test
        void aRolloutThatGoesOnIsForPeople() {
            desk.moveOn(NOON.plusSeconds(1).plus(PLAN.verification()));

            assertThat(order().state()).isEqualTo(OrderState.UNVERIFIED);
        }
    }

    @Test
    void anySeverityIncludesOneThatIsNotKnown() {
        var terms = new IncidentTerms(Set.of(), Duration.ofHours(1));

        assertThat(terms.include(null)).isTrue();
    }

    @Test
    void aBookThatIsReadAgainGoesOnAsBefore() {
        desk.trigger(failedCanary("run", NOON, "v2", "v3"), NOON);
        var other = new RollbackDesk(SERIES, desk.book());

        assertThat(other.book()).isEqualTo(desk.book());
        assertThat(other.nextMoment()).isEqualTo(desk.nextMoment());
    }
}
