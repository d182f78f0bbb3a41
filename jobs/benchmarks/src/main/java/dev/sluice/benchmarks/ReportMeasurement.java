package dev.sluice.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.sluice.benchmarks.Measurement.Procedure;
import dev.sluice.embedded.ClickHouseConfig;
import dev.sluice.embedded.ClickHouseServer;
import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApi;
import dev.sluice.gateapi.GateApiConfig;
import dev.sluice.store.ClickHouseSettings;
import dev.sluice.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The DORA report as a page, of one service, of a team of ten, and of all, over a million deployments with their changes, pull
 * requests and incidents.
 */
final class ReportMeasurement implements Procedure {
    private static final int DEPLOYMENTS = 1_000_000;
    private static final int SERVICES = 1_000;
    /** As report.sql assigns them. */
    private static final int SERVICES_OF_A_TEAM = 10;

    /** A service in the table of services, where each leads to its own report. */
    private static final Pattern SERVICE = Pattern.compile("href=\"[^\"]*[?]service=service-\\d+&");

    private static final int OK = 200;
    private static final int WARM_UP = 5;
    private static final int MEASURED = 20;
    private static final int SLOW_MEASURED = 5;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);

    @Override
    public List<Figure> measure(Scale scale, Path directory) throws Exception {
        Path data = Files.createDirectory(directory.resolve("clickhouse"));
        try (var broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
                var clickHouse = ClickHouseServer.start(ClickHouseConfig.in(data))) {
            ClickHouseSettings settings = ClickHouseSettings.at(clickHouse.httpUrl());
            try (Store store = Store.of(settings)) {
                store.migrate();
            }
            fill(clickHouse.httpUrl(), scale.count(DEPLOYMENTS));
            try (var api = GateApi.start(
                    GateApiConfig.of(broker.bootstrapServers()).withPort(0).withClickHouse(settings))) {
                return pages(scale, api.port());
            }
        }
    }

    private static List<Figure> pages(Scale scale, int port) throws IOException, InterruptedException {
        var figures = new ArrayList<Figure>();
        HttpClient http = HttpClient.newHttpClient();
        var waiting = new Deadline("a report", READY_LIMIT);
        while (send(http, request(port, "service=service-7")).statusCode() != OK) {
            waiting.pause();
        }
        requireNamed(http, request(port, "team=team-7"), SERVICES_OF_A_TEAM);
        requireNamed(http, request(port, ""), SERVICES);
        figures.add(Figure.of(
                        "page of a service, median",
                        median(http, request(port, "service=service-7"), scale.times(MEASURED)),
                        "ms")
                .within(Budget.atMost(300)));
        figures.add(Figure.of(
                        "page of a team of ten services, median",
                        median(http, request(port, "team=team-7"), scale.times(MEASURED)),
                        "ms")
                .within(Budget.atMost(300)));
        figures.add(Figure.of(
                "page of all services, median", median(http, request(port, ""), scale.times(SLOW_MEASURED)), "ms"));
        figures.add(Figure.count("deployments", scale.count(DEPLOYMENTS), ""));
        figures.add(Figure.count("services", SERVICES, ""));
        return figures;
    }

    /** What is measured must be the page of so many services, not one that has nothing to show. */
    private static void requireNamed(HttpClient http, HttpRequest request, int services)
            throws IOException, InterruptedException {
        long named = SERVICE.matcher(ask(http, request))
                .results()
                .map(MatchResult::group)
                .distinct()
                .count();
        if (named != services) {
            throw new IllegalStateException(request.uri() + " names " + named + " services and not " + services);
        }
    }

    private static double median(HttpClient http, HttpRequest request, int times)
            throws IOException, InterruptedException {
        for (int i = 0; i < Math.min(times, WARM_UP); i++) {
            ask(http, request);
        }
        var nanos = new ArrayList<Long>();
        for (int i = 0; i < times; i++) {
            long started = System.nanoTime();
            ask(http, request);
            nanos.add(System.nanoTime() - started);
        }
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 2) / NANOS_PER_MILLI;
    }

    private static String ask(HttpClient http, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(http, request);
        if (answer.statusCode() != OK) {
            throw new IllegalStateException("answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private static HttpResponse<String> send(HttpClient http, HttpRequest request)
            throws IOException, InterruptedException {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(int port, String scope) {
        String query = "environment=production" + (scope.isEmpty() ? "" : "&" + scope);
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/reports/dora?" + query))
                .build();
    }

    private static void fill(URI clickHouse, int deployments) throws IOException, InterruptedException {
        String script;
        try (InputStream in = ReportMeasurement.class.getResourceAsStream("report.sql")) {
            script = new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        HttpClient http = HttpClient.newHttpClient();
        for (String statement : script.split(";\\s*\\n", -1)) {
            if (!statement.isBlank()) {
                URI address = clickHouse.resolve(
                        "/?wait_end_of_query=1&param_deployments=" + deployments + "&param_services=" + SERVICES);
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(address)
                                .POST(HttpRequest.BodyPublishers.ofString(statement))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() != OK) {
                    throw new IllegalStateException(statement + "\n" + answer.body());
                }
            }
        }
    }
}
