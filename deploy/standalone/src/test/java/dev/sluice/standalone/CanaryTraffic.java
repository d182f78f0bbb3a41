package dev.sluice.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.FreePorts;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * A canary under traffic, made of what people have: nginx serves the baseline and the canary, wrk asks both, mtail counts their
 * access logs, and a Prometheus scrapes that every second and writes it on.
 *
 * <p>The metrics are {@code http_requests_total{code}} and the histogram {@code http_request_duration_seconds}, both with the
 * labels {@code version} ({@code stable} or {@code canary}) and {@code pod}. A counter of a code is born with the first such
 * answer, so its first sample is above 0. There are about 290 requests a second to the baseline and 95 to the canary; each
 * connection waits for its answer, so slowness makes them fewer.
 */
final class CanaryTraffic implements AutoCloseable {
    /** As {@code version} says it. */
    static final String BASELINE = "stable";

    /** As {@code version} says it. */
    static final String CANARY = "canary";

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final int BASELINE_CONNECTIONS = 60;
    private static final int CANARY_CONNECTIONS = 20;
    /** It must be given; it is ended when the traffic is closed. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Without a master it is one process, and its own handle ends it. Paths are of its directory. */
    private static final String NGINX = """
            load_module %s;
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log stderr;
            events { worker_connections 256; }
            http {
                client_body_temp_path temporary/body;
                proxy_temp_path temporary/proxy;
                fastcgi_temp_path temporary/fastcgi;
                uwsgi_temp_path temporary/uwsgi;
                scgi_temp_path temporary/scgi;
                log_format arm '$status $request_time';
                access_log access.log arm;
                split_clients "outcome $request_id" $outcome { %s * ok; }
                split_clients "work $request_id" $work { 50%% 0.003; 30%% 0.006; 15%% 0.015; * 0.03; }
                split_clients "delay $request_id" $delay { %s * 0; }
                server {
                    listen 127.0.0.1:%d;
                    location = / { rewrite ^ /$outcome; }
                    location = /ok { internal; echo_sleep $work; echo_sleep $delay; echo ok; }
                    location = /failed { internal; echo_status 500; echo_sleep $work; echo_sleep $delay; echo failed; }
                    location = /ready { access_log off; return 204; }
                }
            }
            """;

    private static final String MTAIL = """
            counter http_requests_total by code
            histogram http_request_duration_seconds buckets 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5

            /^(?P<code>\\d{3}) (?P<seconds>\\d+\\.\\d{3})$/ {
              http_requests_total[$code]++
              http_request_duration_seconds = $seconds
            }
            """;

    private static final String PROMETHEUS = """
            global: {scrape_interval: 1s, scrape_timeout: 1s, external_labels: {rollout: %s}}
            scrape_configs:
              - job_name: checkout
                static_configs:
                  - {targets: ["127.0.0.1:%d"], labels: {version: stable, pod: checkout-stable-0}}
                  - {targets: ["127.0.0.1:%d"], labels: {version: canary, pod: checkout-canary-0}}
            remote_write:
              - url: "%s"
                send_exemplars: false
                metadata_config: {send: true, send_interval: 5s}
                queue_config: {batch_send_deadline: 1s}
            """;

    /** Each connection waits 0.2 s on average before it asks again. */
    private static final String WRK = """
            function delay() return math.random(0, 400) end
            """;

    private final Path directory;
    private final Programs programs;
    private final Deque<DebianProcess> processes = new ArrayDeque<>();
    private final int prometheusPort = FreePorts.pick();

    /** What runs, each of a Debian package. */
    record Programs(Path prometheus, Path wrk, Path nginx, Path echo, Path mtail) {
        /** Finds them. Skips the test where one is absent. */
        static Programs find() {
            return new Programs(
                    new DebianPackage("prometheus").program("prometheus"),
                    new DebianPackage("wrk").program("wrk"),
                    new DebianPackage("nginx").program("nginx"),
                    new DebianPackage("libnginx-mod-http-echo").file("/usr/lib/nginx/modules/ngx_http_echo_module.so"),
                    new DebianPackage("mtail").program("mtail"));
        }
    }

    private CanaryTraffic(Path directory, Programs programs) {
        this.directory = directory;
        this.programs = programs;
    }

    /**
     * Starts it. The requests begin when the Prometheus has scraped both arms; it looks for its targets 5 s after its start, so
     * this takes 6 to 7 s. Skips the test where a Debian package is absent.
     *
     * @param directory where all files are
     * @param rollout a label of all that the Prometheus sends
     * @param remoteWrite where the Prometheus sends its samples
     */
    static CanaryTraffic start(Path directory, String rollout, URI remoteWrite, Regression regression)
            throws IOException {
        var traffic = new CanaryTraffic(directory, Programs.find());
        boolean started = false;
        try {
            traffic.launch(rollout, remoteWrite, regression);
            started = true;
            return traffic;
        } finally {
            if (!started) {
                traffic.close();
            }
        }
    }

