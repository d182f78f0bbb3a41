package dev.sluice.gateapi.callers.argo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.canary.CanaryState;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.gateapi.callers.ControllerFiles;
import dev.sluice.gateapi.callers.RunFixture;
import dev.sluice.gateapi.callers.argo.MetricModel.Counts;
import dev.sluice.gateapi.callers.argo.MetricModel.Phase;
import dev.sluice.gateapi.document.ApiDocument;
import dev.sluice.gateapi.document.DocumentSchemas;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.registry.Sources;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.EventSchemas;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files for Argo Rollouts do what the guide says, by a model of how Argo Rollouts reads them. */
class ArgoFilesTest {
    private static final String SINCE_18 = "argo/analysis-template.yaml";
    private static final String BEFORE_18 = "argo/analysis-template-before-1.8.yaml";
    private static final DocumentSchemas SCHEMAS =
            new DocumentSchemas(ApiDocument.load().json());
    private static final Pattern ARGUMENT = Pattern.compile("\\{\\{args\\.([a-z]+)}}");
    private static final Pattern EXPRESSION = Pattern.compile("\\{\\{(.*?)}}");

    /** An answer of Sluice; no body for none at all. */
    private record Said(String name, @Nullable JsonNode body) {}

    private static List<Said> answers() {
        List<Said> answers = new ArrayList<>();
        for (CanaryState state : CanaryState.values()) {
            answers.add(new Said(state.label(), json(ArgoVerdict.of(RunFixture.run(state)))));
        }
        answers.add(new Said("unknown", json(ArgoVerdict.error("there is no such run"))));
        answers.add(new Said("away", null));
        return answers;
    }

