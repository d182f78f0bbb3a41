package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

class DevLakeCommandTest {
    private static final String RECEIPT = "{\"deliveries\":[],\"received_at\":\"2026-05-01T00:00:00.500Z\"}";
    /** What {@link DevLakeIT} has from a running Sluice for the same export. */
    private static final String MARCH = """
            {"periods":[{"label":"2026-03","metrics":{
              "deployment_frequency":{"count":4,"rollback":0,"redeploy":1},
              "pull_request_lead_time":{"n":3,"median_ms":86400000.0},
              "change_fail_rate":{"n":4,"value":0.25,"failed":1,"linked_by_time":1},
              "failed_deployment_recovery_time":{"n":1,"median_ms":7200000.0,"lifetime_median_ms":14400000.0}}}]}""";

    private final LocalApi api = new LocalApi();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void report_hasBothNumbersAndWhyTheyDiffer() throws IOException {
        prepare(MARCH);

        Run run = devlake(DevLakeFiles.march(directory), "--output", "json");

        assertThat(run.status()).as(run.err()).isZero();
        JsonNode report = Documents.mapper().readTree(run.out());
        JsonNode month = report.path("months").path(0);
        assertThat(month.path("month").asText()).isEqualTo("2026-03");
        assertThat(numbers(month, "deployment_frequency")).isEqualTo("5.0 of 5, 4.0 of 4");
        assertThat(reasons(month, "deployment_frequency")).containsExactly("REDEPLOY 1");
        // the middle of 1440, 1441 and 1560 minutes; 24 h here
        assertThat(numbers(month, "pull_request_lead_time")).isEqualTo("8.646E7 of 3, 8.64E7 of 3");
        assertThat(reasons(month, "pull_request_lead_time")).containsExactly("WITHOUT_COMMITS 1", "ROUNDED 1");
        // i1 -> d2, i2 -> d4, i3 -> d5
        assertThat(numbers(month, "change_fail_rate")).isEqualTo("0.6 of 5, 0.25 of 4");
        assertThat(reasons(month, "change_fail_rate"))
                .containsExactly("AFTER_ROLLBACK 1", "OUTSIDE_WINDOW 1", "DENOMINATOR 1");
        // the lower of 180 and 240 minutes; 2 h here
        assertThat(numbers(month, "failed_deployment_recovery_time")).isEqualTo("1.08E7 of 2, 7200000.0 of 1");
        assertThat(reasons(month, "failed_deployment_recovery_time"))
                .containsExactly("AFTER_ROLLBACK 1", "START 2", "LOWER_MEDIAN 2");
        assertThat(report.path("left_out").toString())
                .isEqualTo("{\"commits without an author time\":2,"
                        + "\"deployments to other environments than PRODUCTION\":1}");
    }

    @Test
    void textReport_isForPeople() {
        prepare(MARCH);

        Run run = devlake(DevLakeFiles.march(directory), "--service", DevLakeFiles.SCOPE + "=shop");

        assertThat(run.out())
                .startsWith("shop, 2026-03")
                .contains("change fail rate         60.0 %   5   25.0 %   4")
                .contains("change fail rate: 1 incident: UNATTRIBUTED here, more than 72 h after the deployment")
                .contains("deployments: 1 deployment: repeated what ran, not counted here")
                .contains("recovery time: 2 values: in the middle, 3.00 h and 4.00 h; DevLake takes the lower")
                .contains("left out: 2 commits without an author time");
    }

    @Test
    void numbersThatTheExportDoesNotGive_areSaidToBeUnexplained() throws IOException {
        prepare(MARCH.replace("\"count\":4", "\"count\":6")
                .replace("\"n\":3,", "\"n\":2,")
                .replace("\"failed\":1,\"linked_by_time\":1", "\"failed\":3,\"linked_by_time\":2"));

        Run run = devlake(DevLakeFiles.march(directory), "--output", "json");

        JsonNode month = Documents.mapper().readTree(run.out()).path("months").path(0);
        assertThat(reasons(month, "deployment_frequency")).contains("UNEXPLAINED 2");
        assertThat(reasons(month, "pull_request_lead_time")).contains("UNEXPLAINED 1");
        assertThat(reasons(month, "change_fail_rate")).contains("OTHER_RULE 1", "UNEXPLAINED 1");
    }

