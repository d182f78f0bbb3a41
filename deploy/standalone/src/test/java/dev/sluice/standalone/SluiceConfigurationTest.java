package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateapi.config.ConfigurationException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SluiceConfigurationTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SLUICE_CONNECTIONS",
                "SLUICE_METRIC_SOURCES",
                "SLUICE_POLICIES",
                "SLUICE_TOKENS",
                "SLUICE_OIDC",
                "SLUICE_REPORT",
                "SLUICE_SECRETS",
                "SLUICE_SIGNING_KEYS",
                "SLUICE_AUDIT_EXPORT"
            })
    void fileThatIsNotThere_isToldBeforeServersStart(String variable) {
        Path absent = directory.resolve("absent.yaml");

        assertThatThrownBy(() -> start(variable, absent))
                .isInstanceOf(StartException.class)
                .hasMessage("%s names %s: there is no such file", variable, absent);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SLUICE_TLS_CERT", "SLUICE_TLS_KEY"})
    void tlsIsRefused_ratherThanForgotten(String variable) {
        assertThatThrownBy(() -> start(variable, directory.resolve("tls.pem")))
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith(variable + " is for a gate API by itself");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void connectionsThatAreWrong_areToldBeforeServersStart() throws IOException {
        Path file = Files.writeString(directory.resolve("connections.yaml"), "connections: 3\n");

        assertThatThrownBy(() -> start("SLUICE_CONNECTIONS", file)).isInstanceOf(ConfigurationException.class);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void policiesThatAreWrong_areToldBeforeServersStart() throws IOException {
        Path policies = Files.createDirectory(directory.resolve("policies"));
        Files.writeString(policies.resolve("own.yaml"), "name: own\nrules: 3\n");

        assertThatThrownBy(() -> start("SLUICE_POLICIES", policies))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("own.yaml");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private void start(String variable, Path file) throws Exception {
        StandaloneConfig config = StandaloneConfig.of(List.of("--port", "0"), Map.of(variable, file.toString()));
        var announcer = new Announcer(new PrintStream(out, true, StandardCharsets.UTF_8));
        try (DataDirectory data = DataDirectory.take(directory.resolve("data"));
                var sluice = new Sluice(config, announcer)) {
            sluice.start(data);
        }
    }
}
