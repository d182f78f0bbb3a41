package dev.sluice.dorajob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.PullRequestOwnership;
import dev.sluice.dora.DeploymentFact;
import dev.sluice.dora.DoraRow;
import dev.sluice.dora.DriftEpisodeFact;
import dev.sluice.dora.PullRequestFact;
import dev.sluice.dora.ShiftFact;
import dev.sluice.dorajob.state.DeliveryInput;
import dev.sluice.dorajob.state.DriftCheckState;
import dev.sluice.dorajob.state.ObservationState;
import dev.sluice.dorajob.state.PullRequestOwnershipState;
import dev.sluice.shift.Direction;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Flink's harness declares Exception on close
class DeliveryFunctionTest {
    private static final Instant STARTED = Instant.parse("2025-03-10T12:00:00Z");
    private static final Instant FINISHED = Instant.parse("2025-03-10T09:00:00Z");
    private static final long COALESCED = DeliveryFunction.COALESCE.toMillis();

    @Test
    void holdsBackUntilProgressHasPassedTheStart() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.setProcessingTime(STARTED.plus(Duration.ofHours(1)).toEpochMilli());
            harness.processWatermark(STARTED.minusMillis(1).toEpochMilli());
            assertThat(harness.extractOutputValues()).isEmpty();

            harness.processWatermark(STARTED.toEpochMilli());
            assertThat(rows(harness, Topic.DORA)).hasSize(1);
            assertThat(count(harness, 7)).isEqualTo(1);
        }
    }

    @Test
    void publishesAKeyThatWasTouchedOftenDuringTheHoldOnce() throws Exception {
        try (var harness = open(STARTED, null)) {
            for (int i = 0; i < 20; i++) {
                harness.processElement(input(deployed("d" + i, FINISHED.plusSeconds(i))), 0);
            }
            harness.processWatermark(STARTED.toEpochMilli());
            assertThat(rows(harness, Topic.DORA)).hasSize(1);
            assertThat(count(harness, 7)).isEqualTo(20);
        }
    }

    @Test
    void gathersInputsOfFiftyMilliseconds() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.setProcessingTime(1_000_000);
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.processElement(input(deployed("2", FINISHED)), 0);
            harness.setProcessingTime(1_000_000 + COALESCED - 1);
            assertThat(harness.extractOutputValues()).isEmpty();

            harness.setProcessingTime(1_000_000 + COALESCED);
            assertThat(rows(harness, Topic.DORA)).hasSize(1);
            assertThat(count(harness, 30)).isEqualTo(2);
            assertThat(harness.numProcessingTimeTimers()).isZero();
        }
    }

    @Test
    void aWatermarkPassesOnlyBehindTheRowsOfWhatItFollowed() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.minusMillis(1).toEpochMilli());
            assertThat(watermarks(harness)).isEmpty();
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.processWatermark(STARTED.toEpochMilli());
            assertThat(watermarks(harness)).hasSize(1);

            harness.processElement(input(deployed("2", FINISHED)), 0);
            harness.processWatermark(STARTED.plusSeconds(1).toEpochMilli());
            harness.processElement(input(deployed("3", FINISHED)), 0);
            harness.processWatermark(STARTED.plusSeconds(2).toEpochMilli());
            assertThat(watermarks(harness)).hasSize(1);

            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            assertThat(watermarks(harness)).hasSize(3);
            List<Object> output = List.copyOf(harness.getOutput());
            assertThat(output.get(output.size() - 1)).isInstanceOf(Watermark.class);
            assertThat(output.get(output.size() - 2)).isInstanceOf(Watermark.class);
        }
    }

    @Test
    void theGenerationNeverGoesBack_whateverTheClockSays() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(STARTED, null)) {
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.processWatermark(STARTED.toEpochMilli());
            snapshot = harness.snapshot(1, 1);
        }
        Instant earlier = STARTED.minus(Duration.ofHours(1));
        try (var harness = open(earlier, snapshot)) {
            harness.processElement(input(deployed("2", FINISHED)), 0);
            harness.processWatermark(STARTED.toEpochMilli());
            assertThat(rows(harness, Topic.DORA).get(0).headers())
                    .containsEntry(RecordHeaders.GENERATION, Long.toString(STARTED.toEpochMilli() + 1));
        }
    }

    private static List<Object> watermarks(
            KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> harness) {
        return harness.getOutput().stream()
                .filter(element -> element instanceof Watermark)
                .map(Object.class::cast)
                .toList();
    }

    @Test
    void aDuplicateChangesNothing() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            int published = harness.extractOutputValues().size();
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + 10 * COALESCED);
            assertThat(harness.extractOutputValues()).hasSize(published);
        }
    }

    @Test
    void afterARestoreNothingIsPublishedBeforeProgressHasPassedTheNewStart() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(input(deployed("1", FINISHED)), 0);
            // killed before the coalescing timer, which is part of the snapshot
            snapshot = harness.snapshot(1, 1);
        }
        Instant restarted = STARTED.plus(Duration.ofMinutes(5));
        try (var harness = open(restarted, snapshot)) {
            harness.setProcessingTime(restarted.toEpochMilli());
            harness.processWatermark(STARTED.plusSeconds(60).toEpochMilli());
            harness.processElement(input(deployed("2", FINISHED)), 0);
            assertThat(harness.extractOutputValues()).isEmpty();

            harness.processWatermark(restarted.toEpochMilli());
            assertThat(rows(harness, Topic.DORA)).hasSize(1);
            assertThat(count(harness, 7)).isEqualTo(2);
            assertThat(rows(harness, Topic.DORA).get(0).headers())
                    .containsEntry(RecordHeaders.GENERATION, Long.toString(restarted.toEpochMilli()));
        }
    }

    @Test
    void theDayEndsWithoutAnEvent() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.processWatermark(STARTED.toEpochMilli());
            Instant midnight = Instant.parse("2025-03-11T00:00:00Z");
            harness.processWatermark(midnight.minusMillis(1).toEpochMilli());
            assertThat(rows(harness, Topic.DORA)).hasSize(1);

            harness.processWatermark(midnight.plus(DeliveryFunction.SPREAD).toEpochMilli());
            assertThat(rows(harness, Topic.DORA)).hasSize(2);
            assertThat(dora(harness, 1).asOfDay()).isEqualTo(LocalDate.parse("2025-03-11"));
        }
    }

    @Test
    void aKeyWithEmptyWindowsHasNoTimerLeft() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processElement(input(deployed("1", FINISHED)), 0);
            Instant now = STARTED;
            for (int day = 0; day < 140; day++) {
                harness.processWatermark(now.toEpochMilli());
                now = now.plus(Duration.ofDays(1));
            }
            assertThat(harness.numEventTimeTimers()).isZero();
            assertThat(harness.numProcessingTimeTimers()).isZero();
            List<OutRecord> dora = rows(harness, Topic.DORA);
            DoraRow last = Json.read(dora.get(dora.size() - 1).content(), DoraRow.class);
            assertThat(last.windows())
                    .allSatisfy(window -> assertThat(
                                    window.metrics().deploymentFrequency().count())
                            .isZero());
        }
    }

    @Test
    void anAttemptWithoutAnEndTimesOut() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processElement(input(observed("1", DeploymentState.STARTED, STARTED)), 0);
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processWatermark(STARTED.plus(Duration.ofHours(24))
                    .plus(DeliveryFunction.SPREAD)
                    .toEpochMilli());
            List<OutRecord> facts = rows(harness, Topic.FACTS);
            DeploymentFact last = Json.read(facts.get(facts.size() - 1).content(), DeploymentFact.class);
            assertThat(last.result()).isEqualTo("TIMED_OUT");
            assertThat(last.counted()).isFalse();
        }
    }

    @Test
    void aDeletedDeploymentLeavesEveryWindow() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            harness.processElement(input(observed("1", DeploymentState.DELETED, FINISHED.plusSeconds(60))), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);

            assertThat(count(harness, 7)).isZero();
            List<OutRecord> facts = rows(harness, Topic.FACTS);
            assertThat(Json.read(facts.get(facts.size() - 1).content(), DeploymentFact.class)
                            .deleted())
                    .isTrue();
        }
    }

    @Test
    void deletedRowsAreForgottenAWeekLater() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            harness.processElement(input(observed("1", DeploymentState.DELETED, FINISHED.plusSeconds(60))), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            assertThat(harness.extractOutputValues())
                    .noneSatisfy(record -> assertThat(record.value()).isNull());

            Instant week = STARTED.plus(DeliveryFunction.DELETED_FOR);
            harness.processWatermark(week.toEpochMilli());
            assertThat(tombstones(harness)).isEmpty();
            harness.processWatermark(week.plus(Duration.ofHours(1)).toEpochMilli());

            assertThat(tombstones(harness))
                    .extracting(OutRecord::topic)
                    .containsExactlyInAnyOrder(
                            "sluice.dora.v1",
                            "sluice.current.v1",
                            "sluice.facts.v1",
                            "sluice.periods.v1",
                            "sluice.periods.v1",
                            "sluice.periods.v1");
            assertThat(harness.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void aRowThatIsBackIsNotForgotten() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.processElement(input(observed("1", DeploymentState.DELETED, FINISHED.plusSeconds(60))), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            harness.processElement(input(deployed("2", FINISHED)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            harness.processWatermark(STARTED.plus(DeliveryFunction.DELETED_FOR)
                    .plus(Duration.ofHours(1))
                    .toEpochMilli());

            assertThat(tombstones(harness)).extracting(OutRecord::topic).containsExactly("sluice.facts.v1");
        }
    }

    @Test
    void publishesThePullRequestsOfADeployment_andForgetsThem() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(input(deployed("1", FINISHED)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            int tables = harness.numKeyedStateEntries();
            for (String number : List.of("6", "7")) {
                harness.processElement(input(pullRequest(number, "test/1")), 0);
            }
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            assertThat(harness.numKeyedStateEntries())
                    .as("pull requests, their range, cherry-picks")
                    .isEqualTo(tables + 3);
            assertThat(pullRequestFact(harness, "6").leadTimeMs())
                    .isEqualTo(Duration.ofHours(9).toMillis());
            assertThat(pullRequestFact(harness, "7").excludedReason()).isEqualTo("CHERRY_PICK");

            for (String number : List.of("6", "7")) {
                harness.processElement(input(pullRequest(number, null)), 0);
            }
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            assertThat(pullRequestFact(harness, "6").deleted()).isTrue();
            assertThat(pullRequestFact(harness, "7").deleted()).isTrue();
            assertThat(harness.numKeyedStateEntries())
                    .as("nothing of them but that they are to be forgotten")
                    .isEqualTo(tables + 1);

            harness.processWatermark(STARTED.plus(DeliveryFunction.DELETED_FOR)
                    .plus(Duration.ofHours(1))
                    .toEpochMilli());
            assertThat(tombstones(harness))
                    .extracting(OutRecord::key)
                    .containsExactlyInAnyOrder(
                            "default/pull_request/checkout/production/acme%2Fcheckout/6",
                            "default/pull_request/checkout/production/acme%2Fcheckout/7");
        }
    }

    private static PullRequestFact pullRequestFact(
            KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> harness, String number) {
        String key = "default/pull_request/checkout/production/acme%2Fcheckout/" + number;
        List<OutRecord> facts = rows(harness, Topic.FACTS).stream()
                .filter(record -> record.key().equals(key))
                .toList();
        return Json.read(facts.get(facts.size() - 1).content(), PullRequestFact.class);
    }

    /** A cherry-pick, its first commit nine hours before the end of the deployment. */
    private static PullRequestOwnership pullRequest(String number, @Nullable String deploymentId) {
        boolean owned = deploymentId != null;
        return new PullRequestOwnership(
                "checkout",
                "production",
                "acme/checkout",
                number,
                deploymentId,
                null,
                owned ? FINISHED.minus(Duration.ofHours(9)) : null,
                false,
                owned ? FINISHED.minus(Duration.ofHours(8)) : null,
                null,
                owned ? FINISHED.minus(Duration.ofHours(1)) : null,
                owned ? "5" : null);
    }

    private static DeliveryInput input(PullRequestOwnership pullRequest) {
        return DeliveryInput.of("default", PullRequestOwnershipState.of(pullRequest));
    }

    @Test
    void episodesOfDriftAreFactsOfTheirOwn() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(input(checked("1", FINISHED.minusSeconds(3600), true, 0, false)), 0);
            harness.processElement(input(checked("2", FINISHED, false, 0, false)), 0);
            harness.processElement(input(checked("2", FINISHED, false, 0, false)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);

            OutRecord fact = rows(harness, Topic.FACTS).get(0);
            assertThat(fact.key()).isEqualTo("default/drift/checkout/production/stack%2Feu/2025-03-10T08:00:00Z");
            assertThat(Json.read(fact.content(), DriftEpisodeFact.class).reconcileMs())
                    .isEqualTo(3_600_000);
            assertThat(rows(harness, Topic.FACTS)).hasSize(1);
            assertThat(dora(harness, 0)
                            .windows()
                            .get(0)
                            .metrics()
                            .configurationDrift()
                            .driftedMs())
                    .isEqualTo(3_600_000);
        }
    }

    @Test
    void aSeriesThatLosesAllItsChecksEndsEmpty() throws Exception {
        try (var harness = open(STARTED, null)) {
            harness.processWatermark(STARTED.toEpochMilli());
            harness.processElement(input(checked("1", FINISHED.minusSeconds(3600), true, 0, false)), 0);
            harness.processElement(input(checked("2", FINISHED, false, 0, false)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            assertThat(dora(harness, 0).deleted()).isFalse();
            harness.processElement(input(checked("1", FINISHED.minusSeconds(3600), true, 1, true)), 0);
            harness.processElement(input(checked("2", FINISHED, false, 1, true)), 0);
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            assertThat(dora(harness, 1).deleted()).isTrue();

            harness.processWatermark(STARTED.plus(DeliveryFunction.DELETED_FOR)
                    .plus(Duration.ofHours(1))
                    .toEpochMilli());
            assertThat(tombstones(harness))
                    .extracting(OutRecord::topic)
                    .containsExactlyInAnyOrder(
                            "sluice.dora.v1",
                            "sluice.current.v1",
                            "sluice.facts.v1",
                            "sluice.periods.v1",
                            "sluice.periods.v1",
                            "sluice.periods.v1");
            assertThat(harness.numEventTimeTimers() + harness.numProcessingTimeTimers())
                    .isZero();
            assertThat(harness.numKeyedStateEntries())
                    .as("the words that took the checks back, and the day of the last emission")
                    .isEqualTo(2);
        }
    }

    @Test
    void aShiftIsAFactOfItsOwn_survivesARestore_andIsForgottenWithItsSeries() throws Exception {
        OperatorSubtaskState snapshot;
        try (var harness = open(STARTED, null)) {
            for (int i = 0; i < 200; i++) {
                DeploymentState state = i >= 150 || i % 10 == 0 ? DeploymentState.FAILURE : DeploymentState.SUCCESS;
                harness.processElement(input(observed("d" + i, state, ofDay(i))), 0);
            }
            harness.processWatermark(STARTED.toEpochMilli());
            ShiftFact reported = shift(harness);
            assertThat(reported.direction()).isEqualTo(Direction.DETERIORATION);
            assertThat(reported.began()).isEqualTo(ofDay(150));
            assertThat(reported.withdrawn() || reported.deleted()).isFalse();
            snapshot = harness.snapshot(1, 1);
        }
        try (var harness = open(STARTED, snapshot)) {
            harness.processWatermark(STARTED.toEpochMilli());
            assertThat(harness.extractOutputValues()).as("known already").isEmpty();
            for (int i = 150; i < 200; i++) {
                harness.processElement(input(observed("d" + i, DeploymentState.DELETED, ofDay(i).plusSeconds(60))), 0);
            }
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            assertThat(shift(harness).withdrawn()).isTrue();
            assertThat(shift(harness).deleted()).isFalse();

            for (int i = 0; i < 150; i++) {
                harness.processElement(input(observed("d" + i, DeploymentState.DELETED, ofDay(i).plusSeconds(60))), 0);
            }
            harness.setProcessingTime(harness.getProcessingTime() + COALESCED);
            assertThat(shift(harness).deleted()).isTrue();

            harness.processWatermark(STARTED.plus(DeliveryFunction.DELETED_FOR)
                    .plus(Duration.ofHours(1))
                    .toEpochMilli());
            assertThat(tombstones(harness)).extracting(OutRecord::key).contains(SHIFT_KEY);
            assertThat(harness.numKeyedStateEntries())
                    .as("the observations that took the attempts back, and the day of the last emission")
                    .isEqualTo(2);
        }
    }

    /** Of the success rate, which falls with the deployment of day 150. */
    private static final String SHIFT_KEY =
            "default/shift/checkout/production/deployment_success_rate/DETERIORATION/" + ofDay(150);

    /** One attempt a day, the last of 200 on the day of the start. */
    private static Instant ofDay(int i) {
        return FINISHED.minus(Duration.ofDays(199 - i));
    }

    private static ShiftFact shift(KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> harness) {
        List<OutRecord> facts = rows(harness, Topic.FACTS).stream()
                .filter(record -> record.key().equals(SHIFT_KEY))
                .filter(record -> record.value() != null)
                .toList();
        return Json.read(facts.get(facts.size() - 1).content(), ShiftFact.class);
    }

    private static DriftChecked checked(String id, Instant at, boolean drifted, long revision, boolean deleted) {
        return new DriftChecked(
                new EventHeader(EventIds.of(id, Long.toString(revision)), "default", "terraform", "d-0-1", at, at),
                DriftChecked.checkId("terraform", id),
                "checkout",
                "production",
                "stack/eu",
                drifted,
                "f1",
                Duration.ofDays(2),
                revision,
                deleted);
    }

    private static DeliveryInput input(DriftChecked check) {
        return DeliveryInput.of(DriftCheckState.of(check));
    }

    private static List<OutRecord> tombstones(
            KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> harness) {
        return harness.extractOutputValues().stream()
                .filter(record -> record.value() == null)
                .toList();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> open(
            Instant startedAt, @Nullable OperatorSubtaskState snapshot) throws Exception {
        long started = startedAt.toEpochMilli();
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new DeliveryOperator(new DeliveryFunction(ZoneOffset.UTC, () -> started)),
                DeliveryInput::key,
                Types.STRING);
        harness.setup();
        if (snapshot != null) {
            harness.initializeState(snapshot);
        }
        harness.open();
        return harness;
    }

    private static DeploymentObserved deployed(String id, Instant at) {
        return observed(id, DeploymentState.SUCCESS, at);
    }

    private static DeploymentObserved observed(String id, DeploymentState state, Instant at) {
        return new DeploymentObserved(
                new EventHeader(EventIds.of(id, state.name()), "default", "test", "d-0-1", at, at),
                DeploymentObserved.deploymentId("test", id),
                "checkout",
                "production",
                state,
                0,
                0,
                null,
                null,
                "v" + id,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static DeliveryInput input(DeploymentObserved observed) {
        return DeliveryInput.of(ObservationState.of(observed));
    }

    private static List<OutRecord> rows(
            KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> harness, Topic topic) {
        return harness.extractOutputValues().stream()
                .filter(record -> record.topic().equals(topic.topicName()))
                .toList();
    }

    private static DoraRow dora(
            KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> harness, int index) {
        return Json.read(rows(harness, Topic.DORA).get(index).content(), DoraRow.class);
    }

    private static int count(
            KeyedOneInputStreamOperatorTestHarness<String, DeliveryInput, OutRecord> harness, int days) {
        List<OutRecord> rows = rows(harness, Topic.DORA);
        return Json.read(rows.get(rows.size() - 1).content(), DoraRow.class).windows().stream()
                .filter(window -> window.days() == days)
                .findFirst()
                .orElseThrow()
                .metrics()
                .deploymentFrequency()
                .count();
    }
}
