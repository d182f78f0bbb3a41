package dev.sluice.canaryjob.learn;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.intake.Arm;
import dev.sluice.canary.intake.Measure;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Series;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.canaryjob.state.LearnInput;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** The config {@code checkout} of acme, which learns; its points, and runs that start by it. */
final class LearnFixture {
    private LearnFixture() {}

    static KeyedOneInputStreamOperatorTestHarness<String, LearnInput, CanaryInput> harness(
            @Nullable OperatorSubtaskState snapshot) throws Exception {
        var opened = new KeyedOneInputStreamOperatorTestHarness<>(
                new KeyedProcessOperator<>(new LearnFunction()), LearnInput::key, Types.STRING);
        if (snapshot != null) {
            opened.initializeState(snapshot);
        }
        opened.open();
        return opened;
    }

    static byte[] run(String config, Instant start) {
        return Json.bytes(new CanaryRunDocument(
                        "checkout",
                        "production",
                        null,
                        "2",
                        json(config),
                        "checkout",
                        "sha256:0",
                        start,
                        List.of(),
                        null)
                .json());
    }

    static byte[] batch(String config, String metric, List<SampleBatch.Point> points, String... doubts) {
        var learner = new SampleBatch.Learner("acme", "checkout", CanaryConfigs.learned(json(config)));
        return Json.bytes(SampleBatch.learned(learner, metric, points, List.of(doubts)));
    }

    static SamplePoint level(String pod, Instant at, double level) {
        return new SamplePoint("memory", Arm.BASELINE, series(pod), at, new Measure.Level(level));
    }

    static SamplePoint counter(String pod, Instant at, Measure.Part.Role role, double count) {
        return new SamplePoint("errors", Arm.BASELINE, series(pod), at, Measure.Part.of(role, count, true));
    }

    static Series series(String pod) {
        return new Series("{pod=" + pod + "}", pod, "", "");
    }

    /** Returns what a run says that begins with what it was told. */
    static List<String> notes(String config, Instant start, CanaryInput told) throws Exception {
        var run = new CanaryRun(config(config), start);
        run.load(new DataInputDeserializer(requireNonNull(told.calibrated())));
        return run.verdict(start).notes();
    }

    static CanaryConfig config(String config) {
        return requireNonNull(CanaryConfigs.load().read(json(config), List.of()).config());
    }

    static JsonNode json(String config) {
        return Json.read(config.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }
}
