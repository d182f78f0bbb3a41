package dev.sluice.gateapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.Store;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** A gate API that reports of {@link ReportedHistory}, without Kafka, which no report needs. */
final class ReportServer implements AutoCloseable {
    private static final String NOWHERE = "127.0.0.1:1";

    private final ClickHouseServer clickHouse;
    private final GateApi api;

    private ReportServer(ClickHouseServer clickHouse, GateApi api) {
        this.clickHouse = clickHouse;
        this.api = api;
    }

    static ReportServer start(Path directory) {
        ClickHouseServer clickHouse = ClickHouseServer.start(ClickHouseConfig.in(directory));
        ClickHouseSettings settings =
                ClickHouseSettings.at(clickHouse.httpUrl()).withQueryTimeout(Duration.ofSeconds(20));
        try (Store store = Store.of(settings)) {
            store.migrate();
            ReportedHistory.fill(store);
        }
        return new ReportServer(
                clickHouse,
                GateApi.start(
                        GateApiConfig.of(NOWHERE).withPort(0).withClickHouse(settings),
                        Clock.fixed(ReportedHistory.NOW, ZoneOffset.UTC)));
    }

    GateApi api() {
        return api;
    }

    /** Returns what ClickHouse answers, not by way of the code that is tested. */
    List<JsonNode> query(String sql) {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(clickHouse.httpUrl() + "/"))
                                    .POST(HttpRequest.BodyPublishers.ofString(sql + " FORMAT JSONEachRow"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(answer.body());
            }
            var rows = new ArrayList<JsonNode>();
            for (String line : answer.body().lines().toList()) {
                rows.add(Json.mapper().readTree(line));
            }
            return rows;
        } catch (IOException e) {
            throw new AssertionError(sql, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        api.close();
        clickHouse.close();
    }
}
