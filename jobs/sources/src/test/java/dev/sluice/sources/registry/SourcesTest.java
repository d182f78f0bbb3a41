package dev.sluice.sources.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.AttemptResult;
import dev.sluice.delivery.DeploymentAttempt;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Summary;
import dev.sluice.sources.corrections.CorrectionEvent;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourcesTest {
    private static final Pattern REFERENCE_EXAMPLE = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);

    @Test
    void deliveryGoesToTheAdapterOfItsSource() {
        Sources sources = Sources.of(Map.of());

        assertThat(sources.names())
                .containsExactlyInAnyOrder(
                        Sources.CLOUDEVENTS,
                        Sources.GITHUB,
                        Sources.GITLAB,
                        Sources.ALERTMANAGER,
                        Sources.ARGOCD,
                        Sources.JSON,
                        Sources.PAGERDUTY,
                        Sources.TERRAFORM,
                        Sources.CORRECTIONS);
        assertThat(Summary.of(sources.adapt(
                        Deliveries.github("deployment", Deliveries.payload("github/deployment_created.json")))))
                .startsWith("QUEUED github/acme/checkout#600200 acme/checkout");
        assertThat(Summary.of(sources.adapt(Deliveries.gitlab(Deliveries.payload("gitlab/deployment_running.json")))))
                .startsWith("STARTED gitlab/acme/shop/checkout#615 acme/shop/checkout");
        assertThat(Summary.of(sources.adapt(Deliveries.cloudEvent(Deliveries.bytes(
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"example.thing\"}")))))
                .isEqualTo("IGNORED UNKNOWN_EVENT");
    }

    @Test
    void everySenderOfWebhooksHasAnAdapter() {
        assertThat(Sources.of(Map.of()).names()).containsAll(Webhooks.names());
        assertThat(Webhooks.names())
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(Webhooks.find(name))
                        .hasValueSatisfying(
                                sender -> assertThat(sender.source()).isEqualTo(name)));
        assertThat(Webhooks.find("semaphore")).isEmpty();
    }

    @Test
    void correctionIsNoneWhereItComesAsACloudEvent() throws IOException {
        byte[] body = CorrectionEvent.of(
                "1",
                Instant.parse("2026-03-01T12:00:00Z"),
                Json.mapper()
                        .readTree(Deliveries.corrections()
                                .resolve("valid/deployment_deleted.json")
                                .toFile()));
        Sources sources = Sources.of(Map.of());

        assertThat(Summary.of(sources.adapt(Deliveries.correction(body)))).startsWith("DELETED ");
        assertThat(Summary.of(sources.adapt(Deliveries.cloudEvent(body)))).isEqualTo("IGNORED UNKNOWN_EVENT");
    }

    @Test
    void mappingIsThatOfTheConnection() {
        Sources sources = Sources.of(Map.of(
                "acme-github", new ConnectionMapping(Map.of("acme/checkout", "shop"), Set.of()),
                "other", new ConnectionMapping(Map.of("acme/checkout", "wrong"), Set.of())));

        assertThat(Summary.of(sources.adapt(
                        Deliveries.github("deployment", Deliveries.payload("github/deployment_created.json")))))
                .startsWith("QUEUED github/acme/checkout#600200 shop");
    }

    @Test
    void everyExampleOfTheReferenceGivesAnEvent() throws IOException {
        Sources sources = Sources.of(Map.of());

        assertThat(examples())
                .extracting(json -> Summary.of(sources.adapt(Deliveries.cloudEvent(Deliveries.bytes(json)))))
                .containsExactly(
                        "SUCCESS https://ci.acme.example/run-77 checkout production 2026-03-01T12:04:00Z",
                        "commit acme/checkout 6dcb09b EXPLICIT[553c207] 2026-03-01T09:00:00Z",
                        "incident DETECTED https://pager.acme.example/INC-8 checkout production 2026-03-01T12:20:00Z",
                        "incident DETECTED /monitoring/prod1/alert-77 checkout production 2026-03-01T12:20:00Z",
                        "pull request MERGED acme/checkout#1204 2026-03-01T10:00:00Z",
                        "pull request MERGED acme/checkout#1204 2026-03-01T10:00:00Z",
                        "drift checkout production terraform/checkout 2026-03-01T06:00:00Z",
                        "FAILURE github/acme/checkout#600200 checkout production 2026-03-01T12:03:20Z");
    }

    @Test
    void everyExampleOfTheCatalogueGuideGivesAnEvent() throws IOException {
        Sources sources = Sources.of(Map.of());

        assertThat(examples("docs/guides/catalogue.md"))
                .extracting(json -> Summary.of(sources.adapt(Deliveries.cloudEvent(Deliveries.bytes(json)))))
                .containsExactly(
                        "service checkout Europe/Berlin PT24H", "SERVICE_TEAM checkout payments from 2026-03-01");
    }

    @Test
    void documentedCorrectionMeetsTheAttemptThatItCorrects() throws IOException {
        String json = examples().stream()
                .filter(example -> example.contains("\"fix-1\""))
                .findFirst()
                .orElseThrow();
        Sources sources = Sources.of(Map.of());

        DeploymentObserved wrong = deployment(sources.adapt(
                Deliveries.github("deployment_status", Deliveries.payload("github/deployment_status_success.json"))));
        DeploymentObserved correction = deployment(sources.adapt(Deliveries.cloudEvent(Deliveries.bytes(json))));

        assertThat(correction.deploymentId()).isEqualTo(wrong.deploymentId());
        assertThat(EventCodec.key(correction)).isEqualTo(EventCodec.key(wrong));
        assertThat(DeploymentAttempt.of(List.of(wrong, correction)).result()).isEqualTo(AttemptResult.FAILURE);
        assertThat(DeploymentAttempt.of(List.of(correction, wrong)).sha()).isEqualTo(wrong.sha());
    }

    @Test
    void everyReasonIsDocumented() throws IOException {
        assertThat(Stream.of(Reason.values()).map(reason -> "`" + reason + "`"))
                .allSatisfy(name -> assertThat(reference()).contains(name));
    }

    @Test
    void unknownSourceIsMalformed() {
        assertThat(Sources.of(Map.of())
                        .adapt(Deliveries.delivery("semaphore", "c", "push", "application/json", new byte[0])))
                .isEqualTo(new Outcome.Malformed(
                        Reason.UNKNOWN_SOURCE, "no adapter understands the source semaphore", null));
    }

    private static List<String> examples() throws IOException {
        return examples("docs/reference/sources.md");
    }

    private static List<String> examples(String document) throws IOException {
        return REFERENCE_EXAMPLE
                .matcher(text(document))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static String reference() throws IOException {
        return text("docs/reference/sources.md");
    }

    private static String text(String document) throws IOException {
        return Files.readString(Path.of(System.getProperty("sluice.root"), document));
    }

    private static DeploymentObserved deployment(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        return (DeploymentObserved) ((Outcome.Events) outcome).events().get(0);
    }
}
