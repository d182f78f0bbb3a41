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
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
            Map.entry("controllerrevisions", "ControllerRevision"),
            Map.entry("rollouts", "Rollout"),
            Map.entry("experiments", "Experiment"),
            Map.entry("analysisruns", "AnalysisRun"),
            Map.entry("analysistemplates", "AnalysisTemplate"),
            Map.entry("clusteranalysistemplates", "ClusterAnalysisTemplate"));

    /** What those who are not asked about make pods of, or what describes pods. They are safe where all of it was asked about. */
    private static final Map<String, Set<String>> MADE_OF = Map.of(
            "system:kube-controller-manager",
            Set.of(
                    "deployments",
                    "replicasets",
                    "replicationcontrollers",
                    "statefulsets",
                    "daemonsets",
                    "controllerrevisions",
                    "jobs",
                    "cronjobs"),
            "system:serviceaccount:kube-system:deployment-controller",
            Set.of("deployments"),
            "system:serviceaccount:kube-system:replicaset-controller",
            Set.of("replicasets"),
            "system:serviceaccount:kube-system:replication-controller",
            Set.of("replicationcontrollers"),
            "system:serviceaccount:kube-system:statefulset-controller",
            Set.of("statefulsets", "controllerrevisions"),
            "system:serviceaccount:kube-system:daemon-set-controller",
            Set.of("daemonsets", "controllerrevisions"),
            "system:serviceaccount:kube-system:job-controller",
            Set.of("jobs"),
            "system:serviceaccount:kube-system:cronjob-controller",
            Set.of("cronjobs"),
            "system:serviceaccount:argo-rollouts:argo-rollouts",
            Set.of("rollouts", "experiments", "analysisruns", "analysistemplates", "clusteranalysistemplates"));

    private static final String POD = "{\"spec\": {\"containers\": [{\"image\": \"a\"}]}}";

    /** Has an image wherever an object of some kind has it. */
    private static JsonNode object() throws IOException {
        return Json.mapper().readTree("""
                {"spec": {"containers": [{"image": "a"}], "template": POD, "jobTemplate": {"spec": {"template": POD}},
                          "templates": [{"template": POD}],
                          "metrics": [{"provider": {"job": {"spec": {"template": POD}}}}]},
                 "data": {"spec": {"template": POD}}}""".replace("POD", POD));
    }

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
            for (JsonNode resource : rule.path("resources")) {
                resources.add(resource.asText());
                String kind = KINDS.getOrDefault(resource.asText(), "");
                String group = rule.at("/apiGroups/0").asText();
                assertThat(PodImages.of(group, kind, object()))
                        .as(resource.asText())
                        .contains(Set.of("a"));
                assertThat(rule.path("scope").asText())
                        .as(resource.asText())
                        .isEqualTo(PodImages.isOfAllNamespaces(group, kind) ? "Cluster" : "Namespaced");
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
        assertThat(Pattern.compile("'([^']+)'")
                        .matcher(condition.path("expression").asText())
                        .results()
                        .map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(MADE_OF.keySet());
        var asked = new HashSet<String>();
        for (JsonNode rule : WEBHOOK.path("rules")) {
            for (JsonNode resource : rule.path("resources")) {
                asked.add(resource.asText());
                for (String account : MADE_OF.keySet()) {
                    assertThat(program.eval(request(account, rule, resource)))
                            .as(account + " and " + resource)
                            .isEqualTo(false);
                }
                for (String other : List.of(
                        "ann",
                        "",
                        "system:serviceaccount:shop:deployer",
                        "system:serviceaccount:shop:replicaset-controller",
                        "system:serviceaccount:shop:argo-rollouts",
                        "system:serviceaccount:kube-system:default",
                        "system:kube-controller-manager2")) {
                    assertThat(program.eval(request(other, rule, resource)))
                            .as(other + " and " + resource)
                            .isEqualTo(true);
                }
            }
        }
        MADE_OF.forEach((account, sources) -> assertThat(asked)
                .as(account + " runs images of these, so nobody else may make them unasked")
                .containsAll(sources));
    }

    private static Map<String, Object> request(String user, JsonNode rule, JsonNode resource) {
        return Map.of(
                "request",
                Map.of(
                        "userInfo",
                        Map.of("username", user),
                        "resource",
                        Map.of("group", rule.at("/apiGroups/0").asText(), "resource", resource.asText())));
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

    private static Optional<Set<String>> analysis(String metrics) throws IOException {
        return PodImages.of(
                "argoproj.io",
                "AnalysisRun",
                Json.mapper()
                        .readTree("{\"spec\":{\"metrics\":"
                                + metrics.replace('\'', '"').replace("POD", POD) + "}}"));
    }

    @Test
    void anAnalysisRunsTheImagesOfItsJobs_andMayRunNone() throws IOException {
        assertThat(analysis("null")).contains(Set.of());
        assertThat(analysis("[]")).contains(Set.of());
        assertThat(analysis("[{'name':'m','provider':{'web':{'url':'https://{{args.host}}/x'}}}]"))
                .contains(Set.of());
        assertThat(analysis("[{'provider':{'web':{}}},{'provider':{'job':{'spec':{'template':POD}}}}]"))
                .contains(Set.of("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "'x'",
                "['x',{'provider':'job'}]",
                "[{'provider':{'job':{}}}]",
                "[{'provider':{'job':'x'}}]",
                "[{'provider':{'job':{'spec':{'template':{'spec':{'containers':[]}}}}}}]",
                "[{'provider':{'job':{'spec':{'template':{'spec':{'containers':[{'image':'{{args.image}}'}]}}}}}}]",
                "[{'provider':{'job':{'spec':{'template':{'spec':{'containers':[{'image':'a:{{args.tag}}'}]}}}}}}]",
                "[{'name':'{{args.x','provider':{'web':{'jsonBody':{'y':'}}'}}}}]",
                "[{'provider':{'web':{'jsonBody':{'{{args.x':'}}'}}}}]",
                "[{'name':'{{ {{args.x}}','provider':{}}]"
            })
    void anAnalysisWhoseImagesCannotBeToldForSureHasNone(String metrics) throws IOException {
        assertThat(analysis(metrics)).isEmpty();
    }

    @Test
    void anExperimentRunsTheImagesOfAllItsTemplates() throws IOException {
        for (String templates : List.of("null", "[]", "{}", "[{}]", "[{'template':POD},{'template':{}}]")) {
            assertThat(PodImages.of(
                            "argoproj.io",
                            "Experiment",
                            Json.mapper()
                                    .readTree("{\"spec\":{\"templates\":"
                                            + templates.replace('\'', '"').replace("POD", POD) + "}}")))
                    .as(templates)
                    .isEmpty();
        }
    }
}
