package dev.sluice.canaryjob;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.CanaryBucket;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryEvidence;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanaryStanding;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import dev.sluice.wire.VerdictJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanaryFunctionTest {
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final String KEY = Keys.of("default", "r1");
    /** Six buckets settle, six warm up. */
    private static final int BUCKETS = 90;

    private KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, OutRecord> harness;

    CanaryFunctionTest() throws Exception {
        harness = harness(null);
    }

    @BeforeEach
    void start() throws Exception {
        harness.processWatermark(START.toEpochMilli());
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aNewRunIsPending() throws Exception {
        harness.processElement(run(document()), 0);
        JsonNode verdict = verdict(last());
        assertThat(verdict.get("state").asText()).isEqualTo("Pending");
        assertThat(last().ended()).isFalse();
        assertThat(harness.extractOutputValues().get(0).key()).isEqualTo(KEY);
        assertThat(harness.extractOutputValues().get(0).topic()).isEqualTo(Topic.VERDICTS.topicName());
    }

    @Test
    void aBadCanaryFailsAndAGoodOneIsSuccessful() throws Exception {
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(0.03)) {
            harness.processElement(input, 0);
        }
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Failed");
        assertThat(verdict(last()).get("reasons").get(0).asText()).contains("errors: ");
        harness.close();
        harness = harness(null);
        harness.processWatermark(START.toEpochMilli());
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(0.01)) {
            harness.processElement(input, 0);
        }
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Successful");
    }

    /** With the buckets as they were judged, and what is set of the run, the verdict can be computed again. */
    @Test
    void theBucketsAmountToTheVerdict() throws Exception {
        Instant stage = START.plusSeconds(400);
        CanaryRunDocument document = document().withStage(stage);
        harness.processElement(run(document), 0);
        for (CanaryInput input : shuffled(samples(0.012), new Random(3))) {
            harness.processElement(input, 0);
        }
        List<OutRecord> buckets = of(Topic.BUCKETS);
        assertThat(buckets).hasSize((int) last().buckets());
        var again = new CanaryRun(config(document), START);
        int stages = 0;
        for (OutRecord record : buckets) {
            CanaryBucket bucket = Json.read(record.content(), CanaryBucket.class);
            stages = again.startStages(document.stages(), stages, bucket.begin().plusSeconds(10));
            again.addMeasured(bucket.begin(), bucket.toDomain());
        }
        Instant at = Instant.parse(verdict(last()).get("at").asText());
        assertThat(VerdictJson.of(again.verdict(at)).toString())
                .isEqualTo(verdict(last()).toString());
    }

    /** Of each ten seconds, of the moment of the decision, and of the end; whether the buckets came one by one or all at once. */
    @Test
    void theEvidenceIsToldAsItCameAbout() throws Exception {
        List<CanaryEvidence> oneByOne = evidence(samples(0.03), false);
        assertThat(oneByOne).extracting(CanaryEvidence::at).isSorted().doesNotHaveDuplicates();
        assertThat(oneByOne.get(0).verdict().get("state").asText()).isEqualTo("Pending");
        assertThat(oneByOne.get(0).service()).isEqualTo("checkout");
        assertThat(oneByOne.get(0).canaryVersion()).isEqualTo("1.4.2");
        assertThat(oneByOne.get(oneByOne.size() - 1).verdict()).isEqualTo(verdict(last()));
        assertThat(states(oneByOne)).containsSubsequence("Pending", "Running", "Failed");
        harness.close();

        harness = harness(null);
        harness.processWatermark(START.toEpochMilli());
        assertThat(evidence(samples(0.03), true)).containsAll(oneByOne.subList(1, oneByOne.size()));

        end(harness);
        harness.processElement(run(document().endedAt(START.plusSeconds(10L * BUCKETS))), 0);
        List<CanaryEvidence> whole = evidence();
        assertThat(whole.get(whole.size() - 1).ended()).isTrue();
        assertThat(whole.get(whole.size() - 1).verdict()).isEqualTo(verdict(last()));
        assertThat(whole.subList(0, whole.size() - 1)).noneMatch(CanaryEvidence::ended);
    }

    /** While nothing may be published, what is judged is told: otherwise an outage would leave a hole. */
    @Test
    void whatIsReadAgainIsToldAgain() throws Exception {
        harness.close();
        harness = harness(null);
        List<CanaryEvidence> told = evidence(samples(0.01), false);
        assertThat(of(Topic.VERDICTS)).isEmpty();
        assertThat(told).hasSizeGreaterThan(60);
    }

    /** Returns what is told of a run whose points come one by one, or when its document comes last. */
    private List<CanaryEvidence> evidence(List<CanaryInput> inputs, boolean atOnce) throws Exception {
        if (!atOnce) {
            harness.processElement(run(document()), 0);
        }
        for (CanaryInput input : inputs) {
            harness.processElement(input, 0);
        }
        if (atOnce) {
            harness.processElement(run(document()), 0);
        }
        return evidence();
    }

    private List<CanaryEvidence> evidence() {
        return of(Topic.EVIDENCE).stream()
                .map(record -> Json.read(record.content(), CanaryEvidence.class))
                .toList();
    }

    private static List<String> states(List<CanaryEvidence> told) {
        return told.stream()
                .map(evidence -> evidence.verdict().get("state").asText())
                .distinct()
                .toList();
    }

    /** Nothing is judged before what was before the run is known; what it has taught is in the verdict and stands before the buckets. */
    @Test
    void aRunWaitsForItsHistory() throws Exception {
        harness.processElement(run(pulledDocument()), 0);
        for (CanaryInput input : samples(0.03)) {
            harness.processElement(input, 0);
        }
        assertThat(last().buckets()).isZero();
        assertThat(last().doubts()).containsExactly(Doubts.NO_HISTORY_YET);
        var learned = new CanaryRun(config(pulledDocument()), START);
        learned.noteHistory("learned of a day");
        harness.snapshot(1, 1);
        harness.processElement(CanaryInput.calibrated(KEY, "default", "r1", learned.saved()), 0);
        harness.notifyOfCompletedCheckpoint(1);
        harness.processWatermark(START.toEpochMilli() + 1);
        assertThat(last().buckets())
                .isZero(); // after a kill the history would be asked for again, and might be another one
        harness.snapshot(2, 2);
        harness.notifyOfCompletedCheckpoint(2);
        harness.processWatermark(START.toEpochMilli() + 2);

        assertThat(verdict(last()).get("state").asText()).isEqualTo("Failed");
        assertThat(verdict(last()).get("notes").toString()).contains("learned of a day");
        assertThat(last().doubts()).isEmpty();
        CanaryBucket first = Json.read(of(Topic.BUCKETS).get(0).content(), CanaryBucket.class);
        assertThat(first.calibrated()).isEqualTo(learned.saved());
        assertThat(first.begin()).isEqualTo(START.minusSeconds(10));
        assertThat(of(Topic.BUCKETS)).hasSize((int) last().buckets() + 1);
        // another one changes nothing: it is frozen
        harness.processElement(CanaryInput.calibrated(KEY, "default", "r1", new byte[0]), 0);
        end(harness);
        assertThat(verdict(last()).get("notes").toString()).contains("learned of a day");
    }

    @Test
    void aHistoryThatDoesNotComeIsNotWaitedForLong() throws Exception {
        harness.processElement(run(pulledDocument()), 0);
        for (CanaryInput input : samples(0.03)) {
            harness.processElement(input, 0);
        }
        harness.processWatermark(START.plus(HistoryWait.PATIENCE).toEpochMilli() + 1);

        assertThat(verdict(last()).get("state").asText()).isEqualTo("Failed");
        assertThat(verdict(last()).get("notes").toString()).contains("the history has not come within 3 minutes");
        assertThat(Json.read(of(Topic.BUCKETS).get(0).content(), CanaryBucket.class)
                        .calibrated())
                .isNotNull();
    }

    /** Just after a start progress is far back: it jumps, and that is no time that a history had. */
    @Test
    void aHistoryIsWaitedForSinceTheJobIsThere() throws Exception {
        harness.close();
        harness = harness(null);
        harness.processElement(run(pulledDocument()), 0);
        for (CanaryInput input : samples(0.03)) {
            harness.processElement(input, 0);
        }
        harness.processWatermark(START.plusSeconds(1).toEpochMilli());
        assertThat(last().buckets()).isZero();
        var learned = new CanaryRun(config(pulledDocument()), START);
        learned.noteHistory("learned of a day");
        harness.processElement(CanaryInput.calibrated(KEY, "default", "r1", learned.saved()), 0);
        harness.processWatermark(START.plus(HistoryWait.PATIENCE).toEpochMilli() + 1);
        assertThat(verdict(last()).get("notes").toString()).contains("learned of a day");
        assertThat(last().buckets()).isPositive();
    }

    /** What was calibrated before a restart is in the checkpoint that it comes back from: nothing more is waited for. */
    @Test
    void afterARestartWhatWasLearnedIsKept() throws Exception {
        harness.processElement(run(pulledDocument()), 0);
        var learned = new CanaryRun(config(pulledDocument()), START);
        learned.noteHistory("learned of a day");
        harness.processElement(CanaryInput.calibrated(KEY, "default", "r1", learned.saved()), 0);
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        harness.close();
        harness = harness(snapshot);
        harness.processWatermark(START.toEpochMilli());
        harness.processElement(CanaryInput.calibrated(KEY, "default", "r1", new byte[0]), 0);
        for (CanaryInput input : samples(0.03)) {
            harness.processElement(input, 0);
        }
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Failed");
        assertThat(verdict(last()).get("notes").toString()).contains("learned of a day");
    }

    /** What cannot be kept would stop the job: the run begins without it, and is judged. */
    @Test
    void aHistoryThatIsTooLargeIsNone() throws Exception {
        harness.processElement(run(pulledDocument()), 0);
        harness.processElement(CanaryInput.calibrated(KEY, "default", "r1", new byte[800_000]), 0);
        assertThat(of(Topic.BUCKETS)).isEmpty();
        for (CanaryInput input : samples(0.03)) {
            harness.processElement(input, 0);
        }
        harness.snapshot(1, 1);
        harness.notifyOfCompletedCheckpoint(1);
        harness.processWatermark(START.toEpochMilli() + 1);
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Failed");
        assertThat(of(Topic.BUCKETS)).hasSize((int) last().buckets());
    }

    /** Of so many metrics not even the run before its first bucket can be kept: that is no reason to try for ever. */
    @Test
    void aRunOfSoManyMetricsThatNothingCanBeKeptBegins() throws Exception {
        var config = (ObjectNode) pulledDocument().config();
        JsonNode metric = config.get("metrics").get(0);
        for (int i = 1; i < 200; i++) {
            ((ArrayNode) config.get("metrics")).add(((ObjectNode) metric.deepCopy()).put("name", "m" + i));
        }
        var document =
                new CanaryRunDocument("checkout", "production", null, null, config, "sha256:0", START, List.of(), null);
        harness.processElement(run(document), 0);
        byte[] saved = new CanaryRun(config(document), START).saved();
        harness.processElement(CanaryInput.calibrated(KEY, "default", "r1", saved), 0);
        assertThat(saved).hasSizeGreaterThan(700_000);
        assertThat(of(Topic.BUCKETS)).isEmpty();
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Pending");
    }

    private static CanaryRunDocument pulledDocument() throws IOException {
        JsonNode config = Json.mapper().readTree("""
                {"selectors": {"baseline": "{version='1'}", "canary": "{version='2'}"}, "pull": {"source": "main"},
                 "metrics": [{"name": "errors", "kind": "ratio",
                  "series": {"events": "errors_total", "exposure": "requests_total", "events_may_be_absent": true}}]}""");
        return new CanaryRunDocument("checkout", "production", null, null, config, "sha256:0", START, List.of(), null);
    }

    private static CanaryConfig config(CanaryRunDocument document) {
        return requireNonNull(
                CanaryConfigs.load().read(document.config(), List.of()).config());
    }

    /** Within the lateness neither the order of points nor copies nor a restart changes a number. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theOrderWithinTheLatenessDoesNotMatter(long seed) throws Exception {
        double rate = seed % 2 == 0 ? 0.01 : 0.022;
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(rate)) {
            harness.processElement(input, 0);
        }
        end(harness);
        JsonNode expected = verdict(last());
        harness.close();

        harness = harness(null);
        harness.processWatermark(START.toEpochMilli());
        var random = new Random(seed);
        List<CanaryInput> inputs = shuffled(samples(rate), random);
        boolean late = seed > 4;
        if (!late) {
            harness.processElement(run(document()), 0);
        }
        int restartAt = random.nextInt(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            if (late && i == 5) {
                harness.processElement(run(document()), 0);
            }
            harness.processElement(inputs.get(i), 0);
            if (random.nextInt(4) == 0) {
                harness.processElement(inputs.get(i), 0);
            }
            if (i == restartAt) {
                OperatorSubtaskState snapshot = harness.snapshot(1, 1);
                harness.close();
                harness = harness(snapshot);
                harness.processWatermark(START.toEpochMilli());
            }
        }
        end(harness);
        assertThat(verdict(last())).as("seed %d", seed).isEqualTo(expected);
        assertThat(last().late()).as("seed %d", seed).isZero();
    }

    /** Beyond the lateness points are lost, and with them proof: a bad canary may stay undecided, and never passes. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void beyondTheLatenessABadCanaryDoesNotPass(long seed) throws Exception {
        List<CanaryInput> inputs = samples(0.03);
        Collections.shuffle(inputs, new Random(seed));
        harness.processElement(run(document()), 0);
        for (CanaryInput input : inputs) {
            harness.processElement(input, 0);
        }
        end(harness);
        assertThat(last().late()).as("seed %d", seed).isPositive();
        assertThat(of(Topic.VERDICTS).stream()
                        .map(record -> Json.read(record.content(), CanaryStanding.class))
                        .map(standing -> verdict(standing).get("state").asText()))
                .as("seed %d", seed)
                .doesNotContain("Successful");
    }

    @Test
    void pointsOfACompleteBucketAreLateAndChangeNothing() throws Exception {
        harness.processElement(run(document()), 0);
        List<CanaryInput> inputs = samples(0.01);
        for (CanaryInput input : inputs) {
            harness.processElement(input, 0);
        }
        JsonNode before = verdict(last());
        harness.processElement(samples(20, new double[] {1, 500}, "canary", "late"), 0);
        end(harness);
        assertThat(last().late()).isEqualTo(1);
        assertThat(verdict(last())
                        .get("metrics")
                        .get(0)
                        .get("canary")
                        .get("events")
                        .asLong())
                .isBetween(
                        before.get("metrics").get(0).get("canary").get("events").asLong(), 600L);
    }

    @Test
    void withoutPointsProgressCompletesBuckets() throws Exception {
        harness.processElement(run(document()), 0);
        harness.processWatermark(START.plus(Duration.ofMinutes(8)).toEpochMilli());
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Inconclusive");
        assertThat(verdict(last()).get("reasons").get(0).asText()).contains("no data of both arms");
    }

    /** An end that lies behind what was judged: the run is over at once, and no timer is left at a time that has passed. */
    @Test
    void anEndInThePastEndsTheRun() throws Exception {
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(0.01)) {
            harness.processElement(input, 0);
        }
        harness.processElement(run(document().endedAt(START.plusSeconds(400))), 0);
        harness.processWatermark(START.plusSeconds(3000).toEpochMilli());
        assertThat(last().ended()).isTrue();
        assertThat(harness.numEventTimeTimers()).isEqualTo(1);
    }

    /** Progress is read before the end of the run, which lies a while back. */
    @Test
    void anEndThatIsHeardOfLateEndsTheRun() throws Exception {
        harness.processElement(run(document()), 0);
        harness.processWatermark(START.plusSeconds(3000).toEpochMilli());
        harness.processElement(run(document().endedAt(START.plusSeconds(100))), 0);
        harness.processWatermark(START.plusSeconds(3001).toEpochMilli());
        assertThat(last().ended()).isTrue();
    }

    /** The config and the start are those of the first word, whatever comes later under the same id. */
    @Test
    void whatARunIsJudgedByNeverChanges() throws Exception {
        harness.processElement(run(document()), 0);
        JsonNode other = Json.mapper()
                .readTree(
                        "{\"metrics\": [{\"name\": \"errors\", \"kind\": \"ratio\", \"tolerance\": 9, \"margin\": 20}]}");
        harness.processElement(
                run(new CanaryRunDocument(
                        "checkout", "production", null, null, other, "sha256:1", START, List.of(), null)),
                0);
        for (CanaryInput input : samples(0.03)) {
            harness.processElement(input, 0);
        }
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Failed");
        assertThat(last().configDigest()).isEqualTo("sha256:0");
    }

    /** Its state is lost, and so are its points: the verdict that was published stays. */
    @Test
    void aRunOfLongAgoIsNotJudgedAnew() throws Exception {
        Instant longAgo = START.minus(CanaryFunction.JUDGED_ANEW).minusSeconds(1);
        CanaryRunDocument run = document();
        harness.processElement(
                run(new CanaryRunDocument(
                        run.service(),
                        run.environment(),
                        null,
                        null,
                        run.config(),
                        run.configDigest(),
                        longAgo,
                        List.of(),
                        null)),
                0);
        harness.processWatermark(START.plusSeconds(3600).toEpochMilli());
        assertThat(harness.extractOutputValues()).isEmpty();
        assertThat(harness.numKeyedStateEntries()).isZero();
    }

    /** Who sent them knew of a stage that is not known here yet: nothing is judged before it is. */
    @Test
    void pointsOfAStageWaitForIt() throws Exception {
        harness.processElement(run(document()), 0);
        List<CanaryInput> inputs = samples(0.01);
        for (CanaryInput input : inputs.subList(0, 180)) {
            harness.processElement(input, 0);
        }
        long judged = last().buckets();
        Instant stage = START.plusSeconds(600);
        for (CanaryInput input : inputs.subList(180, inputs.size())) {
            SampleBatch batch = Json.read(requireNonNull(input.samples()), SampleBatch.class);
            var knowing = new SampleBatch(batch.tenant(), batch.run(), batch.metric(), 1, batch.points());
            harness.processElement(new CanaryInput(KEY, "default", "r1", null, Json.bytes(knowing)), 0);
        }
        assertThat(last().buckets()).isEqualTo(judged);
        harness.processElement(run(document().withStage(stage)), 0);
        assertThat(last().buckets()).isGreaterThan(judged);
        assertThat(last().stages()).isEqualTo(1);
    }

    /** One pod has only gone silent: what it kept comes later, and is waited for. */
    @Test
    void aSilentSeriesIsWaitedFor() throws Exception {
        harness.processElement(run(document()), 0);
        List<CanaryInput> kept = new ArrayList<>();
        for (CanaryInput input : samples(0.01)) {
            SampleBatch batch = Json.read(requireNonNull(input.samples()), SampleBatch.class);
            boolean ofSecondPod = "b2".equals(batch.points().get(0).series());
            if (ofSecondPod && batch.points().get(0).at().isAfter(START.plusSeconds(300))) {
                kept.add(input);
            } else {
                harness.processElement(input, 0);
            }
        }
        for (CanaryInput input : kept) {
            harness.processElement(input, 0);
        }
        end(harness);
        assertThat(last().late()).isZero();
    }

    /** However late points come, no verdict on the way is Successful where the run in order is Failed. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void beyondTheLatenessABadCanaryNeverPasses(long seed) throws Exception {
        harness.processElement(run(document()), 0);
        List<CanaryInput> inputs = samples(0.022);
        var random = new Random(seed);
        int window = seed % 2 == 0 ? 60 : inputs.size();
        for (int from = 0; from < inputs.size(); from += window) {
            List<CanaryInput> far = new ArrayList<>(inputs.subList(from, Math.min(inputs.size(), from + window)));
            Collections.shuffle(far, random);
            for (CanaryInput input : far) {
                harness.processElement(input, 0);
            }
        }
        end(harness);
        assertThat(of(Topic.VERDICTS))
                .as("seed %d", seed)
                .allSatisfy(record -> assertThat(verdict(Json.read(record.content(), CanaryStanding.class))
                                .get("state")
                                .asText())
                        .isNotEqualTo("Successful"));
    }

    @Test
    void latePointsWithholdAPass() throws Exception {
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(0.01)) {
            harness.processElement(input, 0);
        }
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Successful");
        harness.processElement(samples(20, new double[] {400, 500}, "canary", "c9"), 0);
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Running");
        assertThat(verdict(last()).get("reasons").get(0).asText()).contains("1 point of this stage came too late");
        assertThat(last().doubts()).singleElement().asString().startsWith("1 point of this stage came too late");
    }

    /** A run of the past whose points are sent at once, and not the moment it is set up. */
    @Test
    void pointsOfThePastMayStillCome() throws Exception {
        Instant now = START.plus(Duration.ofHours(1));
        harness.processWatermark(now.toEpochMilli());
        harness.processElement(run(document()), 0);
        harness.processWatermark(now.plusSeconds(30).toEpochMilli());
        for (CanaryInput input : samples(0.03)) {
            harness.processElement(input, 0);
        }
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Failed");
        assertThat(last().late()).isZero();
    }

    /** Each number can be, and their sum cannot: that must not stop the job. */
    @Test
    void aBucketBeyondAllMeasureHasNoData() throws Exception {
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(0.01)) {
            harness.processElement(input, 0);
        }
        for (int t = BUCKETS; t < BUCKETS + 5; t++) {
            harness.processElement(samples(t, new double[] {1, 9e14}, "baseline", "b1"), 0);
            harness.processElement(samples(t, new double[] {1, 9e14}, "baseline", "b2"), 0);
            harness.processElement(samples(t, new double[] {5, 500}, "canary", "c"), 0);
        }
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Successful");
    }

    @Test
    void aStageBeginsItsOwnProof() throws Exception {
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(0.01)) {
            harness.processElement(input, 0);
        }
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Successful");
        Instant stage = START.plusSeconds(10L * BUCKETS);
        harness.processElement(run(document().withStage(stage)), 0);
        for (int t = BUCKETS; t < BUCKETS + 9; t++) {
            harness.processElement(samples(t, new double[] {47, 4750}, "baseline", "b1"), 0);
            harness.processElement(samples(t, new double[] {47, 4750}, "baseline", "b2"), 0);
            harness.processElement(samples(t, new double[] {5, 500}, "canary", "c1"), 0);
        }
        assertThat(verdict(last()).get("state").asText()).isIn("Pending", "Running");
        assertThat(last().stages()).isEqualTo(1);
    }

    @Test
    void afterItsEndARunIsForgotten() throws Exception {
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(0.01)) {
            harness.processElement(input, 0);
        }
        Instant end = START.plusSeconds(10L * BUCKETS);
        harness.processElement(run(document().endedAt(end)), 0);
        end(harness);
        assertThat(last().ended()).isTrue();
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Successful");
        int said = harness.extractOutputValues().size();
        harness.processElement(samples(BUCKETS + 3, new double[] {9, 9}, "canary", "c"), 0);
        assertThat(harness.extractOutputValues()).hasSize(said);
        harness.processWatermark(end.plus(CanaryFunction.KEPT).plusSeconds(120).toEpochMilli());
        assertThat(last().deleted()).isTrue();
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
    }

    @Test
    void pointsOfARunThatNobodyStartedAreForgotten() throws Exception {
        harness.processElement(samples(1, new double[] {5, 500}, "canary", "c"), 0);
        assertThat(harness.numKeyedStateEntries()).isPositive();
        harness.processWatermark(
                START.plus(CanaryFunction.PATIENCE).plusSeconds(1).toEpochMilli());
        assertThat(harness.numKeyedStateEntries()).isZero();
        assertThat(harness.numEventTimeTimers()).isZero();
        assertThat(harness.extractOutputValues()).isEmpty();
    }

    /** A restart never publishes the past: it waits until progress has passed its start. */
    @Test
    void whatIsReadAgainIsNotPublished() throws Exception {
        harness.close();
        harness = harness(null);
        harness.processElement(run(document()), 0);
        for (CanaryInput input : samples(0.01)) {
            harness.processElement(input, 0);
        }
        assertThat(of(Topic.VERDICTS)).isEmpty();
        harness.processWatermark(START.toEpochMilli());
        assertThat(verdict(last()).get("state").asText()).isEqualTo("Successful");
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, OutRecord> harness(
            @Nullable OperatorSubtaskState snapshot) throws Exception {
        var function = new CanaryFunction(START::toEpochMilli);
        var opened = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(function), CanaryInput::key, Types.STRING);
        if (snapshot != null) {
            opened.initializeState(snapshot);
        }
        opened.open();
        return opened;
    }

    private static void end(KeyedOneInputStreamOperatorTestHarness<String, CanaryInput, OutRecord> harness)
            throws Exception {
        harness.processWatermark(START.plusSeconds(10L * BUCKETS + 120).toEpochMilli());
    }

    private CanaryStanding last() {
        List<OutRecord> verdicts = of(Topic.VERDICTS);
        return Json.read(verdicts.get(verdicts.size() - 1).content(), CanaryStanding.class);
    }

    private List<OutRecord> of(Topic topic) {
        return harness.extractOutputValues().stream()
                .filter(record -> record.topic().equals(topic.topicName()))
                .toList();
    }

    private static JsonNode verdict(CanaryStanding standing) {
        return requireNonNull(standing.verdict());
    }

    private static CanaryRunDocument document() throws IOException {
        JsonNode config = Json.mapper().readTree("{\"metrics\": [{\"name\": \"errors\", \"kind\": \"ratio\"}]}");
        return new CanaryRunDocument(
                "checkout", "production", "1.4.1", "1.4.2", config, "sha256:0", START, List.of(), null);
    }

    private static CanaryInput run(CanaryRunDocument document) {
        return new CanaryInput(KEY, "default", "r1", Json.bytes(document.json()), null);
    }

    /** Points of both arms, in the order of time, two pods of the baseline and one of the canary. */
    private static List<CanaryInput> samples(double rate) {
        var random = new Random(7);
        List<CanaryInput> inputs = new ArrayList<>();
        for (int t = 0; t < BUCKETS; t++) {
            inputs.add(samples(t, new double[] {count(random, 47.5), 4750}, "baseline", "b1"));
            inputs.add(samples(t, new double[] {count(random, 47.5), 4750}, "baseline", "b2"));
            inputs.add(samples(t, new double[] {count(random, 500 * rate), 500}, "canary", "c1"));
        }
        return inputs;
    }

    private static double count(Random random, double mean) {
        return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
    }

    private static CanaryInput samples(int t, double[] counts, String arm, String series) {
        var point = new SampleBatch.Point(
                arm, series, START.plusSeconds(10L * t + 5), null, null, counts[0], counts[1], null, null, null);
        var batch = new SampleBatch("default", "r1", "errors", 0, List.of(point));
        return new CanaryInput(KEY, "default", "r1", null, Json.bytes(batch));
    }

    /** Moves each at most one bucket away: three points are a bucket, the lateness is two buckets. */
    private static List<CanaryInput> shuffled(List<CanaryInput> inputs, Random random) {
        List<CanaryInput> moved = new ArrayList<>();
        for (int from = 0; from < inputs.size(); from += 6) {
            List<CanaryInput> two = new ArrayList<>(inputs.subList(from, Math.min(inputs.size(), from + 6)));
            Collections.shuffle(two, random);
            moved.addAll(two);
        }
        return moved;
    }
}
