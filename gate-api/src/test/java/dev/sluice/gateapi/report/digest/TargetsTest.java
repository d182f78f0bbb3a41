package dev.sluice.gateapi.report.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.gateapi.report.digest.WebhookTarget.Form;
import dev.sluice.gateapi.report.dora.WrittenReport;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T07:00:00Z");
    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8);
    private static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(KEY);
    private static final WrittenReport REPORT = new WrittenReport(
            "<!DOCTYPE html>", "of,n\r\n", "{\"scope\":{\"name\":\"a\"}}", "<!channel> @here, a & b: fell", true, NOW);

    private record Received(Map<String, List<String>> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    private final List<Received> received = new ArrayList<>();
    private final Map<String, String> answerHeaders = new HashMap<>();
    private volatile int status = 204;
    private HttpServer server;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            received.add(new Received(
                    exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            answerHeaders.forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private WebhookTarget webhook(Form form, @Nullable String secret) {
        return new WebhookTarget(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/T-secret"), form, secret);
    }

    private UndeliveredException undelivered() {
        return catchThrowableOfType(
                UndeliveredException.class, () -> webhook(Form.CHAT, null).deliver("d-2026-11-30", REPORT, NOW));
    }

    @Test
    void posts_asStandardWebhooks_signed() throws Exception {
        webhook(Form.REPORT, SECRET).deliver("d-2026-11-30", REPORT, NOW);

        Received only = received.get(0);
        assertThat(only.header("Content-type")).isEqualTo("application/json");
        assertThat(only.header("Webhook-id")).isEqualTo("d-2026-11-30");
        assertThat(only.header("Webhook-timestamp")).isEqualTo(Long.toString(NOW.getEpochSecond()));
        assertThat(only.header("Webhook-signature"))
                .isEqualTo("v1," + hmac("d-2026-11-30." + NOW.getEpochSecond() + "." + only.body()));
        JsonNode body = Json.mapper().readTree(only.body());
        assertThat(body.path("type").asText()).isEqualTo("dora.digest");
        assertThat(body.path("timestamp").asText()).isEqualTo("2026-11-30T07:00:00Z");
        assertThat(body.at("/data/scope/name").asText()).isEqualTo("a");
    }

    /** Signed with what the JDK has, not with the library that is used. */
    private static String hmac(String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
        return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aChatGetsTheWords_andNoNameInThemCallsAnybody() throws Exception {
        webhook(Form.CHAT, null).deliver("d-2026-11-30", REPORT, NOW);

        Received only = received.get(0);
        assertThat(only.headers()).doesNotContainKey("Webhook-signature");
        JsonNode body = Json.mapper().readTree(only.body());
        assertThat(body.properties()).hasSize(1);
        assertThat(body.path("text").asText()).isEqualTo("\u2039!channel\u203a @\u200bhere, a & b: fell");
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 404, 500, 503})
    void whatIsNotTaken_isTriedAgain_andNoRedirectIsFollowed(int answered) {
        status = answered;
        answerHeaders.put("Location", "/elsewhere");

        UndeliveredException failure = undelivered();

        assertThat(failure).hasMessage("127.0.0.1 has answered with " + answered);
        assertThat(failure.isFinal()).isFalse();
        assertThat(failure).isNotInstanceOf(UndeliveredException.Until.class);
        assertThat(received).hasSize(1);
    }

    @Test
    void theReceiverSaysWhenToTryAgain_orNever() {
        status = 429;
        answerHeaders.put("Retry-After", "90");
        assertThat(undelivered())
                .asInstanceOf(InstanceOfAssertFactories.type(UndeliveredException.Until.class))
                .extracting(UndeliveredException.Until::pause)
                .isEqualTo(Duration.ofSeconds(90));

        status = 410;
        assertThat(undelivered().isFinal()).isTrue();
    }

    @Test
    void whereNobodyListens_theFailureDoesNotTellTheUrl() throws IOException {
        int port;
        try (var closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        var target = new WebhookTarget(URI.create("http://127.0.0.1:" + port + "/T-secret"), Form.CHAT, SECRET);

        assertThatThrownBy(() -> target.deliver("d", REPORT, NOW))
                .isInstanceOf(UndeliveredException.class)
                .hasMessage("127.0.0.1 cannot be reached: ConnectException")
                .hasNoCause();
        assertThat(target.toString()).doesNotContain("secret", SECRET);
    }

    @Test
    void aDirectoryGetsThreeFiles_andASecondTimeReplacesThem() throws Exception {
        var target = new DirectoryTarget(directory.resolve("new"));
        target.deliver("d-2026-11-30", new WrittenReport("old", "old", "old", "old", true, NOW), NOW);

        target.deliver("d-2026-11-30", REPORT, NOW);

        assertThat(directory.resolve("new"))
                .isDirectoryContaining("glob:**.html")
                .isDirectoryContaining("glob:**.csv")
                .isDirectoryContaining("glob:**.json");
        try (var files = Files.list(directory.resolve("new"))) {
            assertThat(files).hasSize(3);
        }
        assertThat(directory.resolve("new/d-2026-11-30.html")).hasContent(REPORT.html());
        assertThat(directory.resolve("new/d-2026-11-30.json")).hasContent(REPORT.json());
        assertThat(directory.resolve("new/d-2026-11-30.csv")).hasContent(REPORT.csv());
    }

    @Test
    void whereItCannotBeWritten_itIsTriedAgain() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> new DirectoryTarget(file).deliver("d", REPORT, NOW))
                .isInstanceOf(UndeliveredException.class)
                .hasMessage("cannot write into " + file);
    }
}
