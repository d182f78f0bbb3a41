package dev.sluice.gateapi.canary;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.canary.LearningConfigs.Learning;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.sources.metrics.selection.SelectedPoints;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import dev.sluice.wire.SampleBatch;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TakenPointsTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final Instant LATEST = START.plusSeconds(60);
    private static final JsonNode CONFIG = Json.read("""
            {"selectors": {"baseline": "{version='1'}", "canary": "{version='2'}"},
             "metrics": [{"name": "memory", "kind": "gauge", "series": {"value": "memory_bytes"}}]}""".getBytes(StandardCharsets.UTF_8), JsonNode.class);
    private static final CanarySelection SELECTION =
            requireNonNull(CanaryConfigs.load().read(CONFIG, List.of()).selection());

    /** Runs have their points, whatever configs would learn; of these the others still have theirs. */
    @Test
    void whatAConfigLearnsIsLeftOutWhereThereIsNoRoom() {
        var taken = new TakenPoints(series(4), 9);
        taken.takeOfRun(run(taken.room()));
        taken.takeWhereThereIsRoom(learning("a", START), LATEST);
        taken.takeWhereThereIsRoom(learning("b", START), LATEST);
        taken.takeWhereThereIsRoom(learning("c", LATEST), LATEST);

        assertThat(taken.batches())
                .extracting(SampleBatch::run, batch -> batch.points().size(), SampleBatch::doubts, SampleBatch::learned)
                .containsExactly(
                        tuple("r1", 4, null, null),
                        tuple("config:a", 4, null, "sha256:0"),
                        tuple(
                                "config:b",
                                0,
                                List.of(
                                        "a push had more of its series than can be taken at once; send smaller batches"),
                                "sha256:0"));
        assertThat(taken.points()).isEqualTo(8);
        assertThat(taken.leftOut()).isEqualTo(1);
    }

    @Test
    void aPushWithMoreThanARunCanBeGivenIsRefused() {
        var taken = new TakenPoints(series(4), 3);
        assertThatThrownBy(() -> taken.takeOfRun(run(taken.room())))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("the run r1 selects too many series");
    }

    private static SelectedPoints run(int room) {
        var document = new CanaryRunDocument(
                "checkout", "production", null, "2", CONFIG, null, "sha256:0", START, List.of(), null);
        return new SelectedPoints("acme", "r1", document, SELECTION, LATEST, room);
    }

    private static Learning learning(String name, Instant saved) {
        return new Learning(new SampleBatch.Learner("acme", name, "sha256:0"), saved, SELECTION);
    }

    private static List<MetricSeries> series(int size) {
        List<MetricSeries> series = new ArrayList<>();
        for (int pod = 0; pod < size; pod++) {
            var labels = new TreeMap<String, String>();
            labels.put("__name__", "memory_bytes");
            labels.put("version", "1");
            labels.put("pod", "pod-" + pod);
            series.add(new MetricSeries(
                    labels, List.of(new MetricPoint.Value(START.plusSeconds(5), 1, Temporality.GAUGE, null))));
        }
        return series;
    }
}
