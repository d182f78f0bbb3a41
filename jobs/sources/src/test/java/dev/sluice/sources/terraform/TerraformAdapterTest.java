package dev.sluice.sources.terraform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.Summary;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TerraformAdapterTest {
    private static final Map<String, String> RUN =
            Map.of("service", "checkout", "environment", "production", "run", "77");

    private static final String VERSION = message("00", "\"type\": \"version\", \"ui\": \"1.2\"");
    private static final String PLANNED =
            message("10", "\"type\": \"change_summary\", \"changes\": {\"add\": 1, \"operation\": \"plan\"}");
    private static final String STARTED =
            message("20", "\"type\": \"apply_start\", \"hook\": {\"action\": \"create\"}");
    private static final String ERRORED = message("30", "\"type\": \"apply_errored\", \"hook\": {}");
    private static final String ERROR =
            message("31", "\"type\": \"diagnostic\", \"diagnostic\": {\"severity\": \"error\", \"summary\": \"no\"}");
    private static final String WARNING = message(
            "31", "\"type\": \"diagnostic\", \"diagnostic\": {\"severity\": \"warning\", \"summary\": \"old\"}");
    private static final String APPLIED =
            message("40", "\"type\": \"change_summary\", \"changes\": {\"add\": 1, \"operation\": \"apply\"}");

    @Test
    void applyIsAnAttemptOfTheRun() {
        DeploymentObserved apply = (DeploymentObserved) event(
                VERSION + PLANNED + STARTED + WARNING + APPLIED,
                with(Map.of("sha", "6dcb09b", "repository", "acme/infra", "version", "v7", "resource", "network")));

        assertThat(apply.deploymentId()).isEqualTo("terraform/network#77");
        assertThat(apply.startedAt()).isEqualTo("2026-03-01T12:00:00Z");
        assertThat(apply.header().occurredAt()).isEqualTo("2026-03-01T12:00:40Z");
        assertThat(apply.sha()).isEqualTo("6dcb09b");
        assertThat(apply.repository()).isEqualTo("acme/infra");
        assertThat(apply.version()).isEqualTo("v7");
    }

    @Test
    void applyWithoutItsSummaryHasFailed() {
        assertThat(summary(VERSION + PLANNED + STARTED + ERRORED + ERROR))
                .isEqualTo("FAILURE terraform/checkout#77 checkout production 2026-03-01T12:00:31Z");
        assertThat(summary(VERSION + PLANNED + STARTED))
                .as("it was killed: the stream ends in the middle")
                .isEqualTo("FAILURE terraform/checkout#77 checkout production 2026-03-01T12:00:20Z");
    }

    @Test
    void onlyTheStepKnowsWhetherWhatFailedEarlyWasAnApply() {
        for (String early : new String[] {VERSION + ERROR, VERSION + PLANNED + ERROR, VERSION}) {
            assertThat(summary(early)).isEqualTo("IGNORED RUN_WITHOUT_RESULT");
            assertThat(summary(early, with(Map.of("command", "plan")))).isEqualTo("IGNORED RUN_WITHOUT_RESULT");
            assertThat(summary(early, with(Map.of("command", "apply")))).startsWith("FAILURE ");
        }
        assertThat(summary(VERSION + PLANNED + APPLIED, with(Map.of("command", "apply"))))
                .startsWith("SUCCESS ");
    }

    @Test
    void planIsACheckAndNoDeployment() {
        DriftChecked check =
                (DriftChecked) event(VERSION + PLANNED, with(Map.of("interval", "PT1H", "resource", "network")));

        assertThat(check.checkId()).isEqualTo("terraform/network#77");
        assertThat(check.resource()).isEqualTo("network");
        assertThat(check.drifted()).isFalse();
        assertThat(check.fingerprint()).isNull();
        assertThat(check.interval()).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource({"update, true", "delete, true", "create, true", "move, false", "no-op, false", "read, false"})
    void onlyAChangeByOthersIsDrift(String action, boolean drifted) {
        String shown = """
                {"format_version": "1.2", "planned_values": {}, "timestamp": "2026-03-01T12:00:00Z", "resource_drift": [
                 {"address": "aws_vpc.main", "change": {"actions": ["%s"]}}]}""".formatted(action);

        assertThat(((DriftChecked) event(VERSION + drift("aws_vpc.main", action) + PLANNED, RUN)).drifted())
                .isEqualTo(drifted);
        assertThat(((DriftChecked) event(shown, RUN)).drifted()).isEqualTo(drifted);
    }

    @Test
    void sameDriftHasTheSameFingerprintWhicheverCommandTells() {
        String shown = """
                {"format_version": "1.2", "planned_values": {}, "timestamp": "2026-03-01T12:00:00Z", "resource_drift": [
                 {"address": "b", "change": {"actions": ["delete"], "before": {"x": 2}, "after": null}},
                 {"address": "a", "change": {"actions": ["update"], "before": {"x": 1}, "after": {"x": 2}}}]}""";
        DriftChecked written =
                (DriftChecked) event(VERSION + drift("a", "update") + drift("b", "delete") + PLANNED, RUN);
        DriftChecked other = (DriftChecked) event(VERSION + drift("a", "update") + drift("b", "update") + PLANNED, RUN);

        assertThat(((DriftChecked) event(shown, RUN)).fingerprint())
                .isEqualTo(written.fingerprint())
                .startsWith("sha256:")
                .hasSize(71);
        assertThat(((DriftChecked) event(shown.replace("\"x\": 2", "\"x\": 3"), RUN)).fingerprint())
                .as("values play no part")
                .isEqualTo(written.fingerprint());
        assertThat(other.fingerprint()).isNotEqualTo(written.fingerprint());
    }

    @Test
    void partialPlanSaysOnlyWhatItSaw() {
        String shown = """
                {"format_version": "1.2", "planned_values": {}, "timestamp": "2026-03-01T12:00:00Z", "%s": %s,
                 "resource_drift": [%s]}""";
        String drift = "{\"address\": \"a\", \"change\": {\"actions\": [\"update\"]}}";

        assertThat(summary(shown.formatted("errored", true, ""))).isEqualTo("IGNORED RUN_WITHOUT_RESULT");
        assertThat(summary(shown.formatted("complete", false, ""))).isEqualTo("IGNORED RUN_WITHOUT_RESULT");
        assertThat(summary(shown.formatted("errored", false, ""))).startsWith("no drift ");
        assertThat(summary(shown.formatted("errored", true, drift))).startsWith("drift ");
        assertThat(summary(VERSION + drift("a", "update") + ERROR)).startsWith("drift ");
    }

    @Test
    void linesOfOthersArePassedOver() {
        assertThat(summary("Acquiring state lock.\n" + VERSION + "{\"cut\": \n" + STARTED + "[1]\n" + APPLIED + "\r\n"))
                .startsWith("SUCCESS ");
        assertThat(summary("hello\n")).isEqualTo("MALFORMED WRONG_VALUE ");
        assertThat(summary("{\"hello\": 1}\n{\"hello\": 2}")).isEqualTo("MALFORMED WRONG_VALUE ");
    }

    @Test
    void listOfMessagesIsAStreamToo() {
        String list =
                "[" + String.join(",", (VERSION + STARTED + APPLIED).strip().split("\n")) + "]";

        assertThat(event(list, RUN)).isEqualTo(event(VERSION + STARTED + APPLIED, RUN));
    }

    @Test
    void whatTheUrlLacksIsTheConnectionsOrRefused() {
        assertThat(summary(VERSION + APPLIED, Map.of("run", "77"))).isEqualTo("MALFORMED MISSING_FIELD null");
        assertThat(summary(VERSION + APPLIED, Map.of("service", "checkout", "environment", "production")))
                .isEqualTo("MALFORMED MISSING_FIELD null");
        assertThat(Summary.of(adapt(
                        VERSION + APPLIED,
                        Map.of("run", "77"),
                        ConnectionMapping.DEFAULT.withDefaults("shop", "production"))))
                .startsWith("SUCCESS terraform/shop#77 shop production ");
        assertThat(Summary.of(adapt(VERSION + APPLIED, RUN, new ConnectionMapping(Map.of(), Set.of("staging")))))
                .isEqualTo("IGNORED ENVIRONMENT_NOT_SELECTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1h", "PT0S", "PT-1H", "P367D"})
    void intervalIsADurationOfASecondToAYear(String interval) {
        assertThat(summary(VERSION + PLANNED, with(Map.of("interval", interval))))
                .isEqualTo("MALFORMED WRONG_VALUE null");
    }

    @Test
    void commandIsPlanOrApply() {
        assertThat(summary(VERSION + PLANNED, with(Map.of("command", "destroy"))))
                .isEqualTo("MALFORMED WRONG_VALUE null");
    }

    @Test
    void clockThatIsAheadIsRefused() {
        assertThat(summary(message("00", "\"type\": \"version\"").replace("2026", "2027")
                        + APPLIED.replace("2026", "2027")))
                .isEqualTo("MALFORMED FUTURE_DATED /1/@timestamp");
    }

    @Test
    void planOfAnOldVersionWasMadeWhenItCame() {
        DriftChecked check = (DriftChecked) event("{\"format_version\": \"1.0\", \"planned_values\": {}}", RUN);

        assertThat(check.header().occurredAt()).isEqualTo(Deliveries.LATE);
    }

    private static String message(String second, String members) {
        return "{\"@level\": \"info\", \"@timestamp\": \"2026-03-01T12:00:" + second + ".000000Z\", " + members + "}\n";
    }

    private static String drift(String address, String action) {
        return message(
                "05",
                "\"type\": \"resource_drift\", \"change\": {\"resource\": {\"addr\": \"" + address
                        + "\"}, \"action\": \"" + action + "\"}");
    }

    private static Map<String, String> with(Map<String, String> more) {
        var parameters = new HashMap<>(RUN);
        parameters.putAll(more);
        return parameters;
    }

    private static String summary(String body) {
        return summary(body, RUN);
    }

    private static String summary(String body, Map<String, String> parameters) {
        return Summary.of(adapt(body, parameters, ConnectionMapping.DEFAULT));
    }

    private static Object event(String body, Map<String, String> parameters) {
        Outcome outcome = adapt(body, parameters, ConnectionMapping.DEFAULT);
        assertThat(outcome).isInstanceOf(Outcome.Events.class);
        return ((Outcome.Events) outcome).events().get(0);
    }

    private static Outcome adapt(String body, Map<String, String> parameters, ConnectionMapping mapping) {
        return new TerraformAdapter(connection -> mapping)
                .adapt(Deliveries.late("terraform", parameters, Deliveries.bytes(body)));
    }
}
