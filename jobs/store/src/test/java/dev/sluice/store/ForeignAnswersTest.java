package dev.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of something that is no ClickHouse, which says all that it was sent. */
class ForeignAnswersTest {
    private static final String PASSWORD = "open-sesame-4711";
    /** The same behind {@code sluice:} in Base64, as it is sent. */
    private static final String SENT = "b3Blbi1zZXNhbWUtNDcxM";

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 500, 503})
    void areNoneOfClickHouse_whichIsAway_andWhatTheySayIsNotTold(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = ("<html>" + exchange.getRequestHeaders().entrySet()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        ClickHouseSettings settings = ClickHouseSettings.at(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .withUser("sluice", PASSWORD);
        try (Queries queries = Queries.of(settings, Duration.ofSeconds(5));
                Writes writes = Writes.of(settings)) {
            Throwable ofQuery = catchThrowable(() -> queries.rows("SELECT 1", List.of(), row -> 1));
            Throwable ofWrite = catchThrowable(() -> writes.execute("SELECT 1"));

            for (Throwable failure : List.of(ofQuery, ofWrite)) {
                assertThat(failure).isInstanceOf(StoreUnavailableException.class);
                assertThat(trace(failure)).doesNotContain(PASSWORD, SENT, "<html>");
            }
        } finally {
            server.stop(0);
        }
    }

    private static String trace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
