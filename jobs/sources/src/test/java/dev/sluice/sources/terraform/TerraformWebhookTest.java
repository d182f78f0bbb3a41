package dev.sluice.sources.terraform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sources.Rejection;
import dev.sluice.sources.webhook.WebhookRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TerraformWebhookTest {
    private static final String SECRET = "hunter2";
    private static final List<byte[]> SECRETS = List.of("s3cret".getBytes(UTF_8));

    private final TerraformWebhook contract = new TerraformWebhook();

    /** Wherever a plan has values: marked as sensitive, nested in such, or not marked at all. */
    private static final String PLAN = """
            {"format_version": "1.2", "terraform_version": "1.11.4", "timestamp": "2026-03-01T12:00:00Z",
             "variables": {"token": {"value": "hunter2"}},
             "planned_values": {"outputs": {"token": {"sensitive": true, "value": "hunter2"}},
               "root_module": {"resources": [{"address": "a", "values": {"password": "hunter2"},
                                              "sensitive_values": {"password": true}}]}},
             "resource_drift": [{"address": "a", "previous_address": "b", "change": {"actions": ["update"],
               "before": {"password": "hunter2"}, "after": {"nested": [{"password": "hunter2"}]},
               "before_sensitive": {"password": true}, "after_sensitive": {"nested": [{"password": true}]}}}],
             "resource_changes": [{"address": "a", "change": {"actions": ["no-op"], "before": "hunter2"}}],
             "output_changes": {"token": {"actions": ["create"], "after": "hunter2", "after_sensitive": true}},
             "prior_state": {"values": {"outputs": {"token": {"sensitive": true, "value": "hunter2"}}}},
             "configuration": {"root_module": {"variables": {"token": {"default": "hunter2", "sensitive": true}},
               "resources": [{"expressions": {"password": {"constant_value": "hunter2"}}}]}},
             "checks": [{"problems": [{"message": "hunter2"}]}], "errored": false, "complete": true}
            """;

    private static final String STREAM = """
            {"@timestamp": "2026-03-01T12:00:00Z", "@message": "hunter2", "type": "version", "terraform": "1.11.4"}
            hunter2
            {"@timestamp": "2026-03-01T12:00:01Z", "type": "provision_progress", "hook": {"action": "create",
            {"@timestamp": "2026-03-01T12:00:01Z", "type": "provision_progress", "hook": {"output": "hunter2", "id_value": "hunter2"}}
            {"@timestamp": "2026-03-01T12:00:02Z", "type": "outputs", "outputs": {"token": {"value": "hunter2"}}}
            {"@timestamp": "2026-03-01T12:00:03Z", "type": "diagnostic", "diagnostic": {"severity": "error", "summary": "hunter2", "detail": "hunter2", "snippet": {"code": "hunter2", "values": ["hunter2"]}}}
            {"@timestamp": "2026-03-01T12:00:04Z", "type": {"hunter2": "hunter2"}, "changes": "hunter2"}
            """;

    @Test
    void noValueIsKept() {
        for (String body : List.of(PLAN, STREAM, "[" + PLAN + "]")) {
            assertThat(body).contains(SECRET);
            assertThat(kept(body)).isNotBlank().doesNotContain(SECRET);
        }
    }

    @Test
    void whatIsKeptIsWhatMetricsNeed() {
        assertThat(kept(PLAN)).isEqualTo("""
                {"format_version":"1.2","terraform_version":"1.11.4","timestamp":"2026-03-01T12:00:00Z",\
                "planned_values":{},\
                "resource_drift":[{"address":"a","previous_address":"b","change":{"actions":["update"]}}],\
                "resource_changes":[{"address":"a","change":{"actions":["no-op"]}}],"errored":false,"complete":true}
                """);
        assertThat(kept(STREAM)).isEqualTo("""
                {"@timestamp":"2026-03-01T12:00:00Z","type":"version","terraform":"1.11.4"}
                {"@timestamp":"2026-03-01T12:00:01Z","type":"provision_progress","hook":{}}
                {"@timestamp":"2026-03-01T12:00:02Z","type":"outputs"}
                {"@timestamp":"2026-03-01T12:00:03Z","type":"diagnostic","diagnostic":{"severity":"error"}}
                """);
    }

    @Test
    void whatIsKeptIsKeptAgain() {
        for (String body : List.of(PLAN, STREAM)) {
            assertThat(kept(kept(body))).isEqualTo(kept(body));
        }
    }

    @Test
    void textThatCannotBeWrittenIsNotKept() {
        assertThat(kept("{\"type\": \"version\", \"@level\": \"\\ud83d\", \"ui\": 1.2, \"terraform\": true}"))
                .isEqualTo("{\"type\":\"version\",\"@level\":null,\"ui\":1.2,\"terraform\":true}\n");
    }

    @Test
    void nothingIsKeptOfWhatTerraformDoesNotWrite() {
        for (String body : List.of("", "hunter2", "{\"password\": \"hunter2\"}", "[7]", "{\"format_version\": ")) {
            assertThatThrownBy(() -> kept(body))
                    .isInstanceOf(Rejection.class)
                    .message()
                    .doesNotContain(SECRET);
        }
    }

    @Test
    void runIsRequiredAtOnce() {
        assertThatThrownBy(() -> contract.identify(request(Map.of("service", "checkout"), STREAM)))
                .isInstanceOf(Rejection.class)
                .hasMessageContaining("run");
        assertThat(contract.identify(request(Map.of("run", "77"), STREAM)))
                .isNotEqualTo(contract.identify(request(Map.of("run", "78"), STREAM)));
        assertThat(contract.parameters()).contains("run", "service", "environment");
    }

    @Test
    void secretStandsInTheAuthorization() {
        assertThat(contract.isAuthentic(request(Map.of(), STREAM), SECRETS)).isTrue();
        assertThat(contract.isAuthentic(new WebhookRequest(Map.of(), Map.of(), new byte[0]), SECRETS))
                .isFalse();
    }

    private String kept(String body) {
        return new String(contract.kept(request(Map.of("run", "77"), body)), UTF_8);
    }

    private static WebhookRequest request(Map<String, String> parameters, String body) {
        return new WebhookRequest(Map.of("Authorization", List.of("Bearer s3cret")), parameters, body.getBytes(UTF_8));
    }
}
