package dev.sluice.canaryjob.pull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canaryjob.state.CanaryInput;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs whose series are pulled from the source {@code main}, every ten seconds. */
final class Runs {
    static final Instant START = Instant.parse("2026-11-29T12:00:03Z");
    static final String KEY = "acme/r1";
    static final RunReader READER = new Reader();

    private static final String PULLED = """
            {"selectors": {"baseline": "{version='1'}", "canary": "{version='2'}"}, "pull": {"source": "main"},
             "horizon": "1h", "metrics": [
               {"name": "errors", "kind": "ratio",
                "series": {"events": "requests_total{code=~'5..'}", "exposure": "requests_total"}},
               {"name": "duration", "kind": "histogram", "series": {"histogram": "duration_seconds"}}]}""";
    private static final String SENT = "{\"metrics\": [{\"name\": \"errors\", \"kind\": \"ratio\"}]}";

    private Runs() {}

    private static final class Reader implements RunReader {
        private static final CanaryConfigs CONFIGS = CanaryConfigs.load();

        @Override
        public @Nullable Read read(String key, byte[] document) {
            CanaryRunDocument run = Json.read(document, CanaryRunDocument.class);
            CanaryConfigs.Result result = CONFIGS.read(run.config(), List.of());
            return result.config() == null ? null : new Read(run, result.selection(), result.config());
        }
    }

    static byte[] pulled(@Nullable Instant endedAt) {
        return document(PULLED, endedAt);
    }

    static byte[] pulledWithHistory(String history) {
        return document(PULLED.replace("\"main\"}", "\"main\", \"history\": \"" + history + "\"}"), null);
    }

    static CanaryInput input(byte[] document) {
        return new CanaryInput(KEY, "acme", "r1", document, null);
    }

    static byte[] sent() {
        return document(SENT, null);
    }

    /** Returns a run whose series are pulled a while after they have happened. */
    static byte[] pulledLate(Duration delay, @Nullable Instant endedAt) {
        return document(
                PULLED.replace(
                        "{\"source\": \"main\"}", "{\"source\": \"main\", \"delay\": \"" + delay.toSeconds() + "s\"}"),
                endedAt);
    }

    static byte[] document(String config, @Nullable Instant endedAt) {
        JsonNode json = Json.read(config.getBytes(StandardCharsets.UTF_8), JsonNode.class);
        return Json.bytes(new CanaryRunDocument(
                "checkout", "production", null, null, json, "sha256:0", START, List.of(), endedAt));
    }

    static Duration horizon() {
        return Duration.ofHours(1);
    }
}
