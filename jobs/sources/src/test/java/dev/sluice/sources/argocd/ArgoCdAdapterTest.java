package dev.sluice.sources.argocd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Summary;
import dev.sluice.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgoCdAdapterTest {
    private static final String REVISION = "9f2c1e7d5b0a4c3e8d1f6a7b9c0d1e2f3a4b5c6d";
    private static final String NEWER = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    @Test
    void deploymentIsTheCommitThatWasSynced() {
        DeploymentObserved deployment = deployment(app -> {});

        assertThat(deployment.sha()).isEqualTo(REVISION);
        assertThat(deployment.repository()).isEqualTo("shop/checkout-deploy");
        assertThat(deployment.version()).isNull();
        assertThat(deployment.startedAt()).isEqualTo("2026-03-04T10:00:10Z");
        assertThat(deployment.statedKind())
                .as("whether it went back is judged from what ran before")
                .isNull();
    }

    @Test
    void healthThatChangedBeforeTheEndOfTheSyncDoesNotEndIt() {
        assertThat(deployment(app -> health(app).put("lastTransitionTime", "2026-02-01T00:00:00Z"))
                        .header()
                        .occurredAt())
                .isEqualTo("2026-03-04T10:00:55Z");
        assertThat(deployment(app -> health(app).remove("lastTransitionTime"))
                        .header()
                        .occurredAt())
                .isEqualTo("2026-03-04T10:00:55Z");
    }

    @Test
    void whoGotHealthyOnceHasBeenDeployed() {
        DeploymentObserved degraded = deployment(app -> health(app).put("status", "Degraded"));
        DeploymentObserved healthyLater =
                deployment(app -> health(app).put("lastTransitionTime", "2026-03-04T10:20:00Z"));
        DeploymentObserved degradedLater = deployment(
                app -> health(app).put("status", "Degraded").put("lastTransitionTime", "2026-03-05T10:00:00Z"));

        assertThat(DeploymentAttempt.of(List.of(degraded)).result()).isEqualTo(AttemptResult.FAILURE);
        DeploymentAttempt attempt = DeploymentAttempt.of(List.of(degradedLater, degraded, healthyLater));
        assertThat(attempt.result()).isEqualTo(AttemptResult.SUCCESS);
        assertThat(attempt.finishedAt()).isEqualTo("2026-03-04T10:20:00Z");
    }

    @Test
    void notificationForARevisionThatOnlyWaitsTellsOfTheOneThatRuns() {
        Outcome.Events outcome =
                events(app -> sync(app).put("status", "OutOfSync").put("revision", NEWER));

        assertThat(outcome.events()).singleElement().satisfies(event -> {
            assertThat(((DeploymentObserved) event).sha()).isEqualTo(REVISION);
            assertThat(event.header().id())
                    .isEqualTo(deployment(app -> {}).header().id());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Progressing", "Suspended", "Missing", "Unknown"})
    void syncIsNoDeploymentBeforeTheApplicationIsHealthyOrDegraded(String health) {
        assertThat(summary(app -> {
                    health(app).put("status", health);
                    sync(app).put("status", "Unknown");
                }))
                .isEqualTo("IGNORED UNUSED_ACTION");
    }

    @Test
    void syncOfSomeResourcesAndDryRunAreNoDeployments() {
        assertThat(summary(app -> {
                    operation(app).put("startedAt", "2026-03-05T00:00:00Z").put("finishedAt", "2026-03-05T00:00:09Z");
                    sync(app).put("status", "Unknown");
                }))
                .as("the history ends before it")
                .isEqualTo("IGNORED UNUSED_ACTION");
        assertThat(summary(app -> ((ObjectNode) operation(app).at("/operation/sync")).put("dryRun", true)))
                .isEqualTo("IGNORED UNUSED_ACTION");
        assertThat(summary(app -> status(app).remove("operationState"))).isEqualTo("IGNORED UNUSED_ACTION");
        assertThat(summary(app -> status(app).remove("history"))).isEqualTo("IGNORED UNUSED_ACTION");
    }

    @ParameterizedTest
    @CsvSource({
        "Failed, FAILURE",
        "Error, FAILURE",
        "Running, IGNORED UNUSED_ACTION",
        "Terminating, IGNORED UNUSED_ACTION",
        "Exploded, IGNORED UNKNOWN_STATE"
    })
    void phaseDecides(String phase, String outcome) {
        assertThat(summary(app -> operation(app).put("phase", phase))).startsWith(outcome);
    }

    @Test
    void syncThatFailedBeforeItHadAResultIsOfWhatItTried() {
        DeploymentObserved failed = deployment(app -> {
            operation(app).put("phase", "Error").remove("syncResult");
            ((ObjectNode) operation(app).at("/operation/sync")).put("revision", NEWER);
        });

        assertThat(failed.sha()).isEqualTo(NEWER);
        assertThat(failed.deploymentId()).endsWith("#sync-2026-03-04T10:00:10Z");
    }

    @Test
    void applicationOfSeveralSourcesIsAllOfThem() {
        DeploymentObserved deployment = deployment(app -> {
            ObjectNode entry = (ObjectNode) status(app).at("/history/1");
            entry.remove("revision");
            entry.putArray("revisions").add("2.1.0").add(REVISION);
            ArrayNode sources = entry.putArray("sources");
            sources.addObject().put("repoURL", "https://charts.example.test").put("chart", "checkout");
            sources.addObject().put("repoURL", "git@git.example.test:shop/values.git");
        });

        assertThat(deployment.version()).isEqualTo("2.1.0+9f2c1e7d5b0a");
        assertThat(deployment.sha()).isEqualTo(REVISION);
        assertThat(deployment.repository()).isEqualTo("shop/values");
    }

    @Test
    void applicationOfAChartIsTheChartsVersion() {
        DeploymentObserved deployment =
                deployment(app -> ((ObjectNode) status(app).at("/history/1")).put("revision", "2.1.0"));

        assertThat(deployment.version()).isEqualTo("2.1.0");
        assertThat(deployment.sha()).isNull();
        assertThat(deployment.repository()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "https://git.example.test/shop/checkout.git, shop/checkout",
        "https://token@git.example.test:8443/shop/team/checkout/, shop/team/checkout",
        "ssh://git@git.example.test/shop/checkout, shop/checkout",
        "git@git.example.test:shop/checkout.git, shop/checkout",
        "https://charts.example.test, https://charts.example.test",
        "checkout, checkout"
    })
    void repositoryIsCalledAsItsForgeDoes(String url, String repository) {
        assertThat(ArgoRevision.repository(url)).isEqualTo(repository);
    }

    @Test
    void outOfSyncWithWhatWasDeployedIsDrift() {
        DriftChecked drifted = check(app -> {
            sync(app).put("status", "OutOfSync");
            status(app).put("reconciledAt", "2026-03-04T12:00:00Z");
            ArrayNode resources = status(app).putArray("resources");
            resources
                    .addObject()
                    .put("kind", "Deployment")
                    .put("name", "checkout")
                    .put("status", "OutOfSync");
            resources.addObject().put("kind", "Service").put("name", "checkout").put("status", "Synced");
        });
        DriftChecked clean = check(app -> status(app).put("reconciledAt", "2026-03-04T13:00:00Z"));

        assertThat(drifted.drifted()).isTrue();
        assertThat(drifted.header().occurredAt()).isEqualTo("2026-03-04T12:00:00Z");
        assertThat(drifted.checkId()).endsWith("@2026-03-04T12:00:00Z");
        assertThat(drifted.fingerprint()).startsWith("sha256:");
        assertThat(clean.drifted()).isFalse();
        assertThat(clean.fingerprint()).isNull();
        assertThat(clean.resource()).isEqualTo("checkout-production");
    }

    @Test
    void checkIsNoneWhereTheLastSyncDidNotSucceed() {
        assertThat(events(app -> operation(app).put("phase", "Failed")).events())
                .noneMatch(DriftChecked.class::isInstance);
        assertThat(events(app -> sync(app).put("status", "Unknown")).events())
                .noneMatch(DriftChecked.class::isInstance);
    }

    @Test
    void checkOfAnApplicationThatWasNeverReconciledIsTheDeliverys() {
        DriftChecked check = check(app -> {});

        assertThat(check.header().occurredAt()).isEqualTo(Deliveries.LATE);
        assertThat(check.checkId()).endsWith("@key-1");
    }

    @Test
    void namesAreLabelsThenTheConnectionsThenTheApplications() {
        Consumer<ObjectNode> bare = app -> ((ObjectNode) app.path("metadata")).remove("labels");
        ConnectionMapping labels = ConnectionMapping.DEFAULT.withOptions(
                Documents.read("{\"service_label\": \"team\", \"environment_label\": \"stage\"}")
                        .node());
        Consumer<ObjectNode> labelled = app -> ((ObjectNode) app.path("metadata"))
                .putObject("labels")
                .put("team", "cart")
                .put("stage", "eu");

        assertThat(summary(bare)).contains(" checkout-production shop 2026");
        assertThat(Summary.of(adapt(bare, new ConnectionMapping(Map.of("checkout-production", "checkout"), Set.of()))))
                .contains(" checkout shop 2026");
        assertThat(Summary.of(adapt(bare, ConnectionMapping.DEFAULT.withDefaults("platform", "production"))))
                .contains(" platform production 2026");
        assertThat(Summary.of(adapt(labelled, labels))).contains(" cart eu 2026");
        assertThat(Summary.of(adapt(app -> {}, ConnectionMapping.DEFAULT.withDefaults("platform", "staging"))))
                .contains(" checkout production 2026");
        assertThat(Summary.of(adapt(app -> {}, new ConnectionMapping(Map.of(), Set.of("staging")))))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
    }

    @Test
    void applicationMayStandAlone() throws Exception {
        JsonNode notification = Json.mapper().readTree(Deliveries.payload("argocd/notification_on_deployed.json"));

        assertThat(adapt(Json.bytes(notification.path("app")), ConnectionMapping.DEFAULT))
                .isEqualTo(adapt(app -> {}, ConnectionMapping.DEFAULT));
    }

    @Test
    void notificationWithoutAnApplicationIsRefused() {
        assertThat(Summary.of(adapt(Deliveries.bytes("{\"message\": \"synced\"}"), ConnectionMapping.DEFAULT)))
                .isEqualTo("MALFORMED MISSING_FIELD /app");
    }

    private static ObjectNode status(ObjectNode app) {
        return (ObjectNode) app.path("status");
    }

    private static ObjectNode sync(ObjectNode app) {
        return (ObjectNode) status(app).path("sync");
    }

    private static ObjectNode health(ObjectNode app) {
        return (ObjectNode) status(app).path("health");
    }

    private static ObjectNode operation(ObjectNode app) {
        return (ObjectNode) status(app).path("operationState");
    }

    private static DeploymentObserved deployment(Consumer<ObjectNode> change) {
        return one(change, DeploymentObserved.class);
    }

    private static DriftChecked check(Consumer<ObjectNode> change) {
        return one(change, DriftChecked.class);
    }

    private static <T extends DeliveryEvent> T one(Consumer<ObjectNode> change, Class<T> type) {
        return events(change).events().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    private static Outcome.Events events(Consumer<ObjectNode> change) {
        Outcome outcome = adapt(change, ConnectionMapping.DEFAULT);
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        return (Outcome.Events) outcome;
    }

    private static String summary(Consumer<ObjectNode> change) {
        return Summary.of(adapt(change, ConnectionMapping.DEFAULT));
    }

    /** Changes the application of the notification that it was deployed. */
    private static Outcome adapt(Consumer<ObjectNode> change, ConnectionMapping mapping) {
        JsonNode notification = Documents.read(Deliveries.payload("argocd/notification_on_deployed.json"))
                .node();
        change.accept((ObjectNode) notification.path("app"));
        return adapt(Json.bytes(notification), mapping);
    }

    private static Outcome adapt(byte[] body, ConnectionMapping mapping) {
        return new ArgoCdAdapter(connection -> mapping).adapt(Deliveries.late("argocd", Map.of(), body));
    }
}
