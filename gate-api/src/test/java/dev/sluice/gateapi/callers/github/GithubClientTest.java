package dev.sluice.gateapi.callers.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.access.oidc.CiTokens;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressAuthorities;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.egress.OutboundRequests;
import dev.sluice.gateapi.secrets.SecretReference;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.gateapi.secrets.TenantSecrets;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of installations: who gets which. */
class GithubClientTest {
    private static final long INSTALLATION = 9;
    private static final long REPOSITORY = 101;

    @TempDir
    private Path secrets;

    private void write(String tenant, RsaJsonWebKey key) throws Exception {
        Files.write(
                Files.createDirectory(secrets.resolve(tenant)).resolve("key"),
                AppKeyTest.pem("PRIVATE KEY", key.getPrivateKey().getEncoded()));
    }

    private static GithubApp app(URI api) {
        var key = new SecretReferences(new SecretReference(true, "key"), null);
        return new GithubApp(
                12_345,
                api,
                "production",
                Set.of(7L),
                Set.of(INSTALLATION),
                new TreeMap<>(Map.of(Long.toString(REPOSITORY), "checkout")),
                new TreeMap<>(Map.of("production", "production")),
                null,
                null,
                key,
                key);
    }

    @Test
    void aTokenIsForTheTenantWhoseKeyHasGotIt_thoughAnotherNamesTheSameApp() throws Exception {
        RsaJsonWebKey key = CiTokens.rsa("of-the-app");
        write("acme", key);
        write("other", CiTokens.rsa("of-another"));
        try (var github = new GithubStandIn("12345", key.getPublicKey(), Map.of(REPOSITORY, "acme/checkout"));
                var requests = new OutboundRequests(
                        EgressRules.read(github.url(), "", new Problems()),
                        EgressAuthorities.ofJava(),
                        Clock.systemUTC())) {
            GithubApp app = app(URI.create(github.url()));
            var client = new GithubClient(requests, new TenantSecrets(secrets, Map.of()), Clock.systemUTC());

            var first = client.access("acme", app, INSTALLATION, REPOSITORY).join();
            var again = client.access("acme", app, INSTALLATION, REPOSITORY).join();
            var others = client.access("other", app, INSTALLATION, REPOSITORY).join();

            assertThat(first.token()).isPresent().isEqualTo(again.token());
            assertThat(again.answer()).isNull();
            assertThat(others.token()).isEmpty();
            assertThat(others.answer()).isNotNull();
        }
    }
}
