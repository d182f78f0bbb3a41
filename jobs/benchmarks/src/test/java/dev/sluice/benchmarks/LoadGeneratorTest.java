package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.benchmarks.LoadGenerator.Load;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
    private static final byte[] ANSWER = "{\"fine\":true}".getBytes(StandardCharsets.UTF_8);
    private static final String IN_CHUNKS = "/in-chunks";
    private static final Duration STALL = Duration.ofMillis(400);

    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private volatile int stalling = -1;
    private volatile int failing = -1;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            int number = asked.getAndIncrement();
            if (number == stalling) {
                park(STALL);
            }
            boolean chunked = exchange.getRequestURI().getPath().equals(IN_CHUNKS);
            exchange.sendResponseHeaders(number == failing ? 503 : 200, chunked ? 0 : ANSWER.length);
            exchange.getResponseBody().write(ANSWER);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void park(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long rest = duration.toNanos(); rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }

    private LoadGenerator generator(int connections) {
        byte[] request = HttpConnection.post("/", "text/plain", ANSWER);
        return new LoadGenerator(server.getAddress().getPort(), connections, (connection, index) -> {
            var answer = connection.send(request);
            return answer.status() == 200 ? null : answer.text();
        });
    }

    @Test
    void readsStatusAndBody_ofEachAnswerOnOneConnection() throws IOException {
        try (var connection = new HttpConnection(server.getAddress().getPort())) {
            failing = 1;

            assertThat(connection.send(HttpConnection.get("/")).text()).isEqualTo("200 {\"fine\":true}");
            assertThat(connection.send(HttpConnection.get("/")).text()).isEqualTo("503 {\"fine\":true}");
            assertThat(connection.send(HttpConnection.get("/")).text()).isEqualTo("200 {\"fine\":true}");
        }
    }

    @Test
    void readsAnAnswerInChunks_andTheNextOne() throws IOException {
        try (var connection = new HttpConnection(server.getAddress().getPort())) {
            assertThat(connection.send(HttpConnection.get(IN_CHUNKS)).text()).isEqualTo("200 {\"fine\":true}");
            assertThat(connection.send(HttpConnection.get("/")).text()).isEqualTo("200 {\"fine\":true}");
        }
    }

    @Test
    void looksForAPartOfABody() throws IOException {
        try (var connection = new HttpConnection(server.getAddress().getPort())) {
            var answer = connection.send(HttpConnection.get("/"));

            assertThat(answer.contains("true}".getBytes(StandardCharsets.UTF_8)))
                    .isTrue();
            assertThat(answer.contains("true}}".getBytes(StandardCharsets.UTF_8)))
                    .isFalse();
        }
    }

    @Test
    void closedLoopSendsTheNextWhenTheLastIsAnswered() throws InterruptedException {
        Load load = generator(2).closed(Duration.ofMillis(200));

        assertThat(load.requests()).isEqualTo(asked.get()).isPositive();
        assertThat(load.perSecond()).isPositive();
    }

    @Test
    void openLoopSendsWhatTheRateSays() throws InterruptedException {
        Load load = generator(4).open(100, Duration.ofMillis(500));

        assertThat(load.requests()).isEqualTo(50);
        assertThat(asked).hasValue(50);
        assertThat(load.wrong()).isZero();
    }

    @Test
    void openLoopChargesAStallToAllRequestsThatWaited() throws InterruptedException {
        stalling = 10;

        Load load = generator(1).open(100, Duration.ofMillis(600));

        // one request was slow; the 40 that were due meanwhile waited for it
        assertThat(load.requests()).isEqualTo(60);
        assertThat(load.latencies().percentileMillis(1)).isGreaterThanOrEqualTo((double) STALL.toMillis());
        assertThat(load.latencies().percentileMillis(0.6)).isGreaterThanOrEqualTo(30);
    }

    @Test
    void wrongAnswersAreCounted_andTold() throws InterruptedException {
        failing = 3;

        Load load = generator(1).open(100, Duration.ofMillis(90));

        assertThat(load.requests()).isEqualTo(9);
        assertThat(load.wrong()).isEqualTo(1);
        assertThat(load.requireRight("the server", 0.12)).isSameAs(load);
        assertThatIllegalStateException()
                .isThrownBy(() -> load.requireRight("the server", 0.1))
                .withMessageContaining("1 of 9")
                .withMessageContaining("503 {");
    }
}