    @Test
    void incidentAndDeploymentOfDifferentServices_areTold() throws IOException {
        prepare(MARCH);
        DevLakeFiles files = DevLakeFiles.march(directory)
                .deployment("8", "till", "2026-03-03 10:50:00", "2026-03-03 11:00:00", "t1", "");

        Run unassigned = devlake(files, "--output", "json");
        Run assigned = devlake(files, "--output", "json", "--service", "board:1=" + DevLakeFiles.SCOPE);

        // i1 came after the deployment of till, and DevLake looks for the latest of the whole project
        JsonNode till =
                Documents.mapper().readTree(assigned.out()).path("months").path(1);
        assertThat(till.path("service").asText()).isEqualTo("till");
        assertThat(numbers(till, "change_fail_rate")).startsWith("1.0 of 1");
        assertThat(reasons(till, "change_fail_rate")).contains("OTHER_SERVICE 1");
        JsonNode report = Documents.mapper().readTree(unassigned.out());
        assertThat(report.path("left_out")
                        .path("incidents of a scope that no service is given for")
                        .asInt())
                .isEqualTo(3);
        assertThat(reasons(report.path("months").path(1), "change_fail_rate")).contains("NO_SERVICE 1");
    }

    @Test
    void pullRequestOfTheFirstDeploymentOfAService_isTold() throws IOException {
        prepare(MARCH);
        DevLakeFiles files = new DevLakeFiles(directory)
                .deployment("1", "2026-03-01", "s1", "")
                .deployment("2", "other", "2026-03-03 09:50:00", "2026-03-03 10:00:00", "s2", "c1")
                .row("commits_diffs", "s2,s1,s2,1")
                .pull("1", "2026-03-02 09:00:00", "2026-03-02 11:00:00", "s2");

        JsonNode other = Documents.mapper()
                .readTree(devlake(files, "--output", "json").out())
                .path("months")
                .path(1);

        assertThat(reasons(other, "pull_request_lead_time")).contains("BASELINE 1");
    }

    @Test
    void importingTwice_sendsTheSameEvents() throws IOException {
        prepare(MARCH);
        devlake(DevLakeFiles.march(directory));
        List<String> first = sent("id");

        devlake(DevLakeFiles.march(directory));

        assertThat(first).hasSize(21).doesNotHaveDuplicates();
        assertThat(sent("id").subList(21, 42)).isEqualTo(first);
        assertThat(sent("subject"))
                .contains("s2", "s3", "s5", "d1", "d6", "1", "4", "i1")
                .doesNotContain("x3", "d7");
    }

    @Test
    void waitsUntilEverythingIsStored_andAsksForTheMonths() {
        api.answers("/v1/events", 202, RECEIPT)
                .answers("/v1/dora", 503, "{\"title\":\"not stored yet\"}", Map.of("Retry-After", "1"))
                .answers("/v1/dora", 200, MARCH);

        assertThat(devlake(DevLakeFiles.march(directory), "--from", "2026-02", "--to", "2026-03")
                        .status())
                .isZero();
        assertThat(api.asked("/v1/dora"))
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked.query())
                        .contains(
                                "period=month",
                                "from=2026-02-01",
                                "to=2026-03-31",
                                "through=2026-05-01T00:00:00.501Z"));
    }

    @Test
    void wrongRequests_areTold_andNothingIsSent() {
        prepare(MARCH);
        DevLakeFiles files = DevLakeFiles.march(directory);

        Run unknownScope = devlake(files, "--service", "nowhere=shop");
        assertThat(unknownScope.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(unknownScope.err())
                .contains("no row is of the scope nowhere; there are board:1, " + DevLakeFiles.SCOPE);
        assertThat(devlake(files, "--from", "2026-04", "--to", "2026-03").status())
                .isEqualTo(ExitStatus.USAGE);
        assertThat(Run.of("devlake").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(devlake(new DevLakeFiles(directory)).err()).contains("has no successful deployment to PRODUCTION");
        assertThat(api.asked()).isEmpty();
    }

    private void prepare(String months) {
        api.answers("/v1/events", 202, RECEIPT).answers("/v1/dora", 200, months);
    }

    private Run devlake(DevLakeFiles files, String... more) {
        var all = new ArrayList<>(List.of("devlake", "--dir", files.write().toString()));
        all.addAll(List.of(more));
        return Run.of(Map.of("SLUICE_URL", api.url()), Ansi.OFF, all.toArray(String[]::new));
    }

    private List<String> sent(String attribute) throws IOException {
        var sent = new ArrayList<String>();
        for (LocalApi.Asked batch : api.asked("/v1/events")) {
            for (JsonNode event : Documents.mapper().readTree(batch.body())) {
                sent.add(event.path(attribute).asText());
            }
        }
        return sent;
    }

    private static String numbers(JsonNode month, String metric) {
        JsonNode both = month.path("metrics").path(metric);
        return "%s of %s, %s of %s"
                .formatted(
                        both.path("devlake").path("value"),
                        both.path("devlake").path("n"),
                        both.path("sluice").path("value"),
                        both.path("sluice").path("n"));
    }

    private static List<String> reasons(JsonNode month, String metric) {
        var reasons = new ArrayList<String>();
        month.path("metrics")
                .path(metric)
                .path("reasons")
                .forEach(reason -> reasons.add(reason.path("code").asText() + " " + reason.path("count")));
        return reasons;
    }
}
