package dev.sluice.gateapi.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gate.Evidence.ExternalAnswer;
import dev.sluice.gate.Evidence.ExternalAnswer.Meaning;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.gateapi.secrets.SecretReference;
import dev.sluice.gateapi.secrets.SecretReferences;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an Open Policy Agent is asked, and what its answers mean. */
class OpenPolicyAgentTest {
    private static final JsonNode INPUT = Json.mapper().createObjectNode().put("service", "checkout");

    @TempDir
    static Path secrets;

    private final List<OutboundRequest> asked = new ArrayList<>();

    @BeforeAll
    static void write() throws IOException {
        for (String tenant : List.of("acme", "other")) {
            Path own = Files.createDirectory(secrets.resolve(tenant));
            Files.writeString(own.resolve("opa"), "hush");
            Files.writeString(own.resolve("two-lines"), "a\nb");
        }
    }

    private static TenantSecrets places() {
        return new TenantSecrets(secrets, Map.of());
    }

    private static Endpoint endpoint(Endpoint.Kind kind, String secret) {
        return new Endpoint(
                kind,
                URI.create("https://opa.example.org/"),
                new TreeMap<>(),
                new SecretReferences(new SecretReference(true, secret), null));
    }

    private ExternalAnswer ask(Endpoint endpoint, CompletableFuture<OutboundAnswer> answer) {
        return new OpenPolicyAgent(
                        request -> {
                            asked.add(request);
                            return answer;
                        },
                        places())
                .ask("acme", "opa", endpoint, "deploy/allow", INPUT)
                .join();
    }

    private ExternalAnswer ask(int status, String body) {
        return ask(
                endpoint(Endpoint.Kind.OPEN_POLICY_AGENT, "opa"),
                CompletableFuture.completedFuture(
                        new OutboundAnswer(status, Optional.empty(), body.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void asksForTheDocumentWithTheQuestionAsInput() {
        assertThat(ask(200, "{\"result\": true}"))
                .isEqualTo(new ExternalAnswer("opa", "deploy/allow", Meaning.ALLOWED, "it allows"));

        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.url()).isEqualTo(URI.create("https://opa.example.org/v1/data/deploy/allow"));
            assertThat(request.headers())
                    .isEqualTo(Map.of(
                            "Authorization", "Bearer hush",
                            "Content-Type", "application/json",
                            "Accept", "application/json"));
            assertThat(new String(request.body(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"input\":{\"service\":\"checkout\"}}");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'result': false} | REFUSED | it does not allow",
                "{'result': {'allow': true, 'reason': 'of a Friday'}} | ALLOWED | of a Friday",
                "{'result': {'allow': false, 'reasons': ['one', 'two'], 'reason': 'first'}} | REFUSED | first; one; two",
                "{'result': {'allow': false, 'reason': 'line\\n::error::'}} | REFUSED | line ::error::",
                "{} | UNDEFINED | it has no opinion",
                "{'decision_id': '1'} | UNDEFINED | it has no opinion",
                "{'result': 'true'} | UNREADABLE | its answer is not understood",
                "{'result': 1} | UNREADABLE | its answer is not understood",
                "{'result': null} | UNREADABLE | its answer is not understood",
                "{'result': {}} | UNREADABLE | its answer is not understood",
                "{'result': {'allow': 'yes'}} | UNREADABLE | its answer is not understood",
                "[true] | UNREADABLE | its answer is not understood",
                "true | UNREADABLE | its answer is not understood",
                "{'result': tru | UNREADABLE | its answer is not understood"
            })
    void whatADocumentMeans(String document, Meaning meaning, String reason) {
        ExternalAnswer answer = ask(200, document.replace('\'', '"'));

        assertThat(answer).isEqualTo(new ExternalAnswer("opa", "deploy/allow", meaning, reason));
    }

    @ParameterizedTest
    @CsvSource({"301", "400", "401", "404", "500", "503"})
    void onlySuccessIsAnAnswer_whateverItsBodySays(int status) {
        assertThat(ask(status, "{\"result\": true}").meaning()).isEqualTo(Meaning.UNREACHABLE);
    }

    @Test
    void whoDoesNotAnswerHasNotAllowed() {
        Endpoint endpoint = endpoint(Endpoint.Kind.OPEN_POLICY_AGENT, "opa");

        assertThat(ask(endpoint, CompletableFuture.failedFuture(new IOException("away")))
                        .meaning())
                .isEqualTo(Meaning.UNREACHABLE);
        assertThat(ask(endpoint, new CompletableFuture<>()).meaning()).isEqualTo(Meaning.UNREACHABLE);
    }

    @Test
    void nobodyIsAskedWithoutATokenThatCanBeSent_norWhoIsNoAgent() {
        assertThat(List.of("nosuch", "two-lines"))
                .allSatisfy(secret -> assertThat(
                                ask(endpoint(Endpoint.Kind.OPEN_POLICY_AGENT, secret), new CompletableFuture<>())
                                        .meaning())
                        .isEqualTo(Meaning.UNREACHABLE));
        assertThat(ask(endpoint(Endpoint.Kind.WEBHOOK, "opa"), new CompletableFuture<>())
                        .meaning())
                .isEqualTo(Meaning.UNREADABLE);
        assertThat(asked).isEmpty();
    }

    @Test
    void aQuestionIsGivenUpByTheRequestItself() {
        ask(200, "{\"result\": true}");

        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.within()).isEqualTo(Duration.ofSeconds(2));
            assertThat(request.tenant()).isEqualTo("acme");
        });
    }

