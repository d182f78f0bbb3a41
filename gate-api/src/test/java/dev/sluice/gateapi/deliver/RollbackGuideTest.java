package dev.sluice.gateapi.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.ControllerFiles;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.gateapi.secrets.SecretReference;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.rollback.DeliveryReport.Outcome;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the roles in docs/guides/rollback.md to what is asked of the API of Kubernetes. */
class RollbackGuideTest {
    private static final Path GUIDE = Path.of(System.getProperty("sluice.root"), "docs", "guides", "rollback.md");
    private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern PATH =
            Pattern.compile("/apis/([^/]+)/[^/]+/namespaces/shop/([a-z]+)(?:/([a-z]+)(/status)?)?");
    private static final Map<String, String> VERBS = Map.of("GET", "get", "PATCH", "patch");

    @Test
    void theRoleForADeploymentIsWhatIsAskedFor() throws IOException {
        assertThat(allowed("sluice-rollback-deployment"))
                .isEqualTo(asked(Endpoint.Kind.KUBERNETES_DEPLOYMENT, "deployment"));
    }

    @Test
    void theRoleForARolloutIsWhatIsAskedFor() throws IOException {
        assertThat(allowed("sluice-rollback-rollout")).isEqualTo(asked(Endpoint.Kind.ARGO_ROLLOUT, "rollout"));
    }

    /** Returns what a role of the guide allows, such as {@code get apps/deployments checkout}. */
    private static Set<String> allowed(String name) throws IOException {
        Set<String> allowed = new TreeSet<>();
        Matcher found = YAML.matcher(Files.readString(GUIDE));
        while (found.find()) {
            JsonNode role = ControllerFiles.parsed(found.group(1));
            if (role.at("/metadata/name").asText().equals(name)) {
                assertThat(role.path("kind").asText()).isEqualTo("Role");
                assertThat(role.at("/metadata/namespace").asText()).isEqualTo("shop");
                role.path("rules").forEach(rule -> add(rule, allowed));
            }
        }
        return allowed;
    }

    private static void add(JsonNode rule, Set<String> allowed) {
        for (JsonNode verb : rule.path("verbs")) {
            allowed.add(verb.asText() + " " + rule.at("/apiGroups/0").asText() + "/"
                    + rule.at("/resources/0").asText() + " "
                    + rule.at("/resourceNames/0").asText());
        }
    }

    /** Returns what is asked for when an order is carried out, and when a canary is ended. */
    private static Set<String> asked(Endpoint.Kind kind, String setting) {
        var endpoint = new Endpoint(
                kind,
                URI.create("https://kubernetes.example.org"),
                new TreeMap<>(Map.of("namespace", "shop", setting, "checkout", "container", "checkout")),
                new SecretReferences(new SecretReference(false, "SLUICE_SECRET_TOKEN"), null));
        Set<String> asked = new TreeSet<>();
        for (Message message : List.of(
                Orders.back(Orders.version("2"), Orders.version("1")), Orders.abort("2", Orders.version("1")))) {
            Answer answer = kind.protocol()
                    .tell(
                            endpoint,
                            message,
                            List.of("token".getBytes(StandardCharsets.US_ASCII)),
                            Orders.NOON,
                            request -> CompletableFuture.completedFuture(heard(request, asked)))
                    .join();
            assertThat(answer.outcome()).isEqualTo(Outcome.ACKNOWLEDGED);
        }
        return asked;
    }

    private static OutboundAnswer heard(OutboundRequest request, Set<String> asked) {
        Matcher path = PATH.matcher(request.url().getPath());
        assertThat(path.matches()).as(request.url().getPath()).isTrue();
        boolean isList = path.group(3) == null;
        asked.add((isList ? "list" : VERBS.get(request.method())) + " " + path.group(1) + "/" + path.group(2)
                + (path.group(4) == null ? "" : path.group(4)) + " " + (isList ? "" : path.group(3)));
        return new OutboundAnswer(
                200, Optional.empty(), (isList ? list() : workload()).getBytes(StandardCharsets.UTF_8));
    }

    private static String workload() {
        return "{\"metadata\": {\"uid\": \"u\", \"resourceVersion\": \"7\"}, \"spec\": {\"selector\": {\"matchLabels\": {\"app\": \"checkout\"}},"
                + "\"template\": {\"spec\": {\"containers\": [{\"name\": \"checkout\", \"image\": \"checkout:2\"}]}}}}";
    }

    private static String list() {
        return "{\"items\": [{\"metadata\": {\"ownerReferences\": [{\"uid\": \"u\", \"controller\": true}]},"
                + "\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"checkout\", \"image\": \"checkout:1\"}]}}}}]}";
    }
}
