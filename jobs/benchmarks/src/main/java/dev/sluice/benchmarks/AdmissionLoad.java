package dev.sluice.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.sluice.benchmarks.HttpConnection.Answer;
import dev.sluice.benchmarks.LoadGenerator.Load;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The API server of a cluster, which asks at a steady rate whether new images are admitted: by itself, and while gates are asked. */
final class AdmissionLoad {
    /** Of Deployments; a cluster of thousands of nodes has fewer. */
    private static final int REVIEWS_PER_SECOND = 200;

    private static final int CONNECTIONS = 4;
    private static final int OK = 200;
    private static final String CLUSTER = "/v1/kubernetes-clusters/bench";
    private static final String JSON = "application/json";
    private static final byte[] ALLOWED = "\"allowed\":true".getBytes(StandardCharsets.US_ASCII);
    private static final String OLD_DIGEST = "sha256:" + "0".repeat(64);
    private static final Duration KNOWN_LIMIT = Duration.ofSeconds(60);

    private final LoadGenerator reviews;
    private final LoadGenerator gates;
    private final double gateRate;
    private final int port;
    private final byte[][] requests = new byte[GateData.SERVICES][];

    /**
     * Creates a load.
     *
     * @param port where the gate API listens, which has allowed all services by now
     * @param gates asks gates meanwhile
     * @param gateRate how often, in requests a second
     */
    AdmissionLoad(int port, LoadGenerator gates, double gateRate) throws IOException {
        this.port = port;
        this.gates = gates;
        this.gateRate = gateRate;
        String review = resource("admission-review.json");
        String deployment = resource("deployment.json");
        for (int i = 0; i < requests.length; i++) {
            String body = review.replace("${object}", deployment.replace("${digest}", GateData.digest(i)))
                    .replace("${oldObject}", deployment.replace("${digest}", OLD_DIGEST))
                    .replace("${service}", GateData.service(i));
            requests[i] = HttpConnection.post(CLUSTER + "/admission", JSON, body.getBytes(StandardCharsets.UTF_8));
        }
        reviews = new LoadGenerator(port, CONNECTIONS, (connection, index) -> {
            Answer answer = connection.send(requests[(int) (index % requests.length)]);
            return isAllowed(answer) ? null : answer.text();
        });
    }

    private static String resource(String name) throws IOException {
        try (InputStream resource = requireNonNull(AdmissionLoad.class.getResourceAsStream(name), name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static boolean isAllowed(Answer answer) {
        return answer.status() == OK && answer.contains(ALLOWED);
    }

    /** Sets the cluster up and measures, after a warm-up. */
    List<Figure> measure(Scale scale) throws IOException, InterruptedException {
        setUp();
        beside(scale.seconds(3), scale);
        List<Load> alone = new ArrayList<>();
        List<Load> busy = new ArrayList<>();
        for (int round = 0; round < scale.times(3); round++) {
            alone.add(reviews.open(REVIEWS_PER_SECOND, scale.seconds(3)).requireRight("admission", scale.tolerated()));
            busy.add(beside(scale.seconds(5), scale));
        }
        return List.of(
                Figure.of(
                                "admission review beside decisions at half load, p99",
                                Rounds.of(busy, Load::p99Millis).median(),
                                "ms")
                        .within(Budget.atMost(20)),
                Figure.of(
                        "admission review beside decisions at half load, p50",
                        Rounds.of(busy, Load::p50Millis).median(),
                        "ms"),
                Figure.of(
                        "admission review by itself, p99",
                        Rounds.of(alone, Load::p99Millis).median(),
                        "ms"),
                Figure.of("admission reviews", REVIEWS_PER_SECOND, "/s"),
                Figure.of("size of an admission review", requests[0].length, "B"));
    }

    private Load beside(Duration duration, Scale scale) throws InterruptedException {
        var asked = gates.openBeside(gateRate, duration);
        Load reviewed = reviews.open(REVIEWS_PER_SECOND, duration);
        asked.join().requireRight("the gate beside admission", scale.tolerated());
        return reviewed.requireRight("admission beside gates", scale.tolerated());
    }

    /** Until the replica has read the decisions back from the log nothing is admitted. */
    private void setUp() throws IOException {
        byte[] cluster = """
                {"namespaces": {"shop": {"environment": "production"}}, "exempt_images": ["registry.example.org/mesh/proxy"]}
                """.getBytes(StandardCharsets.UTF_8);
        try (var connection = new HttpConnection(port)) {
            Answer set = connection.send(HttpConnection.put(CLUSTER, JSON, cluster));
            if (set.status() != OK) {
                throw new IllegalStateException("the cluster cannot be set up: " + set.text());
            }
            var waiting = new Deadline("all images are admitted", KNOWN_LIMIT);
            for (byte[] request : requests) {
                while (!isAllowed(connection.send(request))) {
                    waiting.pause();
                }
            }
        }
    }
}
