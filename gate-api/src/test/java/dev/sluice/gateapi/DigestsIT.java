package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.await;
import static dev.sluice.gateapi.GateApiFixture.get;
import static dev.sluice.gateapi.GateApiFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.RowMapper;
import dev.sluice.store.Store;
import dev.sluice.store.StoredRow;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests of two replicas on one Kafka: each is sent once, whichever of them is there when it is due. */
class DigestsIT {
    private static final Instant SUNDAY = ReportedHistory.NOW;
    private static final Instant MONDAY = Instant.parse("2026-03-02T07:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    @TempDir
    Path directory;

    private record Received(String id, JsonNode body, int answered) {}

    /** Counts the digests that are dealt with until a moment. */
    private static long marks(KafkaBroker broker, Instant through) {
        return records(broker.bootstrapServers(), Topic.CONTROL).stream()
                .map(record -> Json.read(record.value(), Control.class))
                .filter(control -> control.kind().equals(Control.DIGEST)
                        && control.document().path("through").asText().equals(through.toString()))
                .map(Control::id)
                .distinct()
                .count();
    }

    private static int count(GateApi api, String outcome) {
        return get(api, "/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("sluice_digests_total{outcome=\"" + outcome + "\"}"))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }

    private static void storedThrough(Store store, Instant through) {
        StoredRow progress = RowMapper.progress(1, 0, 1, through);
        store.insert(progress.table(), List.of(progress.json()));
    }

    @Test
    void eachIsSentOnce_afterTheStoreHasItsDays_whileReplicasComeAndGo() throws Exception {
        var received = new CopyOnWriteArrayList<Received>();
        var refusals = new AtomicInteger(1);
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            int status = refusals.getAndDecrement() > 0 ? 503 : 200;
            received.add(new Received(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    Json.mapper().readTree(exchange.getRequestBody()),
                    status));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        receiver.start();
        Path report = Files.writeString(directory.resolve("report.yaml"), """
                url: https://sluice.example.com
                digests:
                  - {id: pages, team: payments, every: week, at: "08:00", zone: Europe/Berlin, directory: digests}
                  - {id: chat, service: checkout, every: week, at: "08:00", zone: Europe/Berlin, form: chat,
                     webhook: "http://127.0.0.1:%d/hook"}
                """.formatted(
                        receiver.getAddress().getPort()));
        var clock = new MovableClock(SUNDAY);
        try (KafkaBroker broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
                ClickHouseServer clickHouse =
                        ClickHouseServer.start(ClickHouseConfig.in(directory.resolve("clickhouse")))) {
            ClickHouseSettings settings =
                    ClickHouseSettings.at(clickHouse.httpUrl()).withQueryTimeout(Duration.ofSeconds(20));
            GateApiConfig config = GateApiConfig.of(broker.bootstrapServers())
                    .withPort(0)
                    .withClickHouse(settings)
                    .withFiles(GateApiFiles.NONE.withReport(report));
            try (Store store = Store.of(settings)) {
                store.migrate();
                ReportedHistory.fill(store);
                try (GateApi first = GateApi.start(config, clock)) {
                    try (GateApi second = GateApi.start(config, clock)) {
                        await(() -> marks(broker, SUNDAY) == 2, () -> marks(broker, SUNDAY));

                        clock.set(MONDAY);
                        await(
                                () -> count(first, "waiting") + count(second, "waiting") >= 2,
                                () -> count(first, "waiting") + count(second, "waiting"));
                        assertThat(received).isEmpty();
                        assertThat(directory.resolve("digests")).doesNotExist();

                        storedThrough(store, MONDAY);
                        await(() -> marks(broker, MONDAY) == 2, () -> marks(broker, MONDAY));
                        assertThat(received)
                                .extracting(Received::id)
                                .containsExactly("chat-2026-03-02", "chat-2026-03-02");
                        assertThat(received).extracting(Received::answered).containsExactly(503, 200);
                        assertThat(received.get(1).body().path("text").asText())
                                .startsWith("Delivery report: service checkout, 23 February 2026 to 1 March 2026,")
                                .contains("\u2022 Deployment frequency ")
                                .endsWith("https://sluice.example.com/reports/dora?service=checkout&"
                                        + "environment=PRODUCTION&from=2026-02-23&to=2026-03-01");
                        assertThat(directory.resolve("digests/pages-2026-03-02.html"))
                                .content()
                                .contains("team <bdi>payments</bdi>")
                                .contains("href=\"https://sluice.example.com/reports/dora.csv?team=payments&amp;");
                    }
                    // whichever of them it was that sent, one is left
                    clock.set(MONDAY.plus(WEEK));
                    storedThrough(store, clock.instant());
                    await(() -> marks(broker, clock.instant()) == 2, () -> marks(broker, clock.instant()));
                }
                // two weeks pass while none runs: what is due then is the newer one
                clock.set(MONDAY.plus(WEEK.multipliedBy(3)).plus(Duration.ofDays(2)));
                storedThrough(store, clock.instant());
                try (GateApi third = GateApi.start(config, clock)) {
                    await(
                            () -> marks(broker, MONDAY.plus(WEEK.multipliedBy(3))) == 2,
                            () -> marks(broker, MONDAY.plus(WEEK.multipliedBy(3))));
                    assertThat(count(third, "failed")).isZero();
                    assertThat(count(third, "sent")).isEqualTo(2);
                }
                assertThat(received)
                        .filteredOn(each -> each.answered() == 200)
                        .extracting(Received::id)
                        .containsExactly("chat-2026-03-02", "chat-2026-03-09", "chat-2026-03-23");
                try (var files = Files.list(directory.resolve("digests"))) {
                    assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith("html")))
                            .containsExactlyInAnyOrder(
                                    "pages-2026-03-02.html", "pages-2026-03-09.html", "pages-2026-03-23.html");
                }
            }
        } finally {
            receiver.stop(0);
        }
    }
}
