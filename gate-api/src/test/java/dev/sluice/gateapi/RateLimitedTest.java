package dev.sluice.gateapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.FreePorts;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.RateLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Who asks too often, of a gate API without Kafka, which none of these requests needs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RateLimitedTest {
    @TempDir
    static Path directory;

    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        Path tokens = Files.writeString(
                directory.resolve("tokens.yaml"),
                "tokens: [{id: reader, sha256: %s, tenant: acme, scopes: [read]}]"
                        .formatted(GateApiFixture.sha256("the-reader")));
        api = GateApi.start(GateApiConfig.of("127.0.0.1:" + FreePorts.pick())
                .withPort(0)
                .withRateLimits(new RateLimits.Settings(1, 100, 3))
                .withFiles(GateApiFiles.NONE.withTokens(tokens)));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private Answer services(String token, String... headers) {
        var request = GateApiFixture.request(api, "/v1/services").header("Authorization", "Bearer " + token);
        return GateApiFixture.send(headers.length == 0 ? request : request.headers(headers));
    }

    @Test
    @Order(2)
    void anAddressIsRefusedAfterSoManyFailures_whateverItSaysItIs_andHealthGoesOn() {
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(services("guess" + i, "X-Forwarded-For", "203.0.113." + i, "Forwarded", "for=203.0.113." + i)
                    .status());
        }

        assertThat(answers).containsExactly(401, 401, 401, 429, 429, 429);
        Answer refused = services("the-reader");
        assertThat(refused.status()).as("nothing is looked at any more").isEqualTo(429);
        assertThat(refused.at("/type")).isEqualTo("urn:sluice:problem:too-many-requests");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 20);
        String looksIssued = "slc_live_" + "0".repeat(12) + "_" + "0".repeat(43) + "_" + "000000";
        assertThat(services(looksIssued).status()).isEqualTo(429);
        assertThat(GateApiFixture.get(api, "/healthz").status()).isEqualTo(200);
        assertThat(GateApiFixture.get(api, "/metrics").status()).isEqualTo(200);
    }

    @Test
    @Order(1)
    void aTokenThatAsksTooOftenIsToldSo() {
        List<Integer> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(services("the-reader").status());
        }

        assertThat(answers.get(0)).as("let in, to what needs Kafka").isEqualTo(503);
        assertThat(answers).contains(429);
    }
}
