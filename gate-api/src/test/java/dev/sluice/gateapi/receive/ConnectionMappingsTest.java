package dev.sluice.gateapi.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateapi.config.ConfigurationException;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.DeployWorkflow;
import dev.sluice.sources.registry.Webhooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectionMappingsTest {
    private static final String MAPPED = """
            connections:
              - id: github
                source: github
                tenant: acme
                secret_env: NOT_SET_WHERE_MAPPINGS_ARE_READ
                services:
                  acme/shop-checkout: checkout
                environments: [production, staging]
                workflows:
                  - {repository: acme/shop-checkout, workflow: Deploy, environment: production}
                  - {repository: "*", workflow: Release, environment: staging, service: all}
                service: shop
                environment: staging
                incident_labels: [sev1, outage]
              - id: plain
                source: github
                secret_file: no-such-file
            """;

    @TempDir
    Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("connections.yaml"), content);
    }

    @Test
    void readsTheMappingOfEachConnection_withoutItsSecret() throws Exception {
        assertThat(ConnectionMappings.read(file(MAPPED)))
                .isEqualTo(Map.of(
                        "github",
                        new ConnectionMapping(
                                Map.of("acme/shop-checkout", "checkout"),
                                Set.of("production", "staging"),
                                List.of(
                                        new DeployWorkflow("acme/shop-checkout", "Deploy", "production", null),
                                        new DeployWorkflow("*", "Release", "staging", "all")),
                                "shop",
                                "staging",
                                Set.of("sev1", "outage"),
                                JsonNodeFactory.instance.objectNode()),
                        "plain",
                        ConnectionMapping.DEFAULT));
    }

    @Test
    void reportsEachProblemWithItsLineAndColumn() throws Exception {
        Path file = file("""
                connections:
                  - id: github
                    source: github
                    services: [checkout]
                    environments: production
                    incident_labels: [{sev: 1}]
                    workflows:
                      - {repository: acme, workflow: Deploy, environment: production}
                      - {repository: acme/shop, workflow: Deploy, enviroment: production}
                  - id: github
                    source: semaphore
                    services: {acme/shop: [checkout]}
                """);

        assertThatThrownBy(() -> ConnectionMappings.read(file))
                .asInstanceOf(InstanceOfAssertFactories.type(ConfigurationException.class))
                .extracting(ConfigurationException::problems)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(
                        "connections.yaml:4:15: services must be a mapping of names to texts",
                        "connections.yaml:5:19: environments must be a list",
                        "connections.yaml:8:22: repository must be owner/name or *: \"acme\"",
                        "connections.yaml:9:63: unknown field enviroment; known are environment, repository, service,"
                                + " workflow",
                        "connections.yaml:9:9: field environment is missing",
                        "connections.yaml:6:23: incident_labels must hold texts only",
                        "connections.yaml:11:13: source must be a known source (" + String.join(", ", Webhooks.names())
                                + "), is semaphore",
                        "connections.yaml:10:9: two connections are called github",
                        "connections.yaml:12:27: acme/shop must be a text");
    }

    @Test
    void reportsWhatContradictsItself() throws Exception {
        Path file = file("""
                connections:
                  - id: github
                    source: github
                    environments: [staging]
                    workflows:
                      - {repository: acme/shop, workflow: Deploy, environment: production}
                """);

        assertThatThrownBy(() -> ConnectionMappings.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "connections.yaml:4:19: environments must contain the one that a workflow deploys to");
    }

    @Test
    void theGateApiReportsTheSameProblems() {
        var problems = new Problems();

        Connections.read(
                directory.resolve("connections.yaml"),
                MAPPED.replace("repository: acme/shop-checkout", "repository: acme"),
                Map.of("NOT_SET_WHERE_MAPPINGS_ARE_READ", "secret"),
                problems);

        assertThat(problems.all())
                .hasSize(2)
                .contains("connections.yaml:10:22: repository must be owner/name or *: \"acme\"")
                .anyMatch(problem -> problem.startsWith("connections.yaml:17:18: file ")
                        && problem.endsWith("no-such-file cannot be read"));
    }

    @Test
    void reportsOptionsThatTheSourceDoesNotHave_andFieldsThatNoConnectionHas() throws Exception {
        Path file = file("""
                connections:
                  - id: github
                    source: github
                    options: {tea: green}
                    labels: [incident]
                """);

        assertThatThrownBy(() -> ConnectionMappings.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("connections.yaml:4:20: unknown field tea")
                .hasMessageContaining("connections.yaml:5:5: unknown field labels; known are id, source, tenant");
    }

    @Test
    void reportsAllThatIsWrongWithTheOptionsOfASource() throws Exception {
        Path file = file("""
                connections:
                  - id: releases
                    source: json
                    service: shop
                    options:
                      document: deployment
                      items: releases
                      fields:
                        id: /number
                        colour: /colour
                        state: /outcome
                        time: /at
                      states: {OK: fine}
                  - id: nothing
                    source: json
                """);

        assertThatThrownBy(() -> ConnectionMappings.read(file))
                .asInstanceOf(InstanceOfAssertFactories.type(ConfigurationException.class))
                .extracting(ConfigurationException::problems)
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .satisfiesExactly(
                        problem -> assertThat(problem)
                                .asString()
                                .isEqualTo(
                                        "connections.yaml:7:14: items must be a JSON pointer: it begins with a slash"),
                        problem -> assertThat(problem)
                                .asString()
                                .startsWith("connections.yaml:10:17: fields.colour is no field of a deployment"),
                        problem -> assertThat(problem)
                                .asString()
                                .startsWith("connections.yaml:9:9: fields.environment is missing"),
                        problem -> assertThat(problem)
                                .asString()
                                .startsWith("connections.yaml:13:20: states.OK is no state of a deployment: fine"),
                        problem -> assertThat(problem)
                                .asString()
                                .startsWith("connections.yaml:14:5: document must be one of deployment, incident"));
    }

    @Test
    void optionsOfTheSourceAreReadAndChecked() throws Exception {
        String gitlab = """
                connections:
                  - id: gitlab
                    source: gitlab
                    options: {environment_from: %s}
                """;

        assertThat(ConnectionMappings.read(file(gitlab.formatted("tier"))))
                .isEqualTo(Map.of(
                        "gitlab",
                        ConnectionMapping.DEFAULT.withOptions(
                                JsonNodeFactory.instance.objectNode().put("environment_from", "tier"))));
        Path wrong = file(gitlab.formatted("slug"));
        assertThatThrownBy(() -> ConnectionMappings.read(wrong))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("connections.yaml:4:33: options/environment_from must be name or tier");
    }

    @Test
    void anAliasOfItselfIsAProblem() throws Exception {
        Path file = file("""
                connections:
                  - id: github
                    source: github
                    services: &again {acme/shop: *again}
                """);

        assertThatThrownBy(() -> ConnectionMappings.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is nested more than 20 deep");
    }

    @Test
    void aFileThatCannotBeReadIsAProblem() {
        assertThatThrownBy(() -> ConnectionMappings.read(directory.resolve("absent.yaml")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("absent.yaml: the file cannot be read as UTF-8 text");
    }
}
