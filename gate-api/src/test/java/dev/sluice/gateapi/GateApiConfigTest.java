package dev.sluice.gateapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.access.RateLimits;
import dev.sluice.gateapi.config.ConfigurationException;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.tls.TlsFiles;
import dev.sluice.store.ClickHouseSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class GateApiConfigTest {
    @Test
    void hasDefaults() {
        assertThat(GateApiConfig.read(Map.of("SLUICE_KAFKA_BOOTSTRAP", "k:9092")))
                .isEqualTo(new GateApiConfig(
                        "127.0.0.1",
                        8080,
                        "k:9092",
                        null,
                        GateApiFiles.NONE,
                        12,
                        (short) 1,
                        Duration.ofSeconds(1),
                        new RateLimits.Settings(1_000, 5_000, 20),
                        EgressRules.publicOnly(),
                        Map.of("SLUICE_KAFKA_BOOTSTRAP", "k:9092")));
    }

    @Test
    void readsEachKey() {
        Map<String, String> environment = Map.ofEntries(
                Map.entry("SLUICE_HTTP_HOST", "0.0.0.0"),
                Map.entry("SLUICE_HTTP_PORT", "9000"),
                Map.entry("SLUICE_KAFKA_BOOTSTRAP", "k:9092"),
                Map.entry("SLUICE_CLICKHOUSE_URL", "http://c:8123"),
                Map.entry("SLUICE_CLICKHOUSE_USER", "reader"),
                Map.entry("SLUICE_CLICKHOUSE_PASSWORD", "hush"),
                Map.entry("SLUICE_POLICIES", "policies"),
                Map.entry("SLUICE_TOKENS", "tokens.yaml"),
                Map.entry("SLUICE_CONNECTIONS", "connections.yaml"),
                Map.entry("SLUICE_REPORT", "report.yaml"),
                Map.entry("SLUICE_SECRETS", "secrets"),
                Map.entry("SLUICE_METRIC_SOURCES", "sources.yaml"),
                Map.entry("SLUICE_SIGNING_KEYS", "keys"),
                Map.entry("SLUICE_AUDIT_EXPORT", "audit"),
                Map.entry("SLUICE_OIDC", "oidc.yaml"),
                Map.entry("SLUICE_PARTITIONS", "24"),
                Map.entry("SLUICE_TLS_CERT", "tls.crt"),
                Map.entry("SLUICE_TLS_KEY", "tls.key"),
                Map.entry("SLUICE_REPLICATION", "3"),
                Map.entry("SLUICE_RATE_TOKEN", "7"),
                Map.entry("SLUICE_RATE_TENANT", "8"),
                Map.entry("SLUICE_RATE_FAILURES", "9"),
                Map.entry("SLUICE_EGRESS_ALLOW", "10.1.0.0/16,http://receiver:8080"),
                Map.entry("SLUICE_EGRESS_HOSTS", "*.example.com"),
                Map.entry("SLUICE_EGRESS_CA_FILE", "ca.pem"));

        GateApiConfig config = GateApiConfig.read(environment);

        assertThat(environment.keySet()).isEqualTo(GateApiConfig.keys());
        assertThat(config)
                .isEqualTo(new GateApiConfig(
                        "0.0.0.0",
                        9000,
                        "k:9092",
                        ClickHouseSettings.at(URI.create("http://c:8123")).withUser("reader", "hush"),
                        new GateApiFiles(
                                Path.of("policies"),
                                Path.of("tokens.yaml"),
                                Path.of("connections.yaml"),
                                Path.of("report.yaml"),
                                Path.of("secrets"),
                                Path.of("sources.yaml"),
                                Path.of("keys"),
                                Path.of("audit"),
                                Path.of("oidc.yaml"),
                                Path.of("ca.pem"),
                                new TlsFiles(Path.of("tls.crt"), Path.of("tls.key"))),
                        24,
                        (short) 3,
                        Duration.ofSeconds(1),
                        new RateLimits.Settings(7, 8, 9),
                        EgressRules.read("10.1.0.0/16,http://receiver:8080", "*.example.com", new Problems()),
                        environment));
        assertThat(config.toString()).doesNotContain("hush");
    }

    @Test
    void reportsAllProblemsTogether() {
        assertThatThrownBy(() -> GateApiConfig.read(Map.of(
                        "SLUICE_HTTP_PORT",
                        "http",
                        "SLUICE_CLICKHOUSE_URL",
                        "ftp://c",
                        "SLUICE_PARTITIONS",
                        "0",
                        "SLUICE_RATE_TENANT",
                        "0",
                        "SLUICE_TLS_KEY",
                        "tls.key",
                        "SLUICE_EGRESS_HOSTS",
                        "10.0.0.1")))
                .asInstanceOf(InstanceOfAssertFactories.type(ConfigurationException.class))
                .extracting(ConfigurationException::problems)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(
                        "SLUICE_KAFKA_BOOTSTRAP must name Kafka's bootstrap servers",
                        "SLUICE_HTTP_PORT must be a whole number from 0 to 65535, is http",
                        "SLUICE_PARTITIONS must be a whole number from 1 to 10000, is 0",
                        "SLUICE_CLICKHOUSE_URL must be an http or https URL without user or password",
                        "SLUICE_RATE_TENANT must be a whole number from 1 to 1000000, is 0",
                        "SLUICE_EGRESS_HOSTS must have names of hosts, such as hooks.example.com or *.example.com, has 10.0.0.1",
                        "SLUICE_TLS_CERT and SLUICE_TLS_KEY must name files both, or neither");
    }
}