    @Test
    void noEndpointIsAskedMoreThanEightQuestionsAtOnce_andNobodyAsksMoreThanSixteen() {
        var answers = new ArrayList<CompletableFuture<OutboundAnswer>>();
        var agent = new OpenPolicyAgent(
                request -> {
                    answers.add(new CompletableFuture<>());
                    return answers.get(answers.size() - 1);
                },
                places());
        var asking = new ArrayList<CompletableFuture<ExternalAnswer>>();

        for (int i = 0; i < 9; i++) {
            asking.add(ask(agent, "acme", "one"));
        }
        assertThat(answers).hasSize(8);
        assertThat(asking.get(8))
                .isCompletedWithValue(new ExternalAnswer(
                        "one",
                        "deploy/allow",
                        Meaning.UNREACHABLE,
                        "it was not asked: too many questions are under way"));
        for (int i = 0; i < 8; i++) {
            asking.add(ask(agent, "acme", "two"));
        }
        assertThat(answers).hasSize(16);
        assertThat(ask(agent, "acme", "three").join().meaning()).isEqualTo(Meaning.UNREACHABLE);
        assertThat(answers).hasSize(16);
        asking.add(ask(agent, "other", "one"));
        assertThat(answers).hasSize(17);

        answers.get(0)
                .complete(new OutboundAnswer(
                        200, Optional.empty(), "{\"result\": true}".getBytes(StandardCharsets.UTF_8)));
        answers.get(1).completeExceptionally(new IOException("away"));

        assertThat(asking.get(0).join().meaning()).isEqualTo(Meaning.ALLOWED);
        for (int i = 0; i < 3; i++) {
            asking.add(ask(agent, "acme", "one"));
        }
        assertThat(answers).hasSize(19);
        answers.forEach(answer -> answer.completeExceptionally(new IOException("away")));
        assertThat(asking).allSatisfy(one -> assertThat(one).isCompleted());
    }

    private static CompletableFuture<ExternalAnswer> ask(OpenPolicyAgent agent, String tenant, String name) {
        return agent.ask(tenant, name, endpoint(Endpoint.Kind.OPEN_POLICY_AGENT, "opa"), "deploy/allow", INPUT);
    }
}
