package dev.sluice.gateapi.access.oidc;

import static dev.sluice.gateapi.access.oidc.KeyServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.MovableClock;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetSequenceJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of an issuer, however they are served. */
class IssuerKeysTest {
    private static final RsaJsonWebKey OLD = CiTokens.rsa("old");
    private static final RsaJsonWebKey NEW = CiTokens.rsa("new");
    private static final KeyDownload DOWNLOAD = new KeyDownload(Duration.ofSeconds(10));

    private final KeyServer server = KeyServer.start();
    private final MovableClock clock = new MovableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private IssuerKeys keys = by(DOWNLOAD);

    private IssuerKeys by(KeyDownload download) {
        return new IssuerKeys("https://ci.example.com", () -> download.fetch(URI.create(server.url())), clock);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private boolean has(String kid) {
        return keys.key(kid, Algorithm.RS256).join().isPresent();
    }

    private void assertUnknown(String kid) {
        assertThatThrownBy(() -> has(kid))
                .cause()
                .isInstanceOf(ApiException.class)
                .extracting(thrown -> ((ApiException) thrown).type())
                .isEqualTo(ErrorType.UNAVAILABLE);
    }

    @Test
    void areFetchedOnce_andAgainForAKeyThatIsNew() {
        server.serve(OLD);
        assertThat(has("old")).isTrue();
        assertThat(has("old")).isTrue();
        assertThat(server.asked()).hasSize(1);

        server.serve(NEW);
        clock.pass(Duration.ofMinutes(1));

        assertThat(has("new")).isTrue();
        assertThat(has("old")).as("taken back by the issuer").isFalse();
        assertThat(server.asked()).hasSize(2);
    }

    @Test
    void aKeyThatItsIssuerTakesBackGoesWithinMinutes_thoughNobodyAsksForAnother() {
        server.serve(OLD, NEW);
        assertThat(has("old")).isTrue();
        server.serve(NEW);
        clock.pass(Duration.ofMinutes(10));

        assertThat(has("old")).isFalse();
    }

    @Test
    void aStormOfUnknownKeysFetchesOnceAMinute() {
        server.serve(OLD);
        assertThat(has("old")).isTrue();
        for (int minute = 0; minute < 3; minute++) {
            clock.pass(Duration.ofMinutes(1));
            List<CompletableFuture<Boolean>> asked = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                String kid = "unknown-" + minute + "-" + i;
                asked.add(keys.key(kid, Algorithm.RS256).thenApply(found -> found.isPresent()));
            }
            assertThat(asked).allSatisfy(one -> assertThat(one.join()).isFalse());
        }
        assertThat(server.asked()).hasSize(4);
    }

    @Test
    void whileTheyCannotBeFetchedKnownOnesGoOnForAnHour_andNoOthers() {
        server.serve(OLD);
        assertThat(has("old")).isTrue();
        server.serve(exchange -> answer(exchange, 503, "application/json", "{}"));
        clock.pass(Duration.ofMinutes(59));

        assertThat(has("old")).isTrue();
        assertUnknown("new");
        clock.pass(Duration.ofMinutes(1));
        assertUnknown("old");
        assertUnknown("new");

        server.serve(NEW);
        clock.pass(Duration.ofSeconds(5));
        assertThat(has("new")).isTrue();
        assertThat(has("old")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html|<html>{\"keys\": []}</html>",
                "application/json|<html></html>",
                "application/json|",
                "application/json|[]",
                "application/json|{}",
                "application/json|{\"keys\": {}}",
                "application/json|{\"keys\": []}",
                "application/json|{\"keys\": [7, null, \"a\"]}",
                "application/json|{\"keys\": [], \"keys\": []}",
                "application/json|{\"keys\": [{\"kty\": \"RSA\", \"kid\": \"old\"}]}",
                "application/json|{\"keys\": [{\"kty\": \"oct\", \"kid\": \"old\", \"k\": \"c2VjcmV0\"}]}",
                "application/json|{\"keys\": [{\"kty\": \"what\", \"kid\": \"old\"}]}",
            })
    void whatIsNoKeySetIsNone(String type, String body) {
        server.serve(type, body == null ? "" : body);

        assertUnknown("old");
    }

    @Test
    void aRedirectIsNotFollowed() {
        try (KeyServer other = KeyServer.start()) {
            other.serve(OLD);
            server.serve(exchange -> {
                exchange.getResponseHeaders().set("Location", other.url());
                answer(exchange, 302, "application/json", "{}");
            });

            assertUnknown("old");
            assertThat(other.asked()).isEmpty();
        }
    }

    @Test
    void aBodyThatIsTooLargeIsNotRead() {
        String padding = "x".repeat(64 << 10);
        server.serve(
                "application/json",
                "{\"padding\": \"" + padding + "\", \"keys\": [" + OLD.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)
                        + "]}");

        assertUnknown("old");
    }

    @Test
    void aBodyThatDoesNotEndIsGivenUp() {
        var released = new CountDownLatch(1);
        server.serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("{\"keys\": [".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        keys = by(new KeyDownload(Duration.ofMillis(300)));
        long before = System.nanoTime();

        assertUnknown("old");

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
        released.countDown();
    }

    @Test
    void aServerThatIsNotThereIsNone() {
        server.close();

        assertUnknown("old");
    }

    @Test
    void keysThatAreNoneAreLeftOut_andASecretIsNoKey() {
        var secret = new OctetSequenceJsonWebKey(new HmacKey(new byte[32]));
        secret.setKeyId("secret");
        RsaJsonWebKey forEncryption = CiTokens.rsa("encryption");
        forEncryption.setUse("enc");
        RsaJsonWebKey forOther = CiTokens.rsa("other");
        forOther.setAlgorithm("RS512");
        server.serve(secret, forEncryption, forOther, OLD);

        assertThat(has("old")).isTrue();
        for (String kid : List.of("secret", "encryption", "other")) {
            assertThat(has(kid)).as(kid).isFalse();
        }
    }

    @Test
    void aKidOfTwoKeysIsOfNone() {
        server.serve(CiTokens.rsa("same"), CiTokens.rsa("same"), CiTokens.ec("same"));

        assertThat(has("same")).isFalse();
        assertThat(keys.key("same", Algorithm.ES256).join()).isPresent();
    }
}
