package dev.sluice.sources.metrics.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sources.metrics.pull.MetricSources.Source;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
                """), Files::readString);

        assertThat(sources.byName())
                .containsEntry("main", new Source(URI.create("http://localhost:9090/"), null, null, Set.of()))
                .containsEntry(
                        "far",
                        new Source(
                                URI.create("https://metrics.example.com/prometheus"),
                                null,
                                Path.of("/run/secrets/far"),
                                Set.of("acme")))
                .containsEntry(
                        "hosted",
                        new Source(URI.create("https://example.com"), "7", Path.of("/run/secrets/hosted"), Set.of()))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sources: 5 | must have a list of sources",
                "other: [] | must have a list of sources",
                "sources: [{type: prometheus, url: 'http://a'}] | a source has no name",
                "sources: [{name: a, type: graphite, url: 'http://a'}] | source a must have the type prometheus",
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
