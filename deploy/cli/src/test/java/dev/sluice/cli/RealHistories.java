package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.FreePorts;
import dev.sluice.standalone.SluiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import picocli.CommandLine.Help.Ansi;

/** The histories of two public projects, a process of Sluice that is told them, and what must come out, which was computed from the same files independently. */
final class RealHistories implements AutoCloseable {
    static final Path REAL = Path.of(System.getProperty("sluice.shared", ""), "real");

    private static final Pattern TAB = Pattern.compile("\t");
    private static final double MILLIS_PER_DAY = 86_400_000;
    /** The rounding of the files. */
    private static final double DAYS_TOLERANCE = 0.5e-6 + 1e-9;

    private final Path data;
    private final int port = FreePorts.pick();
    private SluiceProcess sluice;

    RealHistories(Path data) throws IOException {
        this.data = data;
        this.sluice = SluiceProcess.launch(data, port).awaitReady();
    }

    /** Returns whether the histories are beside the checkout. */
    static boolean areThere() {
        return Files.isDirectory(REAL);
    }

    SluiceProcess sluice() {
        return sluice;
    }

    /** Starts the process again, after it has ended. */
    void startAgain() throws IOException {
        sluice = SluiceProcess.launch(data, port).awaitReady();
    }

    Run dora(String repository, String service, List<String> options) {
        var arguments = new ArrayList<>(List.of(
                "dora",
                "--commits",
                REAL.resolve(repository + "-commits.csv").toString(),
                "--releases",
                REAL.resolve(repository + "-tags.csv").toString(),
                "--service",
                service));
        arguments.addAll(options);
        return run(arguments.toArray(String[]::new));
    }

    Run run(String... command) {
        var arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--output", "json", "--timeout", "180"));
        return Run.of(Map.of("SLUICE_URL", "http://127.0.0.1:" + port), Ansi.OFF, arguments.toArray(String[]::new));
    }

    void assertEqualsExpected(String repository, String service, Run run) throws IOException, InterruptedException {
        var expected = new ArrayList<Quarter>();
        for (JsonNode quarter : Documents.mapper()
                .readTree(Files.readAllBytes(REAL.resolve(repository + "-expected.json")))
                .path("quarters")) {
            expected.add(Quarter.of(quarter));
        }
        assertThat(expected).hasSizeGreaterThan(30);
        var reported = new ArrayList<Quarter>();
        Documents.mapper().readTree(run.out()).path("quarters").forEach(each -> reported.add(Quarter.of(each)));
        assertThat(reported).isEqualTo(expected);

        List<Quarter> withData =
                expected.stream().filter(quarter -> quarter.deployments() > 0).toList();
        assertSqlGives(withData, """
                SELECT label, deployment_frequency_count, deployment_frequency_deploy_days, change_lead_time_n,
                    change_lead_time_median_ms, change_lead_time_p90_ms
                FROM dash.periods WHERE service = '%s' AND period = 'quarter' AND deployment_frequency_count > 0
                ORDER BY label FORMAT TSV""".formatted(service));
        assertSqlGives(withData, """
                SELECT label, deployments, deploy_days, lead_n, lead_median_ms, lead_p90_ms
                FROM dash.quarters_from_facts WHERE service = '%s' ORDER BY label FORMAT TSV""".formatted(service));
    }

    private void assertSqlGives(List<Quarter> expected, String query) throws IOException, InterruptedException {
        List<List<String>> rows = sluice.sql(query)
                .lines()
                .map(line -> TAB.splitAsStream(line).toList())
                .toList();
        assertThat(rows).as(query).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            Quarter quarter = expected.get(i);
            assertThat(row.subList(0, 4))
                    .isEqualTo(List.of(
                            quarter.label(),
                            Integer.toString(quarter.deployments()),
                            Integer.toString(quarter.deployDays()),
                            Integer.toString(quarter.leadTimes())));
            assertDays(row.get(4), quarter.median(), quarter.label());
            assertDays(row.get(5), quarter.p90(), quarter.label());
        }
    }

    private static void assertDays(String millis, String expectedDays, String label) {
        if (expectedDays.equals("null")) {
            assertThat(millis).as(label).isEqualTo("\\N");
        } else {
            assertThat(Double.parseDouble(millis) / MILLIS_PER_DAY)
                    .as(label)
                    .isCloseTo(Double.parseDouble(expectedDays), within(DAYS_TOLERANCE));
        }
    }

    long storedEvents() {
        try {
            return Long.parseLong(
                    sluice.sql("SELECT count() FROM sluice.events FINAL").strip());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        sluice.close();
    }

    /**
     * The six fields of a quarter, as written.
     *
     * @param median in days; {@code null} where there is none
     * @param p90 in days; {@code null} where there is none
     */
    private record Quarter(String label, int deployments, int deployDays, int leadTimes, String median, String p90) {
        static Quarter of(JsonNode json) {
            return new Quarter(
                    json.path("quarter").asText(),
                    json.path("deployments").asInt(-1),
                    json.path("deploy_days").asInt(-1),
                    json.path("lead_n").asInt(-1),
                    json.path("lead_median_days").asText(),
                    json.path("lead_p90_days").asText());
        }
    }
}
