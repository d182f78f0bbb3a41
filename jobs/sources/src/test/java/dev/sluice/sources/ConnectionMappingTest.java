package dev.sluice.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionMappingTest {
    private static final DeployWorkflow OWN = new DeployWorkflow("acme/checkout", "Deploy", "staging", "shop");
    private static final DeployWorkflow ANY = new DeployWorkflow("*", "Deploy", "production", null);
    private static final DeployWorkflow OTHER = new DeployWorkflow("acme/checkout", "Release", "production", null);

    @Test
    void ownEntryOfARepositoryGoesBeforeTheOneForAll() {
        for (List<DeployWorkflow> order : List.of(List.of(OWN, ANY), List.of(ANY, OWN))) {
            var mapping = new ConnectionMapping(Map.of(), Set.of(), order);

            assertThat(mapping.workflow("acme/checkout", "Deploy")).contains(OWN);
            assertThat(mapping.workflow("acme/cart", "Deploy")).contains(ANY);
            assertThat(mapping.workflow("acme/cart", "deploy")).isEmpty();
            assertThat(mapping.workflowTo("acme/checkout", "staging")).contains(OWN);
            assertThat(mapping.workflowTo("acme/checkout", "production")).isEmpty();
            assertThat(mapping.workflowTo("acme/cart", "production")).contains(ANY);
        }
    }

    @Test
    void workflowDeploysItsServiceOrThatOfTheRepository() {
        var mapping = new ConnectionMapping(Map.of("acme/cart", "cart"), Set.of(), List.of(OWN, ANY));

        assertThat(mapping.serviceOf("acme/checkout", OWN)).isEqualTo("shop");
        assertThat(mapping.serviceOf("acme/cart", ANY)).isEqualTo("cart");
        assertThat(mapping.serviceOf("acme/search", ANY)).isEqualTo("acme/search");
    }

    @Test
    void serviceAndEnvironmentMayBeThoseOfAllThatIsNotNamed() {
        ConnectionMapping mapping =
                new ConnectionMapping(Map.of("acme/cart", "cart"), Set.of()).withDefaults("shop", "production");

        assertThat(mapping.serviceOf("acme/cart")).isEqualTo("cart");
        assertThat(mapping.serviceOf("acme/checkout")).isEqualTo("shop");
        assertThat(mapping.environment()).isEqualTo("production");
        assertThat(mapping.incidentLabels()).containsExactly("incident");
        assertThatThrownBy(() -> new ConnectionMapping(Map.of(), Set.of("staging")).withDefaults(null, "production"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("environments ");
    }

    @Test
    void optionsAreAnObject_andAreLookedUpByName() {
        ConnectionMapping mapping = ConnectionMapping.DEFAULT.withOptions(
                JsonNodeFactory.instance.objectNode().put("tea", "green"));

        assertThat(mapping.option("tea").text()).isEqualTo("green");
        assertThat(mapping.option("milk").isAbsent()).isTrue();
        assertThat(mapping.option("milk").pointer()).isEqualTo("/options/milk");
        assertThatThrownBy(() -> mapping.withOptions(JsonNodeFactory.instance.arrayNode()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void commitIsOfTheServicesWhoseFilesItTouches() {
        var mapping = ConnectionMapping.DEFAULT.withPaths(List.of(
                ServicePaths.of("acme/mono", "checkout", List.of("services/checkout/**", "lib/**"), List.of("**/*.md")),
                ServicePaths.of("acme/mono", "search", List.of("services/search/**", "lib/**"), List.of())));

        assertThat(mapping.servicesOf("acme/mono", List.of("services/search/a/Query.java")))
                .containsExactly("search");
        assertThat(mapping.servicesOf("acme/mono", List.of("lib/Money.java"))).containsExactly("checkout", "search");
        assertThat(mapping.servicesOf("acme/mono", List.of("lib/README.md"))).containsExactly("search");
        assertThat(mapping.servicesOf("acme/mono", List.of("LICENSE"))).isEmpty();
        assertThat(mapping.servicesOf("acme/mono", List.of("a\0b"))).isEmpty();
        assertThat(mapping.servicesOf("acme/mono", null)).isNull();
        assertThat(mapping.servicesOf("acme/other", List.of("lib/Money.java"))).isNull();
    }

    @Test
    void refusesPathsThatAreNoGlobs() {
        assertThatThrownBy(() -> ServicePaths.of("acme/mono", "checkout", List.of("{a"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("paths must hold globs: \"{a\"");
        assertThatThrownBy(() -> ServicePaths.of("acme/mono", "checkout", List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one glob");
    }

    @Test
    void refusesMoreGlobsThanAreAskedInTime() {
        ServicePaths ten =
                ServicePaths.of("acme/mono", "checkout", Collections.nCopies(6, "a/**"), Collections.nCopies(4, "b"));
        ConnectionMapping.DEFAULT.withPaths(Collections.nCopies(50, ten));

        assertThatThrownBy(() -> ConnectionMapping.DEFAULT.withPaths(Collections.nCopies(51, ten)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("paths must have at most 500 globs: there are 510");
    }

    @Test
    void repositoryMayStandInGroupsOfGroups() {
        var workflow = new DeployWorkflow("acme/shop/checkout", "deploy", "production", null);

        assertThat(new ConnectionMapping(Map.of(), Set.of(), List.of(workflow))
                        .workflow("acme/shop/checkout", "deploy"))
                .contains(workflow);
    }

    @Test
    void refusesWorkflowsThatContradictTheRest() {
        var twice = new DeployWorkflow("acme/checkout", "Deploy", "production", null);

        assertThatThrownBy(() -> new ConnectionMapping(Map.of(), Set.of(), List.of(OWN, twice)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a run is one deployment");
        assertThatThrownBy(() -> new ConnectionMapping(Map.of(), Set.of("production"), List.of(OTHER, OWN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("staging");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "checkout", "acme/*", "acme/check out", "acme/checkout/", "acme//checkout", "**"})
    void refusesWhatIsNoRepository(String repository) {
        assertThatThrownBy(() -> new DeployWorkflow(repository, "Deploy", "production", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("repository");
    }

    @ParameterizedTest
    @CsvSource({"' ',production,shop,workflow", "Deploy,' ',shop,environment", "Deploy,production,' ',service"})
    void refusesBlankNames(String workflow, String environment, String service, String field) {
        assertThatThrownBy(() -> new DeployWorkflow("*", workflow, environment, service))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(field);
    }

    @Test
    void refusesNamesThatAreTooLong() {
        new DeployWorkflow("*", "x".repeat(255), "production", null);
        assertThatThrownBy(() -> new DeployWorkflow("*", "x".repeat(256), "production", null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void travelsWithAJob() throws IOException, ClassNotFoundException {
        var mapping = new ConnectionMapping(Map.of("a/b", "b"), Set.of("staging", "production"), List.of(OWN, ANY))
                .withOptions(JsonNodeFactory.instance.objectNode().put("tea", "green"))
                .withPaths(List.of(ServicePaths.of("a/b", "b", List.of("src/**"), List.of("[!a-c]?.md"))));
        var bytes = new ByteArrayOutputStream();
        try (var out = new ObjectOutputStream(bytes)) {
            out.writeObject(mapping);
        }

        try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(mapping);
        }
    }
}
