package dev.sluice.gateapi.callers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.types.SimpleType;
import dev.sluice.gateapi.callers.ControllerFiles;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.pipelines.PipelineFiles;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the files of deploy/controllers/kubernetes to the keys that Kubernetes documents, and to what Sluice does. */
class KubernetesFilesTest {
    private static final JsonNode WEBHOOKS = ControllerFiles.read("kubernetes/validating-webhook.yaml");
    private static final JsonNode WEBHOOK = WEBHOOKS.at("/webhooks/0");

    /** The kinds of the resources that the webhook is asked about. */
    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("pods", "Pod"),
            Map.entry("pods/ephemeralcontainers", "Pod"),
            Map.entry("replicationcontrollers", "ReplicationController"),
            Map.entry("deployments", "Deployment"),
            Map.entry("statefulsets", "StatefulSet"),
            Map.entry("daemonsets", "DaemonSet"),
            Map.entry("replicasets", "ReplicaSet"),
            Map.entry("jobs", "Job"),
            Map.entry("cronjobs", "CronJob"),
            Map.entry("rollouts", "Rollout"));

    private static void hasOnly(JsonNode mapping, String... keys) {
        var names = new ArrayList<String>();
        mapping.fieldNames().forEachRemaining(names::add);
        assertThat(mapping.isObject()).isTrue();
        assertThat(Set.of(keys)).containsAll(names);
    }

    @Test
    void theWebhookHasWhatWebhooksHave_andFailsClosed() {
        hasOnly(WEBHOOKS, "apiVersion", "kind", "metadata", "webhooks");
        assertThat(WEBHOOKS.path("apiVersion").asText()).isEqualTo("admissionregistration.k8s.io/v1");
        assertThat(WEBHOOKS.path("kind").asText()).isEqualTo("ValidatingWebhookConfiguration");
        assertThat(WEBHOOKS.path("webhooks")).hasSize(1);
        hasOnly(
                WEBHOOK,
                "name",
                "clientConfig",
                "rules",
                "failurePolicy",
                "matchPolicy",
                "namespaceSelector",
                "objectSelector",
                "sideEffects",
                "timeoutSeconds",
                "admissionReviewVersions",
                "matchConditions");
        assertThat(WEBHOOK.path("name").asText().split("\\.", -1)).hasSizeGreaterThanOrEqualTo(3);
        hasOnly(WEBHOOK.path("clientConfig"), "service", "caBundle");
        hasOnly(WEBHOOK.at("/clientConfig/service"), "namespace", "name", "path", "port");
        assertThat(WEBHOOK.at("/clientConfig/service/path").asText())
                .matches("/v1/kubernetes-clusters/[a-z0-9-]+/admission");
        assertThat(WEBHOOK.path("failurePolicy").asText()).isEqualTo("Fail");
        assertThat(WEBHOOK.path("matchPolicy").asText()).isEqualTo("Equivalent");
        assertThat(WEBHOOK.path("sideEffects").asText()).isEqualTo("None");
        assertThat(WEBHOOK.path("timeoutSeconds").intValue()).isBetween(2, 30);
        assertThat(WEBHOOK.at("/admissionReviewVersions/0").asText()).isEqualTo("v1");
        assertThat(WEBHOOK.has("objectSelector"))
                .as("whoever makes an object chooses its labels")
                .isFalse();
    }

    @Test
    void itLeavesOutWhatMustStartFirst() {
        JsonNode selector = WEBHOOK.path("namespaceSelector");
        hasOnly(selector, "matchExpressions");
        assertThat(selector.path("matchExpressions")).hasSize(1);
        hasOnly(selector.at("/matchExpressions/0"), "key", "operator", "values");
        assertThat(selector.at("/matchExpressions/0/key").asText()).isEqualTo("kubernetes.io/metadata.name");
        assertThat(selector.at("/matchExpressions/0/operator").asText()).isEqualTo("NotIn");
        assertThat(selector.at("/matchExpressions/0/values"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "kube-system",
                        WEBHOOK.at("/clientConfig/service/namespace").asText());
    }

    @Test
    void itAsksAboutKindsWhoseImagesAreRead() throws IOException {
        var resources = new HashSet<String>();
        for (JsonNode rule : WEBHOOK.path("rules")) {
            hasOnly(rule, "apiGroups", "apiVersions", "resources", "operations", "scope");
            assertThat(rule.path("operations")).extracting(JsonNode::asText).containsExactly("CREATE", "UPDATE");
            assertThat(rule.path("scope").asText()).isEqualTo("Namespaced");
            for (JsonNode resource : rule.path("resources")) {
                resources.add(resource.asText());
                String kind = KINDS.getOrDefault(resource.asText(), "");
                JsonNode object = Json.mapper().readTree("""
                        {"spec": {"containers": [{"image": "a"}], "template": {"spec": {"containers": [{"image": "a"}]}},
                         "jobTemplate": {"spec": {"template": {"spec": {"containers": [{"image": "a"}]}}}}}}""");
                assertThat(PodImages.of(rule.at("/apiGroups/0").asText(), kind, object))
                        .as(resource.asText())
                        .contains(Set.of("a"));
            }
        }
        assertThat(resources).isEqualTo(KINDS.keySet());
    }

    @Test
    void onlyTheControllersOfTheClusterAreNotAskedAbout() throws Exception {
        assertThat(WEBHOOK.path("matchConditions")).hasSize(1);
        JsonNode condition = WEBHOOK.at("/matchConditions/0");
        hasOnly(condition, "name", "expression");
        assertThat(condition.path("name").asText()).matches("[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?");
        Cel cel =
                CelFactory.plannerCelBuilder().addVar("request", SimpleType.DYN).build();
        var program = cel.createProgram(
                cel.compile(condition.path("expression").asText()).getAst());
        for (String asked : List.of(
                "ann",
                "",
                "system:serviceaccount:shop:deployer",
                "system:serviceaccount:shop:replicaset-controller",
                "system:serviceaccount:kube-system:default",
                "system:kube-controller-manager2")) {
            assertThat(program.eval(Map.of("request", Map.of("userInfo", Map.of("username", asked)))))
                    .as(asked)
                    .isEqualTo(true);
        }
        assertThat(program.eval(Map.of(
                        "request",
                        Map.of(
                                "userInfo",
                                Map.of("username", "system:serviceaccount:kube-system:replicaset-controller")))))
                .isEqualTo(false);
    }

    @Test
    void theFilesOfTheApiServerNameEachOtherAndTheService() {
        JsonNode configuration = ControllerFiles.read("kubernetes/admission-configuration.yaml");
        hasOnly(configuration, "apiVersion", "kind", "plugins");
        assertThat(configuration.path("apiVersion").asText()).isEqualTo("apiserver.config.k8s.io/v1");
        assertThat(configuration.path("kind").asText()).isEqualTo("AdmissionConfiguration");
        hasOnly(configuration.at("/plugins/0"), "name", "configuration");
        assertThat(configuration.at("/plugins/0/name").asText()).isEqualTo("ValidatingAdmissionWebhook");
        hasOnly(configuration.at("/plugins/0/configuration"), "apiVersion", "kind", "kubeConfigFile");
        assertThat(configuration.at("/plugins/0/configuration/kind").asText())
                .isEqualTo("WebhookAdmissionConfiguration");

        JsonNode kubeconfig = ControllerFiles.read("kubernetes/kubeconfig.yaml");
        hasOnly(kubeconfig, "apiVersion", "kind", "users");
        hasOnly(kubeconfig.at("/users/0"), "name", "user");
        hasOnly(kubeconfig.at("/users/0/user"), "token");
        JsonNode service = WEBHOOK.at("/clientConfig/service");
        assertThat(kubeconfig.at("/users/0/name").asText())
                .isEqualTo(service.path("name").asText() + "."
                        + service.path("namespace").asText() + ".svc");
    }

    @Test
    void theClusterCanBeSetUp_andIsReadBackAsItIs() {
        JsonNode json = ControllerFiles.read("kubernetes/cluster.json");
        Members body = Members.of(json);

        Cluster cluster = Cluster.read(json, body);

        body.requireRight();
        assertThat(cluster.namespaces()).containsEntry("shop", new Cluster.Place("production", "production"));
        ObjectNode kept = cluster.json();
        assertThat(Cluster.of(kept)).isEqualTo(cluster);
        assertThat(Cluster.of(kept).json()).isEqualTo(kept);
    }

    @Test
    void theGuideCallsWhatIsThere() throws IOException {
        String guide = Files.readString(
                Path.of(System.getProperty("sluice.root"), "docs", "guides", "kubernetes-admission.md"));
        String script = PipelineFiles.text("sh/sluice-gate.sh");
        String called = guide.substring(guide.indexOf("sh sluice-gate.sh"), guide.indexOf("kubectl set image"));
        assertThat(Pattern.compile("--[a-z-]+").matcher(called).results().map(found -> found.group()))
                .containsExactly("--service", "--environment", "--digest")
                .allSatisfy(option -> assertThat(script).contains("    " + option + ") "));
        assertThat(Pattern.compile("deploy/controllers/kubernetes/[a-z.-]+")
                        .matcher(guide)
                        .results()
                        .map(found -> found.group().replaceFirst(".*/", "")))
                .contains("cluster.json", "validating-webhook.yaml", "admission-configuration.yaml", "kubeconfig.yaml")
                .allSatisfy(file ->
                        assertThat(ControllerFiles.text("kubernetes/" + file)).isNotBlank());
    }

    @Test
    void aReferenceOfAnImageIsTakenApart() {
        String digest = "sha256:" + "a".repeat(64);
        assertThat(ImageReference.repository("r:5000/a/b:1@" + digest)).isEqualTo("r:5000/a/b");
        assertThat(ImageReference.repository("r:5000/a/b")).isEqualTo("r:5000/a/b");
        assertThat(ImageReference.repository("b:1")).isEqualTo("b");
        assertThat(ImageReference.digest("r:5000/a/b:1@" + digest)).contains(digest);
        assertThat(ImageReference.digest("b@sha512:" + "b".repeat(128))).isPresent();
        assertThat(ImageReference.digest("b@sha256:" + "b".repeat(128))).isEmpty();
        assertThat(ImageReference.digest("b:1")).isEmpty();
    }

    @Test
    void anAnswerIsOneLine_andItsWarningsAreShort() {
        var admission = new Admission(
                "allowed", true, 200, "a\nb\u001b[2J\u202ec" + "x".repeat(2_000), List.of("y".repeat(300)), List.of());

        JsonNode response = admission.json("u").path("response");
        assertThat(response.at("/status/message").asText())
                .startsWith("a b [2J c")
                .hasSize(1_000);
        assertThat(response.at("/warnings/0").asText()).hasSize(120);
        assertThat(response.at("/auditAnnotations/reason").asText()).doesNotContain("\n");
    }
}
