package dev.sluice.gateapi.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.egress.EgressRules;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    private static final SecretPlaces PLACES =
            SecretPlaces.ofApi(null, Map.of("SLUICE_SECRET_TOKEN", "hush-0123456789"));

    private static ObjectNode body(String settings) {
        String text = "{\"url\": \"https://deployer.example.org/\", \"secret_env\": \"SLUICE_SECRET_TOKEN\", "
                + settings + "}";
        return Json.read(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8), ObjectNode.class);
    }

    private static Optional<Endpoint> read(ObjectNode body) {
        return Endpoint.read(Members.of(body), body, EgressRules.publicOnly(), PLACES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'kind': 'argo-rollout', 'namespace': 'shop', 'rollout': 'checkout.v2', 'container': 'checkout'",
                "'kind': 'kubernetes-deployment', 'namespace': 'shop', 'deployment': 'checkout', 'container': 'a-b'",
                "'kind': 'argo-cd', 'application': 'checkout-production'",
                "'kind': 'nomad', 'namespace': 'default', 'job': 'checkout', 'task': 'server_1'",
                "'kind': 'gitlab-job-retry', 'project': 'acme/checkout', 'environment': 'review/$a {b}'"
            })
    void isShownAsItIsSetUp(String settings) {
        ObjectNode body = body(settings);
        Endpoint endpoint = read(body).orElseThrow();

        assertThat(endpoint.json()).isEqualTo(body);
        assertThat(endpoint.takesMessages()).isFalse();
        assertThat(endpoint.toString()).doesNotContain("hush", "SLUICE_SECRET");
        assertThat(Endpoint.of(new Control(
                        "default", Control.ENDPOINT, "deployer", "ann", Orders.NOON, false, endpoint.json())))
                .isEqualTo(endpoint);
    }

    @ParameterizedTest
    @CsvSource({
        "namespace, ..",
        "namespace, Shop",
        "namespace, a.b",
        "namespace, a/b",
        "deployment, a/b",
        "deployment, ../secrets",
        "deployment, -a",
        "deployment, a?b",
        "deployment, a%2fb",
        "container, a.b",
        "container, 'a b'"
    })
    void aNameThatWouldChangeThePathIsNone(String setting, String value) {
        ObjectNode body = body(
                "'kind': 'kubernetes-deployment', 'namespace': 'shop', 'deployment': 'checkout', 'container': 'checkout'");

        assertThat(read(body)).isPresent();
        assertThat(read(body.put(setting, value))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'kind': 'argo-rollout', 'namespace': 'shop', 'rollout': 'checkout'",
                "'kind': 'argo-cd', 'application': 'a/b'",
                "'kind': 'argo-cd', 'application': '..'",
                "'kind': 'nomad', 'namespace': '*', 'job': 'checkout', 'task': 'server'",
                "'kind': 'nomad', 'namespace': 'default', 'job': 'a/b', 'task': 'server'",
                "'kind': 'gitlab-job-retry', 'project': 'acme/checkout', 'environment': 'a&status=failed'"
            })
    void whatIsMissingOrNoNameIsWrong(String settings) {
        assertThat(read(body(settings))).isEmpty();
    }

    @Test
    void gitlabHasAUsualServer_andKubernetesNone() {
        ObjectNode gitlab = body("'kind': 'gitlab-job-retry', 'project': '7', 'environment': 'production'");
        gitlab.remove("url");
        assertThat(read(gitlab).map(Endpoint::shownUrl)).contains("https://gitlab.com/...");

        ObjectNode cluster = body("'kind': 'argo-cd', 'application': 'checkout'");
        cluster.remove("url");
        assertThat(read(cluster)).isEmpty();
    }

    @Test
    void aUrlThatAPathIsAddedToHasNoQuery() {
        ObjectNode webhook = body("'kind': 'spinnaker-webhook'").put("url", "https://gate.example.org/webhook?team=a");
        ObjectNode application =
                body("'kind': 'argo-cd', 'application': 'checkout'").put("url", "https://argo.example.org/?team=a");

        assertThat(read(webhook)).isPresent();
        assertThat(read(application)).isEmpty();
    }
}
