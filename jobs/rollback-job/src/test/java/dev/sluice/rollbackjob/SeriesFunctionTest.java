package dev.sluice.rollbackjob;

import static dev.sluice.rollbackjob.Rows.KEY;
import static dev.sluice.rollbackjob.Rows.NOON;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.OrderState;
import dev.sluice.rollback.RollbackDesk;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollbackjob.state.SeriesInput;
import dev.sluice.rollbackjob.state.SeriesInput.What;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.Control;
import dev.sluice.wire.DeliveryAttempt;
import dev.sluice.wire.Json;
import dev.sluice.wire.RollbackRequestDocument;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesFunctionTest {
    private static final AtomicLong NOW = new AtomicLong();

    private KeyedOneInputStreamOperatorTestHarness<String, SeriesInput, OutRecord> harness;

    SeriesFunctionTest() throws Exception {
        NOW.set(NOON.toEpochMilli());
        harness = harness(null);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, SeriesInput, OutRecord> harness(
            @Nullable OperatorSubtaskState from) throws Exception {
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new SeriesFunction(NOW::get)), SeriesInput::key, Types.STRING);
        harness.setProcessingTime(NOW.get());
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        return harness;
    }

    @BeforeEach
    void running() throws Exception {
        tell(What.PLAN, Rows.plan(NOON.minusSeconds(60)));
        tell(What.DEPLOYMENT, Rows.deployment("d2", "SUCCESS", "v2", NOON.minusSeconds(7200), false));
        tell(What.DEPLOYMENT, Rows.deployment("d3", "SUCCESS", "v3", NOON.minusSeconds(600), false));
        tell(What.CURRENT, Rows.current("d3", "v3", NOON.minusSeconds(600)));
        assertThat(rows()).isEmpty();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private void tell(What what, Object content) throws Exception {
        harness.processElement(new SeriesInput(KEY, what, Json.bytes(content)), 0);
    }

    private void failedCanary(String run, Instant at) throws Exception {
        tell(What.FAILED_CANARY, RollbackTrigger.failedCanary(run, at, "errors: 3 %", "v2", "v3", false));
    }

    private void attempt(Outcome outcome) throws Exception {
        Instant at = Instant.ofEpochMilli(NOW.get());
        tell(
                What.ATTEMPT,
                new DeliveryAttempt(
                        Rows.TENANT, Rows.SERVICE, Rows.ENVIRONMENT, order().id(), outcome, at, 1, "answered"));
    }

    private void at(Instant moment) throws Exception {
        NOW.set(moment.toEpochMilli());
        harness.setProcessingTime(moment.toEpochMilli());
    }

    private List<RollbackRow> rows() {
        return harness.extractOutputValues().stream()
                .map(out -> Json.read(out.content(), RollbackRow.class))
                .toList();
    }

    private RollbackOrder order() {
        List<RollbackRow> rows = rows();
        return requireNonNull(rows.get(rows.size() - 1).order(), "order");
    }

    /** Who rolls back in a drill makes the deployment a failed one by that alone; by an incident it is one all the same. */
    @ParameterizedTest
    @CsvSource({"true, ROLLED_BACK, v3", "false, ROLLED_BACK, v1", "true, TIME, v1"})
    void aDrillMakesNoVersionABadOne(boolean drill, String rule, String target) throws Exception {
        tell(What.DEPLOYMENT, Rows.deployment("d1", "SUCCESS", "v1", NOON.minusSeconds(9_000), false));
        var request = new RollbackRequestDocument(Rows.SERVICE, Rows.ENVIRONMENT, "d3", "v2", "quarterly", drill);
        tell(
                What.REQUEST,
                new Control(
                        Rows.TENANT,
                        Control.ROLLBACK_REQUEST,
                        "r",
                        "ann",
                        NOON,
                        false,
                        Json.mapper().valueToTree(request)));
        attempt(Outcome.DELIVERED);
        tell(What.CURRENT, Rows.current("d4", "v2", NOON.plusSeconds(60)));
        assertThat(order().state()).isEqualTo(OrderState.VERIFIED);
        tell(What.DEPLOYMENT, Rows.failed("d3", "v3", NOON.minusSeconds(600), rule));
        tell(What.DEPLOYMENT, Rows.deployment("d2", "SUCCESS", "v2", NOON, true));

        tell(What.DEPLOYMENT, Rows.deployment("d5", "SUCCESS", "v5", NOON.plusSeconds(90), false));
        tell(What.CURRENT, Rows.current("d5", "v5", NOON.plusSeconds(90)));
        tell(
                What.FAILED_CANARY,
                RollbackTrigger.failedCanary("other", NOON.plusSeconds(99), "errors: 3 %", null, "v5", false));

        assertThat(order().to()).extracting(KnownDeployment::version).isEqualTo(target);
    }

    @Test
    void anErrorBudgetThatBurnsGivesAnOrder_believedByTheNameOfTheRuleOfACiSystem() throws Exception {
        tell(What.ERROR_BUDGET, Rows.counts(300, 9_800, 10_000, "somebody", NOON));
        tell(What.ERROR_BUDGET, Rows.counts(300, 9_990, 10_000, "ci.0123456789abcdef", NOON));
        assertThat(rows()).isEmpty();

        tell(What.ERROR_BUDGET, Rows.counts(300, 9_800, 10_000, "ci.0123456789abcdef", NOON));

        assertThat(order().state()).isEqualTo(OrderState.ORDERED);
        assertThat(order().trigger().kind()).isEqualTo(RollbackTrigger.Kind.ERROR_BUDGET);
        assertThat(requireNonNull(order().to(), "to").id()).isEqualTo("d2");
    }

    @Test
    void anOrderIsPublishedAsItGoesOn() throws Exception {
        failedCanary("r1", NOON);
        attempt(Outcome.DELIVERED);
        attempt(Outcome.ACKNOWLEDGED);
        tell(What.CURRENT, Rows.current("d4", "v2", NOON.plusSeconds(30)));

        assertThat(rows())
                .extracting(row -> requireNonNull(row.order(), "order").state())
                .containsExactly(
                        OrderState.ORDERED, OrderState.DELIVERED, OrderState.ACKNOWLEDGED, OrderState.VERIFIED);
        assertThat(harness.extractOutputValues()).allSatisfy(out -> {
            assertThat(out.topic()).isEqualTo(Topic.ROLLBACKS.topicName());
            assertThat(out.key()).isEqualTo(KEY);
        });
        assertThat(requireNonNull(order().to(), "to").version()).isEqualTo("v2");
    }

    @Test
    void anIncidentThatIsOpenAndLinkedGivesAnOrder() throws Exception {
        tell(What.INCIDENT, Rows.incident("unlinked", NOON, null));
        tell(What.INCIDENT, Rows.incident("over", NOON, NOON, "d3"));
        assertThat(rows()).isEmpty();

        tell(What.INCIDENT, Rows.incident("i", NOON, null, "d3"));

        assertThat(order().state()).isEqualTo(OrderState.ORDERED);
        assertThat(order().trigger().reason()).isEqualTo("incident i (SEV1), linked by rule TIME: checkout is down");
    }

    @Test
    void anIncidentThatIsResolvedWhileItWaitsGivesNone() throws Exception {
        failedCanary("r1", NOON);
        tell(What.INCIDENT, Rows.incident("i", NOON, null, "d3"));
        tell(What.INCIDENT, Rows.incident("i", NOON, NOON.plusSeconds(5), "d3"));

        attempt(Outcome.STOPPED);

        assertThat(order().state()).isEqualTo(OrderState.STOPPED);
    }

    @Test
    void anOrderThatEndsIsSeenBeforeTheNextIsGiven() throws Exception {
        failedCanary("r1", NOON);
        tell(What.INCIDENT, Rows.incident("i", NOON, null, "d3"));
        assertThat(rows()).hasSize(1);

        attempt(Outcome.STOPPED);

        assertThat(rows())
                .extracting(row -> requireNonNull(row.order(), "order").state())
                .containsExactly(OrderState.ORDERED, OrderState.STOPPED, OrderState.ORDERED);
    }

    @Test
    void timeAloneEndsAnOrder() throws Exception {
        failedCanary("r1", NOON);

        at(NOON.plusSeconds(600));

        assertThat(order().state()).isEqualTo(OrderState.EXPIRED);
        assertThat(harness.numProcessingTimeTimers()).isEqualTo(1);
    }

    @Test
    void aRolloutThatFailsIsAVerificationOfACanaryBeside() throws Exception {
        tell(What.FAILED_CANARY, RollbackTrigger.failedCanary("r1", NOON, "errors: 3 %", "v3", "v4", false));
        attempt(Outcome.DELIVERED);

        tell(What.DEPLOYMENT, Rows.deployment("d4", "CANCELLED", "v4", NOON.plusSeconds(10), false));

        assertThat(order().state()).isEqualTo(OrderState.VERIFIED);
    }

    @Test
    void aRestartGoesOnAndOrdersNothingTwice() throws Exception {
        failedCanary("r1", NOON);
        String id = order().id();
        OperatorSubtaskState snapshot = harness.snapshot(1, 0);
        harness.close();

        harness = harness(snapshot);
        failedCanary("r1", NOON.plusSeconds(10));
        assertThat(harness.extractOutputValues()).isEmpty();
        tell(
                What.ATTEMPT,
                new DeliveryAttempt(
                        Rows.TENANT, Rows.SERVICE, Rows.ENVIRONMENT, id, Outcome.DELIVERED, NOON, 1, "answered"));

        assertThat(order().state()).isEqualTo(OrderState.DELIVERED);
    }

    @Test
    void fiveYearsOfHistoryOrderNothing() throws Exception {
        Instant begin = NOON.minus(Duration.ofDays(5 * 365));
        tell(What.PLAN, Rows.plan(begin));
        for (int i = 0; i < 1_000; i++) {
            Instant at = begin.plus(Duration.ofHours(40L * i));
            tell(What.DEPLOYMENT, Rows.deployment("h" + i, "SUCCESS", "w" + i, at, false));
            tell(What.CURRENT, Rows.current("h" + i, "w" + i, at));
            tell(What.INCIDENT, Rows.incident("i" + i, at.plusSeconds(60), null, "h" + i));
            tell(
                    What.FAILED_CANARY,
                    RollbackTrigger.failedCanary("run" + i, at.plusSeconds(60), "errors", null, "w" + i, false));
        }

        assertThat(rows()).isEmpty();
        assertThat(harness.numKeyedStateEntries()).as("one book").isEqualTo(1);
    }

    @Test
    void nothingIsKeptOfWhatIsNoMore() throws Exception {
        failedCanary("r1", NOON);
        attempt(Outcome.REFUSED);
        var plan = Rows.plan(NOON);
        tell(What.PLAN, plan.deletedBy("ann", NOON));
        tell(What.CURRENT, Rows.current(null, null, null));
        tell(What.DEPLOYMENT, Rows.deployment("d2", "SUCCESS", "v2", NOON, true));
        tell(What.DEPLOYMENT, Rows.deployment("d3", "SUCCESS", "v3", NOON, true));

        at(NOON.plus(RollbackDesk.SHOWN));

        List<RollbackRow> rows = rows();
        assertThat(rows.get(rows.size() - 1).deleted()).isTrue();
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numProcessingTimeTimers()).isZero();
    }
}
