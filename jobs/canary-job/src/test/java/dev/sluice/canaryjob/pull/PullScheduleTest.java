package dev.sluice.canaryjob.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.PullRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PullScheduleTest {
    private static final long START = Runs.START.toEpochMilli();

    private KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, PullRequest> harness;

    @BeforeEach
    void open() throws Exception {
        harness = harness();
        harness.open();
        harness.setProcessingTime(START);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, PullRequest> harness() throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new PullSchedule(Runs.READER)), CanaryInput::key, Types.STRING);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    private List<PullRequest> requests() {
        return harness.extractOutputValues();
    }

    /** Lets the time pass, second by second. */
    private void passTo(long millis) throws Exception {
        for (long now = harness.getProcessingTime(); now < millis; now += 1000) {
            harness.setProcessingTime(Math.min(millis, now + 1000));
        }
    }

    private static long at(String time) {
        return Instant.parse("2026-11-29T" + time + "Z").toEpochMilli();
    }

    @Test
    void asksForWhatIsNew_andForTheEndOfTheLastAgain() throws Exception {
        harness.processElement(Runs.input(Runs.pulled(null)), 0);
        passTo(at("12:02:54"));

        assertThat(requests().get(0).from()).isEqualTo(START);
        assertThat(requests().get(0).to()).isEqualTo(START + 1000);
        assertThat(requests()).hasSize(18);
        PullRequest last = requests().get(17);
        assertThat(last.to()).isEqualTo(at("12:02:54"));
        assertThat(last.from()).isEqualTo(at("12:02:14"));
        assertThat(last.key()).isEqualTo(Runs.KEY);
        assertThat(last.tenant()).isEqualTo("acme");
        assertThat(last.run()).isEqualTo("r1");
    }

    /** A day and a little more of before the run, once. */
    @Test
    void asksForTheHistoryOnce() throws Exception {
        harness.processElement(Runs.input(Runs.pulled(null)), 0);
        harness.processElement(Runs.input(Runs.pulled(null)), 0);
        passTo(at("12:02:54"));

        assertThat(harness.getSideOutput(PullSchedule.HISTORIES))
                .singleElement()
                .extracting(StreamRecord::getValue)
                .satisfies(request -> {
                    assertThat(request.from())
                            .isEqualTo(START - Duration.ofMinutes(24 * 60 + 15).toMillis());
                    assertThat(request.to()).isEqualTo(START);
                    assertThat(request.run()).isEqualTo("r1");
                });
    }

    @Test
    void asksForNoHistoryWhereNoneIsWanted() throws Exception {
        harness.processElement(Runs.input(Runs.pulledWithHistory("0s")), 0);
        passTo(at("12:02:54"));

        assertThat(harness.getSideOutput(PullSchedule.HISTORIES)).isNullOrEmpty();
        assertThat(requests()).isNotEmpty();
    }

    @Test
    void goesOnAfterARestart_andCatchesUp() throws Exception {
        harness.processElement(Runs.input(Runs.pulled(null)), 0);
        passTo(at("12:02:04"));
        long pulledTo = requests().get(requests().size() - 1).to();
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();

        harness.setProcessingTime(at("12:30:00"));

        assertThat(requests()).singleElement().satisfies(request -> {
            assertThat(request.from()).isEqualTo(pulledTo - 30_000);
            assertThat(request.to()).isEqualTo(at("12:30:00"));
        });
    }

    @Test
    void endsWithTheRun() throws Exception {
        harness.processElement(Runs.input(Runs.pulled(null)), 0);
        passTo(at("12:01:00"));
        harness.processElement(Runs.input(Runs.pulled(Instant.parse("2026-11-29T12:01:30Z"))), 0);
        passTo(at("13:00:00"));

        assertThat(requests()).allSatisfy(request -> assertThat(request.to()).isLessThanOrEqualTo(at("12:01:30")));
        assertThat(requests().get(requests().size() - 1).to()).isEqualTo(at("12:01:30"));
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numProcessingTimeTimers()).isZero();
        // what is heard of it later begins nothing anew
        harness.processElement(Runs.input(Runs.pulled(Instant.parse("2026-11-29T12:01:30Z"))), 0);
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    /** What is waited for is there when it is asked for: each time is asked for once, up to the end of the run. */
    @Test
    void asksOnceForWhatHasHappenedAWhileAgo() throws Exception {
        harness.processElement(Runs.input(Runs.pulledLate(Duration.ofSeconds(90), null)), 0);
        passTo(at("12:03:00"));
        harness.processElement(
                Runs.input(Runs.pulledLate(Duration.ofSeconds(90), Instant.parse("2026-11-29T12:03:10Z"))), 0);
        passTo(at("13:00:00"));

        List<PullRequest> requests = requests();
        assertThat(requests.get(0).from()).isEqualTo(START);
        for (int i = 1; i < requests.size(); i++) {
            assertThat(requests.get(i).from()).isEqualTo(requests.get(i - 1).to());
        }
        assertThat(requests.get(8).to()).isEqualTo(at("12:01:24"));
        assertThat(requests.get(requests.size() - 1).to()).isEqualTo(at("12:03:10"));
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numProcessingTimeTimers()).isZero();
    }

    /** A short delay leaves a part of the time that is asked for again. */
    @Test
    void asksForWhatTheDelayDoesNotCoverAgain() throws Exception {
        harness.processElement(Runs.input(Runs.pulledLate(Duration.ofSeconds(20), null)), 0);
        passTo(at("12:02:54"));

        PullRequest last = requests().get(requests().size() - 1);
        assertThat(last.to()).isEqualTo(at("12:02:34"));
        assertThat(last.from()).isEqualTo(at("12:02:14"));
    }

    /** The end was told while nobody listened, and is long ago. */
    @Test
    void endsWithARunWhoseEndIsHeardOfLate() throws Exception {
        harness.processElement(Runs.input(Runs.pulled(null)), 0);
        passTo(at("12:01:00"));
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness();
        harness.initializeState(snapshot);
        harness.open();
        harness.setProcessingTime(at("12:30:00") - 1);
        harness.processElement(Runs.input(Runs.pulled(Instant.parse("2026-11-29T12:01:30Z"))), 0);
        passTo(at("12:31:00"));

        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numProcessingTimeTimers()).isZero();
    }

    @Test
    void endsAtTheHorizon() throws Exception {
        harness.processElement(Runs.input(Runs.pulled(null)), 0);
        passTo(START + Runs.horizon().toMillis() + 600_000);

        assertThat(requests().get(requests().size() - 1).to())
                .isEqualTo(START + Runs.horizon().toMillis());
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numProcessingTimeTimers()).isZero();
    }

    @Test
    void asksNothingForRunsWhoseSeriesAreSent() throws Exception {
        harness.processElement(Runs.input(Runs.sent()), 0);
        passTo(START + 600_000);

        assertThat(requests()).isEmpty();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }
}
