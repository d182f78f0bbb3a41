package dev.sluice.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on the files of docs/guides/policies, which the guide shows. */
class PolicyTestCommandTest {
    private static final Path ROOT = Path.of(requireNonNull(System.getProperty("sluice.root")));
    private static final Path FILES = ROOT.resolve("docs/guides/policies");

    @TempDir
    private Path directory;

    private static Run run(Path policies, Path fixtures, String... more) {
        String[] args = new String[4 + more.length + 1];
        args[0] = "policy";
        args[1] = "test";
        args[2] = policies.toString();
        args[3] = "--fixtures";
        args[4] = fixtures.toString();
        System.arraycopy(more, 0, args, 5, more.length);
        return Run.of(args);
    }

    @Test
    void theExamplesAreAsExpected_andPrintWhatTheGuideShows() throws IOException {
        Run run = run(FILES.resolve("policies"), FILES.resolve("cases"));

        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(Files.readString(ROOT.resolve("docs/guides/policies.md"))).contains(run.out());
    }

    @Test
    void saysWhatDiffers() throws IOException {
        Path cases = directory.resolve("cases.yaml");
        Files.writeString(
                cases,
                Files.readString(FILES.resolve("cases/payments.yaml"))
                        .replace(
                                "decision: allow, code: passed, rules: {success-rate: allow",
                                "decision: deny, rules: {success-rate: deny"));

        Run run = run(FILES.resolve("policies/payments.yaml"), cases);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("a good service: all 2 enforced rules are met")
                .contains("  decision is allow, expected deny")
                .contains("  rule success-rate is allow, expected deny")
                .endsWith("5 cases, 1 differ\n");
    }

    @Test
    void printsJson() throws IOException {
        Run run = run(FILES.resolve("policies"), FILES.resolve("cases"), "--output", "json");

        JsonNode document = Documents.mapper().readTree(run.out());
        assertThat(document).hasSize(5);
        assertThat(document.at("/2/code").textValue()).isEqualTo("exempted");
        assertThat(document.at("/0/differences")).isEmpty();
    }

    @Test
    void namesAllThatIsWrongWithTheFiles_withLineAndColumn() throws IOException {
        Path policy = Files.writeString(directory.resolve("p.yaml"), "name: p\nrule: []\n");
        Path cases = Files.writeString(directory.resolve("c.yaml"), """
                cases:
                  - name: a
                    gate: g
                    service: s
                    environment: e
                    at: yesterday
                    metrics:
                      30d: {mttr: {n: 1}, change_fail_rate: {value: x}}
                    override: {}
                    expect: {decision: maybe, score: 1}
                """);

        Run run = run(policy, cases);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("sluice: p.yaml:1:1: field version is missing")
                .contains("p.yaml:2:1: unknown field rule")
                .contains("c.yaml:6:9: at must be a time (RFC 3339), is yesterday")
                .contains("c.yaml:8:13: unknown field mttr")
                .contains("value must be a number, or a duration such as 2h, is x")
                .contains("an override must name a version or a digest")
                .contains("decision must be allow, deny, pending or error, is maybe")
                .contains("unknown field score");
    }

    @Test
    void severitiesOfOpenIncidentsCanBeGiven() throws IOException {
        Path policy = Files.writeString(directory.resolve("p.yaml"), """
                name: p
                version: "1"
                gates: [g]
                rules:
                  - {id: none-grave, mode: enforce, incidents: {severities: [SEV1]}}
                """);
        String cases = """
                cases:
                  - name: a
                    gate: g
                    service: s
                    environment: e
                    at: 2026-03-01T12:00:00Z
                    metrics: {}
                    current: {version: "1.0", open_incidents_by_severity: {Sev2: 1, sev2: 1}}
                    expect: {decision: allow}
                  - name: b
                    gate: g
                    service: s
                    environment: e
                    at: 2026-03-01T12:00:00Z
                    metrics: {}
                    current: {version: "1.0", open_incidents: 3, open_incidents_by_severity: {sev2: 2}}
                    expect: {decision: deny, code: unmet}
                  - name: c
                    gate: g
                    service: s
                    environment: e
                    at: 2026-03-01T12:00:00Z
                    metrics: {}
                    current: {version: "1.0"}
                    expect: {decision: deny, code: no_data}
                """;

        assertThat(run(policy, Files.writeString(directory.resolve("c.yaml"), cases))
                        .out())
                .contains("3 cases, all as expected");
        assertThat(run(
                                policy,
                                Files.writeString(
                                        directory.resolve("d.yaml"), cases.replace("{sev2: 2}", "{sev2: two}")))
                        .err())
                .contains("sev2 must be a whole number, is two");
    }

    @Test
    void eachMetricCanBeGiven() throws IOException {
        Path policy = Files.writeString(directory.resolve("p.yaml"), """
                name: p
                version: "1"
                gates: [g]
                rules:
                  - id: all
                    mode: enforce
                    cel: |
                      metrics["7d"].deployment_frequency_count.value == 4.0
                        && metrics["7d"].change_lead_time_median.value == 3600.0
                        && metrics["7d"].change_lead_time_p90.value == 7200.0
                        && metrics["7d"].pull_request_lead_time_median.value == 60.0
                        && metrics["7d"].change_fail_rate.value == 0.1
                        && metrics["7d"].failed_deployment_recovery_time_median.value == 60.0
                        && metrics["7d"].deployment_rework_rate.value == 0.2
                        && metrics["7d"].mean_time_to_deploy.value == 30.0
                        && metrics["7d"].configuration_drift.value == 0.3
                        && metrics["7d"].deployment_success_rate.n == 9
                """);
        Path cases = Files.writeString(directory.resolve("c.yaml"), """
                cases:
                  - name: a
                    gate: g
                    service: s
                    environment: e
                    at: 2026-03-01T12:00:00Z
                    metrics:
                      7d:
                        deployment_frequency_count: {value: 4}
                        change_lead_time_median: {value: 1h, n: 3}
                        change_lead_time_p90: {value: 2h, n: 3}
                        pull_request_lead_time_median: {value: 60, n: 3}
                        change_fail_rate: {value: 0.1, n: 3}
                        failed_deployment_recovery_time_median: {value: 1m, n: 3}
                        deployment_rework_rate: {value: 0.2, n: 3}
                        mean_time_to_deploy: {value: 30s, n: 3}
                        configuration_drift: {value: 0.3, n: 3}
                        deployment_success_rate: {n: 9}
                    expect: {decision: allow}
                """);

        Run run = run(policy, cases);

        assertThat(run.status()).as(run.out() + run.err()).isZero();
    }

    @Test
    void wantsFixtures() {
        assertThat(Run.of("policy", "test", FILES.toString()).status()).isEqualTo(2);
        assertThat(run(FILES.resolve("policies"), directory).status()).isEqualTo(2);
    }
}