    private static JsonNode json(ArgoVerdict verdict) {
        try {
            return Json.mapper().readTree(Json.bytes(verdict));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode metric(String file) {
        JsonNode metrics = ControllerFiles.read(file).at("/spec/metrics");
        assertThat(metrics).hasSize(1);
        return metrics.get(0);
    }

    /** Where a sequence of answers leads: what was counted, and what Sluice said last. */
    private record Position(Counts counts, String last) {}

    /** Returns each phase in which a metric can end, with what Sluice may have said last then; whatever it says and in what order. */
    private static Map<Phase, Set<String>> ends(MetricModel model) {
        Map<Phase, Set<String>> ends = new HashMap<>();
        Set<Position> seen = new HashSet<>();
        Deque<Position> open = new ArrayDeque<>(List.of(new Position(Counts.NONE, "nothing")));
        List<Said> answers = answers();
        while (!open.isEmpty()) {
            Position position = open.pop();
            for (Said said : answers) {
                Counts counts = position.counts().with(model.measure(said.body()));
                Phase phase = model.assess(counts);
                if (phase != Phase.RUNNING) {
                    ends.computeIfAbsent(phase, of -> new HashSet<>()).add(said.name());
                } else if (seen.add(new Position(counts, said.name()))) {
                    open.push(new Position(counts, said.name()));
                }
            }
        }
        return ends;
    }

    @ParameterizedTest
    @CsvSource({SINCE_18 + ", true", BEFORE_18 + ", true", BEFORE_18 + ", false"})
    void whateverSluiceSays_aMetricIsSuccessfulOnlyWhenItSaysSo(String file, boolean knowsSuccessLimit) {
        Map<Phase, Set<String>> ends = ends(new MetricModel(metric(file), knowsSuccessLimit));

        assertThat(ends.get(Phase.SUCCESSFUL)).containsExactly("Successful");
        assertThat(ends.get(Phase.FAILED)).containsExactly("Failed");
    }

    /** This is why there are two templates. */
    @Test
    void anEarlierArgoRolloutsWouldPassWithTheNewerTemplateWhatWasNeverProven() {
        assertThat(ends(new MetricModel(metric(SINCE_18), false)).get(Phase.SUCCESSFUL))
                .contains("Running", "Inconclusive", "Error");
    }

    @ParameterizedTest
    @CsvSource({
        SINCE_18 + ", true, Running, INCONCLUSIVE, 60",
        SINCE_18 + ", true, Inconclusive, INCONCLUSIVE, 60",
        SINCE_18 + ", true, unknown, INCONCLUSIVE, 60",
        SINCE_18 + ", true, away, ERROR, 21",
        SINCE_18 + ", true, Successful, SUCCESSFUL, 1",
        SINCE_18 + ", true, Failed, FAILED, 1",
        BEFORE_18 + ", false, Running, ERROR, 180",
        BEFORE_18 + ", false, Inconclusive, ERROR, 180",
        BEFORE_18 + ", false, unknown, ERROR, 180",
        BEFORE_18 + ", false, away, ERROR, 180",
        BEFORE_18 + ", false, Successful, SUCCESSFUL, 1",
        BEFORE_18 + ", false, Failed, FAILED, 1",
    })
    void whoeverHearsTheSameAgainAndAgainEndsInTime(
            String file, boolean knowsSuccessLimit, String said, Phase end, int after) {
        var model = new MetricModel(metric(file), knowsSuccessLimit);
        JsonNode body = answers().stream()
                .filter(answer -> answer.name().equals(said))
                .findFirst()
                .orElseThrow()
                .body();

        Counts counts = Counts.NONE;
        int measurements = 0;
        Phase phase = Phase.RUNNING;
        while (phase == Phase.RUNNING) {
            counts = counts.with(model.measure(body));
            phase = model.assess(counts);
            measurements++;
        }

        assertThat(phase).isEqualTo(end);
        assertThat(measurements).isEqualTo(after);
    }

    private static String withArguments(String text) {
        return ARGUMENT.matcher(text).replaceAll(argument -> switch (argument.group(1)) {
            case "revision" -> "12";
            case "stage" -> "2";
            case "sluice" -> "http://sluice";
            default -> argument.group(1) + "-1";
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {SINCE_18, BEFORE_18})
    void aMeasurementIsARequestThatIsUnderstood(String file) {
        JsonNode web = ControllerFiles.parsed(withArguments(ControllerFiles.text(file)))
                .at("/spec/metrics/0/provider/web");

        JsonNode body = web.path("jsonBody");
        ArgoRequest request = ArgoRequest.readStart(body);

        assertThat(web.path("method").asText() + " " + web.path("url").asText())
                .isEqualTo("POST http://sluice/v1/argo-rollouts/verdict");
        assertThat(web.at("/headers/0/value").asText()).isEqualTo("Bearer token-1");
        assertThat(SCHEMAS.violations("/components/schemas/ArgoRollout", body)).isEmpty();
        assertThat(CanaryConfigs.load().read(body.path("config"), List.of()).violations())
                .isEmpty();
        assertThat(request.stage()).isEqualTo(2);
        assertThat(request.rollout().revision()).isEqualTo("12/canary-1");
        assertThat(request.start().path("service").asText()).isEqualTo("service-1");
    }

    @Test
    void bothTemplatesAskForTheSame() {
        JsonNode since = ControllerFiles.read(SINCE_18);
        JsonNode before = ControllerFiles.read(BEFORE_18);

        assertThat(before.at("/spec/args")).isEqualTo(since.at("/spec/args"));
        assertThat(before.at("/spec/metrics/0/provider/web/jsonBody"))
                .isEqualTo(since.at("/spec/metrics/0/provider/web/jsonBody"));
    }

    @Test
    void aRolloutGivesTheTemplateWhatItNeeds_andNumbersItsStages() {
        JsonNode arguments = ControllerFiles.read(SINCE_18).at("/spec/args");
        List<String> needed = StreamSupport.stream(arguments.spliterator(), false)
                .filter(argument -> !argument.has("value") && !argument.has("valueFrom"))
                .map(argument -> argument.path("name").asText())
                .toList();
        List<String> known = StreamSupport.stream(arguments.spliterator(), false)
                .map(argument -> argument.path("name").asText())
                .toList();

        int stage = 0;
        for (JsonNode step : ControllerFiles.read("argo/rollout.yaml").at("/spec/strategy/canary/steps")) {
            if (step.has("analysis")) {
                stage++;
                ObjectNode given = Json.mapper().createObjectNode();
                step.at("/analysis/args")
                        .forEach(argument -> given.set(argument.path("name").asText(), argument));
                assertThat(given.fieldNames()).toIterable().containsAll(needed).isSubsetOf(known);
                assertThat(given.path("stage").path("value").asText()).isEqualTo(Integer.toString(stage));
                assertThat(given.path("revision")
                                .at("/valueFrom/fieldRef/fieldPath")
                                .asText())
                        .isEqualTo("metadata.annotations['rollout.argoproj.io/revision']");
                assertThat(given.path("canary")
                                .at("/valueFrom/podTemplateHashValue")
                                .asText())
                        .isEqualTo("Latest");
                assertThat(given.path("stable")
                                .at("/valueFrom/podTemplateHashValue")
                                .asText())
                        .isEqualTo("Stable");
            }
        }
        assertThat(stage).isEqualTo(2);
    }

    @Test
    void whatIsWrongInABodyIsNamed() throws IOException {
        JsonNode body = Json.mapper()
                .readTree("{\"namespace\":\"shop\",\"rollout\":\"\",\"revision\":1,\"stage\":\"0\",\"stages\":\"1\"}");

        assertThatThrownBy(() -> ArgoRequest.readStart(body))
                .hasMessage("the document has 6 errors; the first: there is no such field");
        assertThatThrownBy(() -> ArgoRequest.readEnd(Json.mapper().readTree("{\"config\":{}}")))
                .hasMessage("the document has 5 errors; the first: there is no such field");
        assertThatThrownBy(() -> ArgoRequest.readEnd(Json.mapper().readTree("[]")))
                .hasMessage("the body must be an object");
    }

    /** Renders what the templates use of Go's. */
    private static String rendered(String template) {
        return EXPRESSION
                .matcher(template)
                .replaceAll(expression -> Matcher.quoteReplacement(
                        switch (expression.group(1)) {
                            case ".rollout.metadata.uid" -> "4f3b68fc-126f-4df3-8961-c70d4d18f045";
                            case ".rollout.metadata.namespace" -> "shop";
                            case ".rollout.metadata.name" -> "checkout";
                            case ".rollout.status.currentPodHash" -> "7b8d9f6c4";
                            case "index .rollout.metadata.annotations \"rollout.argoproj.io/revision\"" -> "12";
                            case "(index .rollout.spec.template.spec.containers 0).image" -> "acme/checkout:1.5.0";
                            case "now | date \"2006-01-02T15:04:05Z07:00\"" -> "2026-03-01T13:00:00+01:00";
                            default -> throw new AssertionError("no value for " + expression.group(1));
                        }));
    }

    private static JsonNode webhook(String template) {
        JsonNode data = ControllerFiles.read("argo/notifications.yaml").path("data");
        JsonNode webhooks = ControllerFiles.parsed(
                        data.path("template." + template).asText())
                .path("webhook");
        assertThat(webhooks).hasSize(1);
        return webhooks.elements().next();
    }

    @ParameterizedTest
    @CsvSource({
        "sluice-deployment-started, STARTED",
        "sluice-deployment-succeeded, SUCCESS",
        "sluice-deployment-failed, FAILURE",
    })
    void aNotificationOfADeploymentIsAnEventThatIsUnderstood(String template, String state) throws IOException {
        JsonNode webhook = webhook(template);
        String body = rendered(webhook.path("body").asText());
        JsonNode event = Json.mapper().readTree(body);

        assertThat(webhook.path("method").asText() + " " + webhook.path("path").asText())
                .isEqualTo("POST /v1/events");
        assertThat(EventSchemas.load().validate(event)).isEmpty();
        Outcome outcome = Sources.of(Map.of())
                .adapt(new Delivery(
                        "default",
                        "cloudevents",
                        "events",
                        "d-1-42",
                        event.path("id").asText(),
                        event.path("type").asText(),
                        "ann",
                        "application/cloudevents+json",
                        Instant.parse("2026-03-01T12:00:01Z"),
                        Map.of(),
                        body.getBytes(StandardCharsets.UTF_8)));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Events.class,
                        events -> assertThat(events.events())
                                .singleElement()
                                .isInstanceOfSatisfying(DeploymentObserved.class, observed -> {
                                    assertThat(observed.state().name()).isEqualTo(state);
                                    assertThat(observed.service()).isEqualTo("checkout");
                                    assertThat(observed.environment()).isEqualTo("production");
                                    assertThat(observed.deploymentId())
                                            .endsWith("4f3b68fc-126f-4df3-8961-c70d4d18f045-12");
                                }));
    }

    @Test
    void theEndOfARolloutIsTold_asItsRunWasStarted() throws IOException {
        JsonNode webhook = webhook("sluice-canary-ended");
        JsonNode body = Json.mapper().readTree(rendered(webhook.path("body").asText()));

        assertThat(webhook.path("method").asText() + " " + webhook.path("path").asText())
                .isEqualTo("POST /v1/argo-rollouts/end");
        assertThat(SCHEMAS.violations("/components/schemas/ArgoRolloutEnd", body))
                .isEmpty();
        assertThat(ArgoRequest.readEnd(body).rollout())
                .isEqualTo(ArgoRequest.readStart(Json.mapper()
                                .readTree("{\"namespace\":\"shop\",\"rollout\":\"checkout\",\"revision\":\"12\","
                                        + "\"canary\":\"7b8d9f6c4\",\"stable\":\"6f9c8d7b5\",\"config\":{}}"))
                        .rollout());
    }

    /**
     * The templates of a trigger are put together, by the name of their webhook, and each service that is subscribed to it sends the
     * one of its name.
     */
    @Test
    void whatATriggerSendsIsSent_eachByAServiceOfItsOwnThatIsSubscribedToIt() {
        JsonNode data = ControllerFiles.read("argo/notifications.yaml").path("data");
        JsonNode annotations = ControllerFiles.read("argo/rollout.yaml").at("/metadata/annotations");
        List<String> sent = new ArrayList<>();
        for (var entry : data.properties()) {
            if (!entry.getKey().startsWith("trigger.")) {
                continue;
            }
            String trigger = entry.getKey().substring("trigger.".length());
            JsonNode rules = ControllerFiles.parsed(entry.getValue().asText());
            assertThat(rules).as("only the first one counts").hasSize(1);
            Set<String> services = new HashSet<>();
            for (JsonNode template : rules.get(0).path("send")) {
                ControllerFiles.parsed(
                                data.path("template." + template.asText()).asText())
                        .path("webhook")
                        .fieldNames()
                        .forEachRemaining(service -> {
                            assertThat(services.add(service))
                                    .as("%s of %s is sent by a service of its own", template, trigger)
                                    .isTrue();
                            sent.add(trigger + " " + template.asText() + " " + service);
                        });
            }
            for (String service : services) {
                assertThat(annotations.has("notifications.argoproj.io/subscribe." + trigger + "." + service))
                        .as("%s of %s is subscribed to", service, trigger)
                        .isTrue();
                assertThat(ControllerFiles.parsed(
                                        data.path("service.webhook." + service).asText())
                                .at("/headers/0/value")
                                .asText())
                        .isEqualTo("Bearer $sluice-token");
            }
        }
        assertThat(sent)
                .containsExactlyInAnyOrder(
                        "on-rollout-updated sluice-deployment-started sluice",
                        "on-rollout-completed sluice-deployment-succeeded sluice",
                        "on-rollout-completed sluice-canary-ended sluice-canary",
                        "on-rollout-aborted sluice-deployment-failed sluice",
                        "on-rollout-aborted sluice-canary-ended sluice-canary");
    }
}
