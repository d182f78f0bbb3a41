package dev.sluice.delivery;

import static dev.sluice.delivery.DeliveryFixture.BEGINNING;
import static dev.sluice.delivery.IncidentFixture.said;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.delivery.IncidentFixture.Said;
import dev.sluice.simulation.MemoryTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IncidentTest {
    private static Instant at(int minutes) {
        return BEGINNING.plus(Duration.ofMinutes(minutes));
    }

    private static Said detected(int minutes) {
        return said("i", IncidentState.DETECTED, at(minutes));
    }

    private static Said resolved(int minutes) {
        return said("i", IncidentState.RESOLVED, at(minutes));
    }

    /** The incident that observations amount to, in any order. */
    private static Incident incident(Said... observations) {
        List<IncidentObserved> told =
                new ArrayList<>(Arrays.stream(observations).map(Said::build).toList());
        Incident incident = Incident.of(told);
        for (long seed = 0; seed < 5; seed++) {
            Collections.shuffle(told, new Random(seed));
            assertThat(Incident.of(told)).as("order %s", seed).isEqualTo(incident);
        }
        return incident;
    }

    @Test
    void lastsFromItsDetectionToItsResolution() {
        Incident incident = incident(detected(0), resolved(30));

        assertThat(incident.startedAt()).isEqualTo(at(0));
        assertThat(incident.resolvedAt()).isEqualTo(at(30));
        assertThat(incident.counts()).isTrue();
    }

    @Test
    void isOpenUntilItIsResolved() {
        Incident acknowledged = incident(detected(0), said("i", IncidentState.ACKNOWLEDGED, at(5)));

        assertThat(acknowledged.resolvedAt()).isNull();
    }

    @Test
    void beginsWhenTheImpactIsSaidToHaveBegun() {
        assertThat(incident(detected(10).startedAt(at(3)), resolved(30)).startedAt())
                .isEqualTo(at(3));
    }

    @Test
    void endsWhenItIsSaidToHaveEnded() {
        assertThat(incident(detected(0), resolved(30).resolvedAt(at(25))).resolvedAt())
                .isEqualTo(at(25));
    }

    @Test
    void overBeforeItWasNoticed_isOver() {
        Incident incident =
                incident(detected(20).startedAt(at(11)), resolved(30).resolvedAt(at(15)));

        assertThat(incident.resolvedAt()).isEqualTo(at(15));
        assertThat(incident.closedGapMs()).isZero();
    }

    @Test
    void repeatedResolution_doesNotMoveTheEnd() {
        assertThat(incident(detected(0), resolved(30), resolved(45)).resolvedAt())
                .isEqualTo(at(30));
    }

    @Test
    void reopened_endsWithTheLastResolutionAndTellsTheGap() {
        Incident open = incident(detected(0), resolved(30), said("i", IncidentState.REOPENED, at(40)));
        assertThat(open.resolvedAt()).isNull();

        Incident closed = incident(detected(0), resolved(30), said("i", IncidentState.REOPENED, at(40)), resolved(70));
        assertThat(closed.resolvedAt()).isEqualTo(at(70));
        assertThat(closed.startedAt()).isEqualTo(at(0));
        assertThat(closed.closedGapMs()).isEqualTo(Duration.ofMinutes(10).toMillis());
    }

    @Test
    void detectedAgain_isReopened() {
        assertThat(incident(detected(0), resolved(30), detected(40), resolved(70))
                        .resolvedAt())
                .isEqualTo(at(70));
    }

    @Test
    void ofTheSameMoment_theRankDecides() {
        assertThat(incident(detected(0).rank(1), resolved(0).rank(3)).resolvedAt())
                .isEqualTo(at(0));
    }

    @Test
    void beginningNotTold_doesNotCountYet() {
        assertThat(incident(resolved(30)).counts()).isFalse();
        assertThat(incident(resolved(30).startedAt(at(0))).counts()).isTrue();
    }

    @Test
    void laterRevision_tellsTheCourseAnew() {
        Incident incident = incident(
                detected(0), resolved(90), detected(5).revision(1), resolved(20).revision(1));

        assertThat(incident.resolvedAt()).isEqualTo(at(20));
    }

    @Test
    void deletedOrMerged_doesNotCount() {
        assertThat(incident(detected(0), said("i", IncidentState.DELETED, at(9)))
                        .happened())
                .isFalse();
        assertThat(incident(detected(0), said("i", IncidentState.MERGED, at(9))).happened())
                .isFalse();
        assertThat(incident(
                                detected(0),
                                said("i", IncidentState.DELETED, at(9)),
                                detected(0).revision(1))
                        .happened())
                .as("the source brings it back")
                .isTrue();
    }

    @Test
    void amendmentsAlone_areNoIncident() {
        Said amended =
                said("i", IncidentState.AMENDED, at(9)).revision(1L << 50).causedBy("d");

        assertThat(incident(amended).happened()).isFalse();
        assertThat(incident(amended, detected(0)).deployments()).containsExactly("d");
        assertThat(incident(amended, detected(0), said("i", IncidentState.DELETED, at(10)))
                        .happened())
                .as("an amendment does not outrank a deletion")
                .isFalse();
    }

    @Test
    void highestRevisionThatSaysSomethingWins() {
        Incident incident = incident(
                detected(0).of("shop", "production").causedBy("d1"),
                said("i", IncidentState.AMENDED, at(9))
                        .revision(7)
                        .of("cart", null)
                        .causedBy(),
                said("i", IncidentState.AMENDED, at(10))
                        .revision(8)
                        .of(null, null)
                        .changeCaused(false));

        assertThat(incident.service()).isEqualTo("cart");
        assertThat(incident.environment()).isEqualTo("production");
        assertThat(incident.deployments()).as("said to have none").isEmpty();
        assertThat(incident.changeCaused()).isFalse();
        assertThat(incident.counts()).isFalse();
        assertThat(incident.happened()).isTrue();
    }

    @Test
    void placeThatNobodyNamed_isUnknown() {
        Incident incident = incident(detected(0).of(null, null));

        assertThat(incident.service()).isEqualTo(Incident.UNKNOWN);
        assertThat(incident.environment()).isEqualTo(Incident.UNKNOWN);
    }

    @Test
    void needsAnObservation() {
        assertThatThrownBy(() -> Incident.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void registerTellsWhatChangedAndWhereItLeft() {
        var register = new IncidentRegister(new MemoryTable<>());

        IncidentRegister.Change first =
                requireNonNull(register.observe(detected(0).build()));
        IncidentRegister.Change moved = requireNonNull(register.observe(said("i", IncidentState.AMENDED, at(9))
                .revision(3)
                .of("cart", null)
                .build()));

        assertThat(first.before()).isNull();
        assertThat(first.left()).isNull();
        assertThat(moved.left()).isEqualTo(first.after());
        assertThat(moved.after().service()).isEqualTo("cart");
        assertThat(register.observe(detected(0).build())).as("known").isNull();
    }
}
