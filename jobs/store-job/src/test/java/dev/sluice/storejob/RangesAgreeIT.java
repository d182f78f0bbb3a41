package dev.sluice.storejob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.LedgerRows;
import dev.sluice.dora.PeriodRow;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.simulation.BatchOracle;
import dev.sluice.simulation.History;
import dev.sluice.simulation.HistoryGenerator;
import dev.sluice.simulation.Pipeline;
import dev.sluice.statistics.Interval;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.RowMapper;
import dev.sluice.store.Store;
import dev.sluice.store.StoredRow;
import dev.sluice.store.Table;
import dev.sluice.store.TopicRecord;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the views add up of the facts is what the stream publishes of whole periods: counts equal, quantiles to a millisecond,
 * bounds to 1e-9. A frequency is a count a calendar day there and a day of 24 hours here.
 */
class RangesAgreeIT {
    private static final ZoneId ZONE =
            ZoneId.of("America/Sao_Paulo"); // without daylight saving time: its days are alike
    private static final long[] SEEDS = {14};

    @TempDir
    private static Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Table, List<byte[]>> rows = new EnumMap<>(Table.class);
    private int compared;
    private long offset;

    @Test
    void factsAddUpToThePeriodsOfTheStream() throws Exception {
        var periods = new ArrayList<PeriodRow>();
        for (long seed : SEEDS) {
            History history = HistoryGenerator.of(seed);
            var pipeline = new Pipeline(ZONE);
            for (DeliveryEvent event : history.delivered(seed)) {
                pipeline.accept(event);
            }
            for (Map.Entry<BatchOracle.Place, LedgerRows> emitted :
                    pipeline.emit(history.end()).entrySet()) {
                keep(emitted.getValue());
                periods.addAll(emitted.getValue().periods());
            }
        }
        try (ClickHouseServer server = ClickHouseServer.start(ClickHouseConfig.in(directory));
                Store store = Store.of(ClickHouseSettings.at(server.httpUrl()))) {
            store.migrate();
            for (Map.Entry<Table, List<byte[]>> table : rows.entrySet()) {
                assertThat(store.insert(table.getKey(), table.getValue())).isEmpty();
            }
            var buckets = new HashMap<String, Map<String, JsonNode>>();
            for (PeriodRow period : periods) {
                String view = view(period);
                if (!buckets.containsKey(view)) {
                    buckets.put(view, byStartAndMetric(server.httpUrl(), view));
                }
                assertAgrees(period, buckets.get(view));
            }
        }
        assertThat(compared).as("values that are there").isGreaterThan(300);
    }

    private void assertAgrees(PeriodRow period, Map<String, JsonNode> found) {
        DeliveryMetrics metrics = period.metrics();
        var expected = new TreeMap<String, Value>();
        var frequency = metrics.deploymentFrequency();
        expected.put(
                "deployment_frequency", new Value(frequency.count(), frequency.perDay(), frequency.perDayInterval()));
        var lead = metrics.changeLeadTime();
        expected.put("change_lead_time", new Value(lead.n(), lead.medianMs(), lead.medianInterval()));
        var pulls = metrics.pullRequestLeadTime();
        expected.put("pull_request_lead_time", new Value(pulls.n(), pulls.medianMs(), pulls.medianInterval()));
        var fails = metrics.changeFailRate();
        expected.put("change_fail_rate", new Value(fails.n(), fails.value(), fails.interval()));
        var recovery = metrics.failedDeploymentRecoveryTime();
        expected.put(
                "failed_deployment_recovery_time",
                new Value(recovery.n(), recovery.medianMs(), recovery.medianInterval()));
        var rework = metrics.deploymentReworkRate();
        expected.put("deployment_rework_rate", new Value(rework.n(), rework.value(), rework.interval()));
        var success = metrics.deploymentSuccessRate();
        expected.put("deployment_success_rate", new Value(success.n(), success.value(), success.interval()));
        var time = metrics.meanTimeToDeploy();
        expected.put("mean_time_to_deploy", new Value(time.n(), time.meanMs(), null));
        expected.forEach((metric, value) -> {
            JsonNode row = found.get(period.start() + " " + metric);
            String what = period.tenant() + " " + period.service() + " " + period.environment() + " " + period.label()
                    + " " + metric;
            if (row == null) {
                assertThat(value.n()).as(what).isZero();
            } else {
                value.assertIs(what, row);
                compared++;
            }
        });
    }

    private record Value(
            int n, @Nullable Double value, @Nullable Interval interval) {
        void assertIs(String what, JsonNode row) {
            assertThat(row.path("n").intValue()).as(what).isEqualTo(n);
            assertNear(what, row.path("value"), value);
            assertNear(what + " lower", row.path("lower"), interval == null ? null : interval.lower());
            assertNear(what + " upper", row.path("upper"), interval == null ? null : interval.upper());
            assertThat(row.path("insufficient").intValue()).as(what).isEqualTo(n < 5 ? 1 : 0);
        }

        private static void assertNear(String what, JsonNode actual, @Nullable Double expected) {
            if (expected == null) {
                assertThat(actual.isNull()).as(what).isTrue();
            } else {
                assertThat(actual.doubleValue())
                        .as(what)
                        .isCloseTo(expected, within(Math.abs(expected) * 1e-9 + 1e-12));
            }
        }
    }

    private void keep(LedgerRows emitted) {
        emitted.deployments().forEach(fact -> keep("deployment", fact));
        emitted.changes().forEach(fact -> keep("change", fact));
        emitted.pullRequests().forEach(fact -> keep("pull_request", fact));
        emitted.incidents().forEach(fact -> keep("incident", fact));
    }

    private void keep(String kind, Object fact) {
        var record = new TopicRecord(
                Topic.FACTS.topicName(),
                0,
                ++offset,
                Instant.EPOCH,
                null,
                Map.of(RowMapper.FACT_HEADER, kind),
                Json.bytes(fact));
        for (StoredRow row : RowMapper.rows(record)) {
            rows.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(row.json());
        }
    }

    private static String view(PeriodRow period) {
        return ("dash.dora_ranges(tenant='%s', scope='service', name='%s', environment='%s', bucket='%s',"
                        + " `from`='2000-01-01', to='2100-01-01')")
                .formatted(
                        period.tenant(),
                        period.service(),
                        period.environment(),
                        period.period().wireName());
    }

    private Map<String, JsonNode> byStartAndMetric(URI clickHouse, String view)
            throws IOException, InterruptedException {
        URI address = clickHouse.resolve("/?default_format=JSONEachRow&output_format_json_quote_64bit_integers=0");
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(address)
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString("SELECT * FROM " + view))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        var found = new HashMap<String, JsonNode>();
        var mapper = new ObjectMapper();
        for (String line : answer.body().lines().toList()) {
            JsonNode row = mapper.readTree(line);
            found.put(row.path("start").textValue() + " " + row.path("metric").textValue(), row);
        }
        return found;
    }
}
