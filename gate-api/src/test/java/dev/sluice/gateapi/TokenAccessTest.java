package dev.sluice.gateapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.embedded.FreePorts;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.gateapi.access.Access;
import dev.sluice.gateapi.access.IssuedTokens;
import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.config.ConfigurationException;
import dev.sluice.gateapi.http.ReadPosition;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.sources.registry.Webhooks;
import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in: a gate API with a token file, and no Kafka, which none of these requests needs. */
class TokenAccessTest {
    /** There is no Kafka here: whoever is let in learns that what is known is still being read. */
    private static final int LET_IN = 503;

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    static Path directory;

    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        Path tokens = Files.writeString(directory.resolve("tokens.yaml"), """
                tokens:
                  - {id: reader, sha256: %s, tenant: acme, scopes: [read], expires: "2026-03-01T12:00:01Z"}
                  - {id: expired, sha256: %s, tenant: acme, scopes: [read], expires: "2026-03-01T12:00:00Z"}
                  - {id: sender, sha256: %s, tenant: acme, scopes: [receive, evaluate, read, operate]}
                  - {id: mia, sha256: %s, tenant: acme, scopes: [correct]}
                """.formatted(
                        GateApiFixture.sha256("slc_reader"),
                        GateApiFixture.sha256("slc_expired"),
                        GateApiFixture.sha256("slc_sender"),
                        GateApiFixture.sha256("slc_mia")));
        api = GateApi.start(
                GateApiConfig.of("127.0.0.1:" + FreePorts.pick())
                        .withPort(0)
                        .withRateLimits(new RateLimits.Settings(1_000, 1_000, 1_000))
                        .withFiles(GateApiFiles.NONE.withTokens(tokens)),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static Answer services(String... authorization) {
        var request = GateApiFixture.request(api, "/v1/services");
        for (String header : authorization) {
            request.header("Authorization", header);
        }
        return GateApiFixture.send(request);
    }

    @Test
    void letsAValidTokenIn() {
        assertThat(services("Bearer slc_reader").status()).isEqualTo(LET_IN);
        assertThat(services("bearer slc_reader").status()).isEqualTo(LET_IN);
    }

    @Test
    void keepsAllOthersOut() {
        assertThat(services().status()).isEqualTo(401);
        assertThat(services().header("WWW-Authenticate")).isEqualTo("Bearer realm=\"sluice\"");
        assertThat(services("Bearer slc_readeR").status()).isEqualTo(401);
        assertThat(services("Bearer slc_reader ", "Bearer slc_reader").status()).isEqualTo(401);
        assertThat(services("Bearer " + "slc_reade").status()).isEqualTo(401);
        assertThat(services("Basic slc_reader").status()).isEqualTo(401);
        assertThat(services("Bearer ").status()).isEqualTo(401);
        assertThat(GateApiFixture.get(api, "/v1/services?access_token=slc_reader")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void tellsTokensApartThatDifferInCase_onOneConnection() {
        assertThat(services("Bearer slc_readeR").status()).isEqualTo(401);
        assertThat(services("Bearer slc_reader").status()).isEqualTo(LET_IN);
        assertThat(services("Bearer SLC_READER").status()).isEqualTo(401);
    }

    @Test
    void keepsAnExpiredTokenOut_andSaysNoMoreThanOfAnUnknownOne() {
        Answer expired = services("Bearer slc_expired");

        assertThat(expired.status()).isEqualTo(401);
        assertThat(expired.at("/detail")).isEqualTo(services("Bearer nosuch").at("/detail"));
    }

    @Test
    void refusesWhatTheTokenHasNoScopeFor() {
        Answer answer = GateApiFixture.post(
                api, "/v1/gates/production/evaluate", "application/json", "{}", "Authorization", "Bearer slc_reader");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.at("/detail")).isEqualTo("the token lacks the scope evaluate");
    }

    @Test
    void correctsWithTheScopeForItOnly() {
        String correction = "{\"kind\":\"incident_deleted\",\"incident\":\"pager/1\",\"reason\":\"An exercise\"}";

        Answer sender = GateApiFixture.post(
                api, "/v1/corrections", "application/json", correction, "Authorization", "Bearer slc_sender");
        Answer mia = GateApiFixture.post(
                api, "/v1/corrections", "application/json", correction, "Authorization", "Bearer slc_mia");

        assertThat(sender.status()).isEqualTo(403);
        assertThat(sender.at("/detail")).isEqualTo("the token lacks the scope correct");
        assertThat(mia.status()).as(mia.text()).isEqualTo(LET_IN);
        assertThat(GateApiFixture.post(api, "/v1/corrections", "application/json", correction)
                        .status())
                .isEqualTo(401);
    }

    @Test
    void healthNeedsNoToken() {
        assertThat(GateApiFixture.get(api, "/healthz").status()).isEqualTo(200);
        assertThat(GateApiFixture.get(api, "/metrics").status()).isEqualTo(200);
    }

    @Test
    void reportsTheProblemsOfAllFilesTogether() throws Exception {
        Path tokens = Files.writeString(directory.resolve("bad-tokens.yaml"), "tokens: 1");
        Path connections = Files.writeString(
                directory.resolve("bad-connections.yaml"),
                "connections: [{id: gh, source: github, secret_env: NOT_SET}, {id: se, source: semaphore}]");

        assertThatThrownBy(() -> GateApi.start(GateApiConfig.of("127.0.0.1:1")
                        .withPort(0)
                        .withFiles(GateApiFiles.NONE
                                .withPolicies(directory.resolve("nosuch"))
                                .withTokens(tokens)
                                .withConnections(connections))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bad-tokens.yaml:1:9: tokens must be a list")
                .hasMessageContaining("the directory of policies cannot be read")
                .hasMessageContaining("bad-connections.yaml:1:52: environment variable NOT_SET is not set")
                .hasMessageContaining(
                        "source must be a known source (" + String.join(", ", Webhooks.names()) + "), is semaphore");
    }

    @Test
    void aRouteWithoutAVerbDoesNotStart() {
        var issued = new IssuedTokens(new Views(Clock.systemUTC()), Clock.systemUTC());
        Access access = Access.fromLoopback(
                issued, new RateLimits(RateLimits.Settings.DEFAULT), Clock.systemUTC(), new SimpleMeterRegistry());
        Javalin good = Javalin.create(javalin -> {
            javalin.startup.showJavalinBanner = false;
            new Routes(javalin.routes, access, 1, NOTHING_READ).add(HandlerType.GET, "/good", Verb.READ, ctx -> {});
        });
        Javalin bad = Javalin.create(javalin -> {
            javalin.startup.showJavalinBanner = false;
            new Routes(javalin.routes, access, 1, NOTHING_READ).add(HandlerType.GET, "/good", Verb.READ, ctx -> {});
            javalin.routes.get("/forgotten", ctx -> {});
        });

        Routes.requireVerbs(good);
        assertThatThrownBy(() -> Routes.requireVerbs(bad))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("route GET /forgotten declares no verb");
    }

    private static final ReadPosition NOTHING_READ = new ReadPosition() {
        @Override
        public String now() {
            return "";
        }

        @Override
        public CompletableFuture<Void> reached(String position) {
            return CompletableFuture.completedFuture(null);
        }
    };
}
