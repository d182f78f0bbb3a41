package dev.sluice.sources.metrics.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sources.metrics.pull.Source.Datadog;
import dev.sluice.sources.metrics.pull.Source.Elasticsearch;
import dev.sluice.sources.metrics.pull.Source.Login;
import dev.sluice.sources.metrics.pull.Source.Prometheus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricSourcesTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void sourcesAreOfAFile() throws IOException {
        MetricSources sources = MetricSources.read(file("""
                sources:
                  - {name: main, type: prometheus, url: "http://localhost:9090/"}
                  - {name: far, type: prometheus, url: "https://metrics.example.com/prometheus", token_file: /run/secrets/far, tenants: [acme]}
                  - {name: hosted, type: prometheus, url: "https://example.com", username: "7", password_file: /run/secrets/hosted}
                  - {name: dd, type: datadog, url: "https://api.datadoghq.eu", api_key_file: /run/secrets/api, application_key_file: /run/secrets/app}
                  - {name: slow, type: datadog, url: "http://127.0.0.1:8126", api_key_file: a, application_key_file: b, delay: 5m, tenants: [acme]}
                  - {name: logs, type: elasticsearch, url: "https://es.example.com:9200", token_file: /run/secrets/es, index: "logs-shop-*"}
                  - {name: old, type: elasticsearch, url: "http://localhost:9200", username: u, password_file: p, index: logs, timestamp_field: ts, delay: 30s, tenants: [acme]}
                """), Files::readString);

        assertThat(sources.byName())
                .containsEntry("main", new Prometheus(URI.create("http://localhost:9090/"), Login.NONE, Set.of()))
                .containsEntry(
                        "far",
                        new Prometheus(
                                URI.create("https://metrics.example.com/prometheus"),
                                new Login(null, Path.of("/run/secrets/far")),
                                Set.of("acme")))
                .containsEntry(
                        "hosted",
                        new Prometheus(
                                URI.create("https://example.com"),
                                new Login("7", Path.of("/run/secrets/hosted")),
                                Set.of()))
                .containsEntry(
                        "dd",
                        new Datadog(
                                URI.create("https://api.datadoghq.eu"),
                                Path.of("/run/secrets/api"),
                                Path.of("/run/secrets/app"),
                                Set.of(),
                                Duration.ofSeconds(90)))
                .containsEntry(
                        "slow",
                        new Datadog(
                                URI.create("http://127.0.0.1:8126"),
                                Path.of("a"),
                                Path.of("b"),
                                Set.of("acme"),
                                Duration.ofMinutes(5)))
                .containsEntry(
                        "logs",
                        new Elasticsearch(
                                URI.create("https://es.example.com:9200"),
                                new Login(null, Path.of("/run/secrets/es")),
                                "logs-shop-*",
                                "@timestamp",
                                Set.of(),
                                Duration.ofSeconds(60)))
                .containsEntry(
                        "old",
                        new Elasticsearch(
                                URI.create("http://localhost:9200"),
                                new Login("u", Path.of("p")),
                                "logs",
                                "ts",
                                Set.of("acme"),
                                Duration.ofSeconds(30)))
                .hasSize(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sources: 5 | must have a list of sources",
                "other: [] | must have a list of sources",
                "sources: [{type: prometheus, url: 'http://a'}] | a source has no name",
                "sources: [{name: a, type: graphite, url: 'http://a'}] | source a must have the type datadog or elasticsearch or prometheus",
                "sources: [{name: a, type: prometheus, url: 'file:///etc/passwd'}] | source a: base must be an http or https URL",
                "sources: [{name: a, type: prometheus, url: 'http://a?x=1'}] | source a: base must have neither a user nor a query",
                "sources: [{name: a, type: prometheus}] | source a: base must be an http or https URL",
                "sources: [{name: a, type: prometheus, url: 'http://a', token: x}] | source a has the unknown field token",
                "sources: [{name: a, type: prometheus, url: 'http://a'}, {name: a, type: prometheus, url: 'http://b'}] | source a is there twice",
                "sources: [{name: a, type: prometheus, url: 'http://a', token_file: t}] | source a: base must be https where secrets are sent",
                "sources: [{name: a, type: prometheus, url: 'ht tp'}] | source a must have a url",
                "sources: [{name: a, type: prometheus, url: 'https://a', username: x}] | source a must have a token_file, or username and password_file",
                "sources: [{name: a, type: prometheus, url: 'https://a', username: x, password_file: p, token_file: t}] | source a must have a token_file, or",
                "sources: [{name: a, type: prometheus, url: 'https://a', username: 'x:y', password_file: p}] | source a: user must not have a colon",
                "sources: [{name: a, type: prometheus, url: 'https://a', tenants: []}] | source a must have at least one of tenants",
                "sources: [{name: a, type: datadog, url: 'https://a', api_key_file: k}] | source a: an api_key_file and an application_key_file are needed",
                "sources: [{name: a, type: datadog, url: 'http://a', api_key_file: k, application_key_file: l}] | source a: base must be https where secrets are sent",
                "sources: [{name: a, type: datadog, url: 'https://a', api_key_file: k, application_key_file: l, token_file: t}] | source a has the unknown field token_file",
                "sources: [{name: a, type: datadog, url: 'https://a', api_key_file: k, application_key_file: l, delay: soon}] | source a: delay must be a duration",
                "sources: [{name: a, type: datadog, url: 'https://a', api_key_file: k, application_key_file: l, delay: 1h}] | source a: delay must be a duration such as 60s, 15m, 2h or 30d, from 30s to 15m",
                "sources: [{name: a, type: elasticsearch, url: 'https://a', index: i, delay: 29s}] | source a: delay must be a duration",
                "sources: [{name: a, type: prometheus, url: 'https://a', delay: 5s}] | source a has the unknown field delay",
                "sources: [{name: a, type: elasticsearch, url: 'https://a'}] | source a: index must be names or patterns of indices, is",
                "sources: [{name: a, type: elasticsearch, url: 'https://a', index: '../_all'}] | source a: index must be names or patterns of indices, is ../_all",
                "sources: [{name: a, type: elasticsearch, url: 'https://a', index: _all}] | source a: index must be",
                "sources: [{name: a, type: elasticsearch, url: 'https://a', index: i, api_key_file: k}] | source a has the unknown field api_key_file",
                "sources: [{name: a, type: elasticsearch, url: 'http://a', index: i, token_file: k}] | source a: base must be https where secrets are sent",
                "sources: [ | cannot be read",
            })
    void whatIsWrongIsNamed(String text, String message) throws IOException {
        Path file = file(text);
        assertThatThrownBy(() -> MetricSources.read(file, Files::readString))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("sources.yaml"), text);
    }
}
