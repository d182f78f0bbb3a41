package dev.sluice.gateapi.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.Javalin;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reading bodies from a server whose only route answers with what it has read. */
class LargeBodiesTest {
    private static final int SMALL = 40_000;
    private static final int LARGE = 100_000;

    private static Javalin server;

    @BeforeAll
    static void start() {
        var bodies = new LargeBodies(SMALL, LARGE, 1, Duration.ZERO, Duration.ofMillis(500));
        server = Javalin.create(javalin -> {
            javalin.startup.showJavalinBanner = false;
            javalin.jetty.host = "127.0.0.1";
            javalin.jetty.port = 0;
            ProblemAnswers.register(javalin.routes);
            javalin.routes.post("/", ctx -> {
                try (LargeBodies.Body body = bodies.read(ctx)) {
                    ctx.result(body.bytes());
                }
            });
            var patient = new LargeBodies(SMALL, LARGE, 1, Duration.ofSeconds(20));
            javalin.routes.post("/patient", ctx -> {
                try (LargeBodies.Body body = patient.read(ctx)) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
                    ctx.result(body.bytes());
                }
            });
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    private static HttpResponse<byte[]> post(byte[] body, boolean declared) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri("/"))
                                .POST(
                                        declared
                                                ? HttpRequest.BodyPublishers.ofByteArray(body)
                                                : HttpRequest.BodyPublishers.ofInputStream(
                                                        () -> new ByteArrayInputStream(body)))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "0, true",
        "0, false",
        "1, true",
        "1, false",
        "16384, false",
        "16385, false",
        "39999, false",
        "40000, true",
        "40000, false",
        "40001, true",
        "40001, false",
        "99999, true",
        "99999, false",
        "100000, true",
        "100000, false",
    })
    void readsEachByte_declaredOrNot(int length, boolean declared) throws Exception {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);

        HttpResponse<byte[]> answer = post(body, declared);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(body);
    }

    @Test
    void refusesOneByteTooMany_andGivesThePlaceBack() throws Exception {
        assertThat(post(new byte[LARGE + 1], false).statusCode()).isEqualTo(413);
        assertThat(post(new byte[LARGE], false).statusCode()).isEqualTo(200);
    }

    /** What is declared is refused before any of it has come: who sends it nevertheless may find the connection closed. */
    @Test
    void refusesOneByteTooManyThatIsDeclared_andGivesThePlaceBack() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + (LARGE + 1) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            assertThat(answer.readLine()).startsWith("HTTP/1.1 413 ");
        }
        assertThat(post(new byte[LARGE], true).statusCode()).isEqualTo(200);
    }

    @Test
    void severalLargeOnesAtOnceWaitWhereTheyMay() {
        List<CompletableFuture<HttpResponse<Void>>> answers = IntStream.range(0, 4)
                .mapToObj(i -> HttpClient.newHttpClient()
                        .sendAsync(
                                HttpRequest.newBuilder(uri("/patient"))
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[LARGE]))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding()))
                .toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    @Test
    void endsARequestWhoseBodyDrips() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 39000\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (socket.getInputStream().available() == 0 && System.nanoTime() < end && drip(out)) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }

            byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 408".length());

            assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
        }
    }

    /** Returns whether the server still takes the bytes. */
    private static boolean drip(OutputStream out) throws IOException {
        try {
            out.write(' ');
            out.flush();
            return true;
        } catch (SocketException e) {
            return false;
        }
    }
}
