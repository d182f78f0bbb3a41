package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.FreePorts;
import dev.sluice.standalone.SluiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

/**
 * The histories of two public projects through the whole of Sluice, as users do it: the {@code dora} command against a
 * running process. Every quarter must be what was computed from the same files independently.
 */
@EnabledIf(value = "historiesAreThere", disabledReason = "the real histories are not beside the checkout")
class RealHistoryIT {
    private static final Path REAL = Path.of(System.getProperty("sluice.shared", ""), "real");
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Pattern TAB = Pattern.compile("\t");
    private static final double MILLIS_PER_DAY = 86_400_000;
    /** The rounding of the files. */
    private static final double DAYS_TOLERANCE = 0.5e-6 + 1e-9;

    @TempDir
    private static Path data;

    private static int port;
    private static SluiceProcess sluice;

    static boolean historiesAreThere() {
        return Files.isDirectory(REAL);
    }

    @BeforeAll
    static void start() throws IOException {
        port = FreePorts.pick();
        sluice = SluiceProcess.launch(data, port).awaitReady();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        if (sluice != null) {
            sluice.close();
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"javalin, in-order, ''", "argo-rollouts, twice, '--repeat=2,--shuffle=7'"})
    void everyQuarter_isAsComputedIndependently(String repository, String variant, String options)
            throws IOException, InterruptedException {
        assertEveryQuarter(repository, variant, options);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "javalin,       shuffled, --shuffle=5",
        "javalin,       twice,    --repeat=2",
        "argo-rollouts, in-order, ''",
        "argo-rollouts, shuffled, --shuffle=5"
    })
    @Tag("soak")
    void everyQuarter_isAsComputedIndependentlyInOtherOrders(String repository, String variant, String options)
            throws IOException, InterruptedException {
        assertEveryQuarter(repository, variant, options);
    }

    @Test
    void gitRepositoryOfTheSameHistory_givesTheSameQuarters(@TempDir Path checkout)
            throws IOException, InterruptedException, GitAPIException {
        String repository = "argo-rollouts";
        String service = repository + "-git";
        RealRepository.make(
                REAL.resolve(repository + "-commits.csv"), REAL.resolve(repository + "-tags.csv"), checkout);

        Run run = run("dora", "--git", checkout.toString(), "--service", service, "--repository", service);

        assertThat(run.status()).as(run.err()).isZero();
        assertEqualsExpected(repository, service, run);
    }

    @Test
    void killedInTheMiddleAndStartedAgain_theCommandGoesOnAndNothingIsMissing()
            throws IOException, InterruptedException {
        String repository = "argo-rollouts";
        String service = repository + "-killed";
        sluice.awaitCheckpoints(1);
        long before = storedEvents();
        CompletableFuture<Run> running =
                CompletableFuture.supplyAsync(() -> dora(repository, service, List.of("--batch=10")));
        SluiceProcess.await("events are stored", LIMIT, () -> storedEvents() > before + 200);

        sluice.kill();
        assertThat(running).isNotDone();
        sluice = SluiceProcess.launch(data, port).awaitReady();

        Run run = running.join();
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(sluice.output()).contains("job dora goes on from checkpoint");
        assertEqualsExpected(repository, service, run);
    }

    private static void assertEveryQuarter(String repository, String variant, String options)
            throws IOException, InterruptedException {
        String service = repository + "-" + variant;

        Run run = dora(
                repository,
                service,
                Pattern.compile(",")
                        .splitAsStream(options)
                        .filter(option -> !option.isEmpty())
                        .toList());

        assertThat(run.status()).as(run.err()).isZero();
        assertEqualsExpected(repository, service, run);
    }

    private static Run dora(String repository, String service, List<String> options) {
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

    private static Run run(String... command) {
        var arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--output", "json", "--timeout", "180"));
        return Run.of(Map.of("SLUICE_URL", "http://127.0.0.1:" + port), Ansi.OFF, arguments.toArray(String[]::new));
    }

    private static void assertEqualsExpected(String repository, String service, Run run)
            throws IOException, InterruptedException {
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

    private static void assertSqlGives(List<Quarter> expected, String query) throws IOException, InterruptedException {
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

    private static long storedEvents() {
        try {
            return Long.parseLong(
                    sluice.sql("SELECT count() FROM sluice.events FINAL").strip());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void sameHistoryAgain_changesNothing() throws IOException, InterruptedException {
        Run first = dora("javalin", "javalin-again", List.of());
        long events = storedEvents();
        Run second = dora("javalin", "javalin-again", List.of());

        assertThat(second.out()).isEqualTo(first.out());
        assertThat(storedEvents()).isEqualTo(events);
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