    /** Returns where the Prometheus is. */
    URI prometheus() {
        return local(prometheusPort, "/");
    }

    /**
     * Returns the series that the Prometheus has for an expression at this moment.
     *
     * @return an array of {@code {"metric": labels, "value": [time, number as text]}}
     */
    JsonNode query(String expression) {
        URI uri = prometheus().resolve("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        try {
            HttpResponse<byte[]> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).timeout(LIMIT).build(), BodyHandlers.ofByteArray());
            JsonNode body = Json.mapper().readTree(answer.body());
            if (answer.statusCode() != 200) {
                throw new AssertionError(expression + "\n" + body);
            }
            return body.at("/data/result");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns normally while all of its programs run. */
    void requireAlive() {
        processes.forEach(DebianProcess::requireAlive);
    }

    private void launch(String rollout, URI remoteWrite, Regression regression) throws IOException {
        var baseline = new Arm(BASELINE, share(regression.baselineErrors(), "failed"), "");
        var canary = new Arm(
                CANARY,
                share(regression.canaryErrors(), "failed"),
                share(regression.canarySlow(), seconds(regression.slowness())));
        serve(baseline);
        serve(canary);
        Files.writeString(
                directory.resolve("prometheus.yml"),
                PROMETHEUS.formatted(rollout, baseline.metricsPort(), canary.metricsPort(), remoteWrite));
        DebianProcess scraper = launch(
                directory,
                "prometheus",
                programs.prometheus(),
                "--config.file=" + directory.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + directory.resolve("samples"),
                "--storage.remote.flush-deadline=1s",
                "--web.listen-address=127.0.0.1:" + prometheusPort);
        scraper.awaitReady(local(prometheusPort, "/-/ready"));
        SluiceProcess.await("both arms are scraped", LIMIT, () -> {
            requireAlive();
            return query("up == 1").size() == 2;
        });
        Files.writeString(directory.resolve("wrk.lua"), WRK);
        request(baseline, BASELINE_CONNECTIONS);
        request(canary, CANARY_CONNECTIONS);
    }

    /** Starts the nginx of an arm, and the mtail that reads its log. */
    private void serve(Arm arm) throws IOException {
        Path own = Files.createDirectories(directory.resolve(arm.version()));
        Files.createDirectories(own.resolve("temporary"));
        Files.writeString(
                own.resolve("nginx.conf"), NGINX.formatted(programs.echo(), arm.failed(), arm.delayed(), arm.port()));
        Files.writeString(own.resolve("access.mtail"), MTAIL);
        // mtail reads what is appended to a log from when it has started
        Files.createFile(own.resolve("access.log"));
        launch(
                        own,
                        "mtail",
                        programs.mtail(),
                        "--progs=" + own.resolve("access.mtail"),
                        "--logs=" + own.resolve("access.log"),
                        "--address=127.0.0.1",
                        "--port=" + arm.metricsPort(),
                        "--emit_prog_label=false",
                        "--logtostderr")
                .awaitReady(local(arm.metricsPort(), "/metrics"));
        launch(own, "nginx", programs.nginx(), "-p", own.toString(), "-c", "nginx.conf")
                .awaitReady(local(arm.port(), "/ready"));
    }

    private void request(Arm arm, int connections) throws IOException {
        launch(
                directory.resolve(arm.version()),
                "wrk",
                programs.wrk(),
                "--threads=1",
                "--connections=" + connections,
                "--duration=%ds".formatted(LONGEST.toSeconds()),
                "--script=" + directory.resolve("wrk.lua"),
                local(arm.port(), "/").toString());
    }

    private DebianProcess launch(Path where, String name, Path program, String... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        DebianProcess process = DebianProcess.launch(where, name, command);
        processes.push(process);
        return process;
    }

    private static URI local(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** A line of nginx's split_clients, which does not take 0 %. */
    private static String share(double share, String value) {
        long steps = Math.round(share * 10_000);
        return steps == 0 ? "" : String.format(Locale.ROOT, "%.2f%% %s;", steps / 100.0, value);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toMillis() / 1000.0);
    }

    /** Ends its programs, those first that were started last. */
    @Override
    public void close() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }

    /**
     * One of the two versions.
     *
     * @param failed the share of its requests that fail, as nginx reads it
     * @param delayed the share of its requests that are delayed, as nginx reads it
     */
    private record Arm(String version, String failed, String delayed, int port, int metricsPort) {
        Arm(String version, String failed, String delayed) {
            this(version, failed, delayed, FreePorts.pick(), FreePorts.pick());
        }
    }
}
