package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.FreePorts;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.sources.metrics.pull.Credentials;
import dev.sluice.sources.metrics.pull.Endpoint;
import dev.sluice.sources.metrics.pull.MetricQuery;
import dev.sluice.sources.metrics.pull.OutgoingRequests;
import dev.sluice.sources.metrics.pull.PrometheusClient;
import dev.sluice.sources.metrics.pull.RequestLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Prometheus that was sent native histograms answers with the same ones. */
class NativeHistogramsIT {
    private static final Path PUSH = Path.of(
            System.getProperty("sluice.root"),
            "jobs/sources/src/test/resources/prometheus/remote_write_v1_native_histograms.snappy");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void whatWasSent_isAnswered() throws IOException, InterruptedException {
        Path program = new DebianPackage("prometheus").program("prometheus");
        Path configuration = Files.writeString(directory.resolve("prometheus.yml"), "{}");
        URI prometheus = URI.create("http://127.0.0.1:" + FreePorts.pick() + "/");
        byte[] push = Files.readAllBytes(PUSH);
        Instant last = Instant.ofEpochSecond(1_795_985_359);
        try (DebianProcess process = DebianProcess.launch(
                directory,
                "prometheus",
                List.of(
                        program.toString(),
                        "--config.file=" + configuration,
                        "--storage.tsdb.path=" + directory.resolve("samples"),
                        "--web.listen-address=" + prometheus.getAuthority(),
                        "--web.enable-remote-write-receiver",
                        "--enable-feature=native-histograms"))) {
            process.awaitReady(prometheus.resolve("/-/ready"));
            send(prometheus.resolve("/api/v1/write"), push);

            List<MetricSeries> answered = new PrometheusClient(
                            new Endpoint(prometheus, Credentials.none()),
                            new OutgoingRequests(new RequestLimits(1 << 20)))
                    .query(new MetricQuery("duration_seconds", last.minusSeconds(60), last))
                    .join();

            assertThat(answered)
                    .filteredOn(series -> "a".equals(series.labels().get("pod")))
                    .singleElement()
                    .extracting(MetricSeries::points)
                    .isEqualTo(List.of(
                            new MetricPoint.Buckets(
                                    last.minusSeconds(10), Temporality.UNKNOWN, null, List.of(), List.of(), 0),
                            exponential(last.minusSeconds(5), 0, 0, List.of(2.0, 3.0, 0.0, 0.0, 0.0, 1.0), 6),
                            exponential(
                                    last,
                                    Math.pow(2, -128),
                                    1,
                                    List.of(3.0, 4.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2.0),
                                    11)));
        }
    }

    private static MetricPoint exponential(
            Instant at, double zeroThreshold, double zeros, List<Double> counts, double total) {
        return new MetricPoint.Exponential(
                at, Temporality.UNKNOWN, null, 3, zeroThreshold, 0, zeros, -18, counts, total);
    }

    private static void send(URI receiver, byte[] push) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(receiver)
                .header("Content-Type", "application/x-protobuf")
                .header("Content-Encoding", "snappy")
                .header("X-Prometheus-Remote-Write-Version", "0.1.0")
                .POST(BodyPublishers.ofByteArray(push))
                .build();
        int status = HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
        assertThat(status).isEqualTo(204);
    }
}
