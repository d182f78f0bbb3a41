package dev.sluice.sources.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Rejection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonOptionsTest {
    private static final String FIELDS =
            "{\"id\": \"/id\", \"service\": \"/s\", \"environment\": \"/e\", \"state\": \"/x\", \"time\": \"/t\"}";

    @Test
    void everyProblemIsNamedWithItsPlace() {
        assertThat(problems("""
                        {"document": "deployment", "items": "releases", "times": "epoch", "signature_header": "X Sign",
                         "fields": {"id": "/a~2", "service": 7, "colour": "/c", "state": "done"},
                         "states": {"OK": "fine", "a/b": ["success"]}}"""))
                .containsExactly(
                        "/options/times times must be one of iso, epoch_seconds, epoch_millis",
                        "/options/items items must be a JSON pointer: it begins with a slash",
                        "/options/fields/id fields.id is no JSON pointer (RFC 6901):"
                                + " a tilde is written ~0, a slash within a name ~1",
                        "/options/fields/service fields.service must be a text",
                        "/options/fields/colour fields.colour is no field of a deployment; these are: id, service,"
                                + " environment, state, time, queued_at, started_at, version, repository, sha, digest,"
                                + " group_id, remediates",
                        "/options/fields fields.environment is missing: a deployment needs it",
                        "/options/fields fields.time is missing: a deployment needs it",
                        "/options/states/OK states.OK is no state of a deployment: fine; these are: cancelled, deleted,"
                                + " failure, inactive, queued, skipped, started, success",
                        "/options/states/a~1b states.a/b must be a text",
                        "/options/fields/state fields.state is neither a JSON pointer nor a state of a deployment: done",
                        "/options/signature_header signature_header is no name of a header: X Sign");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                              | document must be one of deployment, incident, change, drift",
                "{\"document\": \"release\"}                                     | document must be one of deployment, incident, change, drift",
                "{\"document\": [\"change\"]}                                    | document must be a text",
                "{\"document\": \"incident\"}                                    | fields is missing",
                "{\"document\": \"incident\", \"fields\": [\"/id\"]}             | fields must be a mapping of names to texts",
            })
    void documentAndFieldsAreRequired(String options, String problem) {
        assertThat(problems(options)).first().asString().endsWith(" " + problem);
    }

    @Test
    void changeHasNoStates() {
        assertThat(problems("""
                        {"document": "change", "states": {"new": "success"},
                         "fields": {"repository": "/r", "sha": "/s", "authored_at": "/t"}}""")).contains("/options/states states says nothing: a change has none");
    }

    @Test
    void rightOptionsAreTaken() {
        assertThat(problems("{\"document\": \"deployment\", \"fields\": " + FIELDS + "}"))
                .isEmpty();
        assertThat(problems("{\"document\": \"deployment\", \"times\": \"iso\", \"items\": \"/list\","
                        + " \"signature_header\": \"X-Signature\", \"signature_prefix\": \"sha256=\", \"fields\": "
                        + FIELDS + "}"))
                .isEmpty();
        assertThat(problems(
                        "{\"document\": \"deployment\", \"signature_prefix\": \"v1=\", \"fields\": " + FIELDS + "}"))
                .containsExactly("/options/signature_prefix signature_prefix says nothing without signature_header");
    }

    @Test
    void serviceAndEnvironmentMayBeTheConnections() {
        String options = """
                {"document": "drift", "fields": {"id": "/id", "resource": "/r", "state": "/s", "time": "/t"}}""";

        assertThat(problems(options)).hasSize(2);
        assertThat(problems(ConnectionMapping.DEFAULT.withDefaults("checkout", "production"), options))
                .isEmpty();
    }

    @Test
    void checkRefusesTheFirstProblem() {
        Rejection refusal =
                catchThrowableOfType(Rejection.class, () -> new JsonOptions().check(ConnectionMapping.DEFAULT));

        assertThat(refusal.outcome().pointer()).isEqualTo("/options/document");
    }

    private static List<String> problems(String options) {
        return problems(ConnectionMapping.DEFAULT, options);
    }

    private static List<String> problems(ConnectionMapping mapping, String options) {
        var problems = new ArrayList<String>();
        new JsonOptions()
                .report(
                        mapping.withOptions(Documents.read(options).node()),
                        (pointer, message) -> problems.add(pointer + " " + message));
        return problems;
    }
}
