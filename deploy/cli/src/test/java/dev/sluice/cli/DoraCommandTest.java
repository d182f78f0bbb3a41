package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

class DoraCommandTest {
    private static final String RECEIPT = "{\"deliveries\":[],\"received_at\":\"2026-05-01T00:00:00.500Z\"}";
    private static final String PERIODS = """
            {"stored_through":"2026-05-01T00:00:01Z","periods":[
              {"label":"2025-Q4","metrics":{
                "deployment_frequency":{"count":7,"deploy_days":6},
                "change_lead_time":{"n":94,"median_ms":147802500.0,"p90_ms":551384582.4}}},
              {"label":"2026-Q1","metrics":{
                "deployment_frequency":{"count":0,"deploy_days":0},
                "change_lead_time":{"n":0,"median_ms":null,"p90_ms":null}}}]}""";

    private final LocalApi api = new LocalApi();

    @TempDir
    private Path directory;

    private Path commits = Path.of("");
    private Path releases = Path.of("");

    @BeforeEach
    void write() throws IOException {
        var text = new StringBuilder("sha,author_time,commit_time,parents\n");
        for (int i = 0; i < 25; i++) {
            text.append("c%d,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,%s%n".formatted(i, i == 0 ? "" : "c" + (i - 1)));
        }
        commits = Files.writeString(directory.resolve("shop-commits.csv"), text);
        releases = Files.writeString(
                directory.resolve("shop-tags.csv"), "tag,tag_time,sha,is_release\nv1,2026-02-01T00:00:00Z,c24,1\n");
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void jsonOutput_isOneDocumentAndNothingElse() throws IOException {
        prepare();

        Run run = dora("--output", "json");

        assertThat(run.err()).contains("Sending shop: 26 events").contains("26 of 26 events done");
        assertThat(run.status()).isZero();
        assertThat(Documents.mapper().readTree(run.out()))
                .isEqualTo(Documents.mapper().readTree("""
                                        {"quarters":[
                                          {"quarter":"2025-Q4","deployments":7,"deploy_days":6,"lead_n":94,
                                           "lead_median_days":1.710677,"lead_p90_days":6.381766},
                                          {"quarter":"2026-Q1","deployments":0,"deploy_days":0,"lead_n":0,
                                           "lead_median_days":null,"lead_p90_days":null}]}"""));
    }

    @Test
    void textOutput_isATable() {
        prepare();

        assertThat(dora().out())
                .isEqualTo(String.join(
                        System.lineSeparator(),
                        "quarter  deployments  deploy days  changes  lead time median    p90",
                        "-------  -----------  -----------  -------  ----------------  -----",
                        "2025-Q4            7            6       94             1.7 d  6.4 d",
                        "2026-Q1            0            0        0                 -      -",
                        ""));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 s",
        "59000, 59 s",
        "60000, 1 min",
        "3599000, 59 min 59 s",
        "32940000, 9 h 9 min",
        "86399000, 23 h 59 min",
        "86400000, 1.0 d"
    })
    void leadTimeBelowADay_isToldInSmallerUnits(long millis, String shown) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.putArray("periods")
                .addObject()
                .putObject("metrics")
                .putObject("change_lead_time")
                .put("median_ms", millis);
        var out = new ByteArrayOutputStream();

        QuarterReport.of(answer).toTable().print(new PrintStream(out, true, StandardCharsets.UTF_8));

        assertThat(out.toString(StandardCharsets.UTF_8)).contains(" " + shown + "  ");
    }

    @Test
    void sendsEverythingInBatchesOfTheAskedSize() throws IOException {
        prepare();

        dora("--batch", "10");

        List<LocalApi.Asked> batches = api.asked("/v1/events");
        assertThat(batches)
                .hasSize(3)
                .allSatisfy(batch -> assertThat(batch.contentType()).isEqualTo("application/cloudevents-batch+json"));
        assertThat(sent()).hasSize(26).doesNotHaveDuplicates().contains("c0", "c24", "v1");
    }

    @Test
    void waitsUntilEverythingReceivedIsStored() {
        api.answers("/v1/events", 202, RECEIPT)
                .answers("/v1/dora", 503, "{\"title\":\"not stored yet\"}", Map.of("Retry-After", "1"))
                .answers("/v1/dora", 200, PERIODS);

        assertThat(dora().status()).isZero();
        assertThat(api.asked("/v1/dora"))
                .hasSize(2)
                .allSatisfy(asked -> assertThat(asked.query())
                        .contains("through=2026-05-01T00:00:00.501Z", "period=quarter", "service=shop"));
    }

    @Test
    void waitingHasALimit() {
        api.answers("/v1/events", 202, RECEIPT)
                .answers("/v1/dora", 503, "{\"title\":\"not stored yet\"}", Map.of("Retry-After", "1"));

        Run run = dora("--timeout", "2");

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("reading the quarters of shop failed: not stored yet");
    }

    @Test
    void shuffled_sendsTheSameInAnotherOrder() throws IOException {
        prepare();
        dora();
        List<String> inOrder = sent();

        try (var other = new LocalApi()) {
            other.answers("/v1/events", 202, RECEIPT).answers("/v1/dora", 200, PERIODS);
            Run.of(Map.of("SLUICE_URL", other.url()), Ansi.OFF, arguments("--shuffle", "3", "--repeat", "2"));
            List<String> shuffled = sent(other);
            assertThat(shuffled).hasSize(52).containsAll(inOrder);
            assertThat(shuffled.subList(0, 26)).isNotEqualTo(inOrder);
        }
    }

    @Test
    void refusedEvent_isToldWithItsPointer() {
        api.answers(
                "/v1/events",
                400,
                "{\"title\":\"Invalid event\",\"errors\":[{\"pointer\":\"/3/data/subject\",\"detail\":\"is wrong\"}]}");

        Run run = dora();

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("sending the events 1 to 26 failed").contains("at /3/data/subject: is wrong");
    }

    @Test
    void missingFile_isNamed() {
        Run run = Run.of("dora", "--commits", "absent.csv", "--releases", releases.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("cannot read absent.csv");
    }

    @Test
    void missingFile_isSaidToBeMissing() {
        assertThat(Run.of("dora", "--commits", "absent.csv", "--releases", releases.toString())
                        .err())
                .contains("cannot read absent.csv: there is no such file");
    }

    @Test
    void isReleaseThatIsNeitherZeroNorOne_isRefusedBeforeAnythingIsSent() throws IOException {
        prepare();
        Files.writeString(
                releases,
                "tag,tag_time,sha,is_release\nv1,2026-02-01T00:00:00Z,c24,1\nv2,2026-02-02T00:00:00Z,c24,true\n");

        Run run = dora();

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("shop-tags.csv, row 3: is_release is neither 0 nor 1: true");
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void fileWithoutRelease_isRefusedBeforeAnythingIsSent() throws IOException {
        prepare();
        Files.writeString(releases, "tag,tag_time,sha,is_release\nv1,2026-02-01T00:00:00Z,c24,0\n");

        Run run = dora();

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("shop-tags.csv has no release");
        assertThat(api.asked()).isEmpty();
    }

    @Test
    void releasesOfUnknownCommits_areCountedAndSent() throws IOException {
        prepare();
        Files.writeString(
                releases,
                "tag,tag_time,sha\nv1,2026-02-01T00:00:00Z,c24\nv2,2026-02-02T00:00:00Z,f0\nv3,2026-02-03T00:00:00Z,f1\n");

        Run run = dora();

        assertThat(run.status()).isZero();
        assertThat(run.err())
                .contains("warning: 2 of 3 releases are of commits that the file of commits does not have");
        assertThat(sent()).contains("v1", "v2", "v3");
    }

    @Test
    void knownCommits_areNoWarning() {
        prepare();

        assertThat(dora().err()).doesNotContain("warning");
    }

    @ParameterizedTest
    @CsvSource({"shop-commits.csv,shop", "shop_commits.csv,shop", "shop.commits.csv,shop", "shop.csv,shop"})
    void service_isTheFileWithoutWhatSaysThatItHasCommits(String file, String service) {
        assertThat(DoraCommand.nameOf(Path.of("in", file))).isEqualTo(service);
    }

    @Test
    void fileThatNamesNoService_needsTheOption() throws IOException {
        prepare();
        commits = Files.move(commits, directory.resolve("commits.csv"));

        Run run = dora();

        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err()).contains("say so with --service");
        assertThat(api.asked()).isEmpty();
        assertThat(dora("--service", "shop").status()).isZero();
    }

    @Test
    void batchOfNothing_isWrongUsage() {
        assertThat(dora("--batch", "0").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void days_areRoundedToSixDecimals() {
        assertThat(QuarterReport.days(new DoubleNode(86_400_000))).isEqualByComparingTo("1");
        assertThat(QuarterReport.days(new DoubleNode(1))).isEqualByComparingTo("0");
        assertThat(QuarterReport.days(new DoubleNode(44))).isEqualByComparingTo("0.000001");
        assertThat(QuarterReport.days(new DoubleNode(1_535_804_500))).isEqualByComparingTo("17.775515");
        assertThat(QuarterReport.days(NullNode.getInstance())).isNull();
    }

    @Test
    void gitRepository_isSentLikeFiles() throws IOException, GitAPIException, URISyntaxException {
        prepare();
        Path checkout = directory.resolve("shop");
        try (var repository = new TestRepository(checkout)) {
            repository.origin("git@example.org:acme/shop.git");
            Instant at = Instant.parse("2026-01-01T00:00:00Z");
            String root = repository.commit(at, at, "root");
            repository.branch("main", root);
            repository.lightweightTag("v1", root);
            repository.lightweightTag("v2-rc1", root);
        }

        Run run = Run.of(Map.of("SLUICE_URL", api.url()), Ansi.OFF, "dora", "--git", checkout.toString());

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).contains("acme/shop: 1 commits, 1 releases, 1 pre-releases left out");
        assertThat(sent()).hasSize(2).contains("v1");
        assertThat(api.asked("/v1/dora"))
                .singleElement()
                .satisfies(asked -> assertThat(asked.query()).contains("service=shop"));
    }

    @Test
    void repositoryWithoutReleases_isTold() throws GitAPIException, IOException {
        Path checkout = directory.resolve("shop");
        try (var repository = new TestRepository(checkout)) {
            Instant at = Instant.parse("2026-01-01T00:00:00Z");
            repository.lightweightTag("v2-rc1", repository.commit(at, at, "root"));
        }

        Run run = Run.of("dora", "--git", checkout.toString());

        assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
        assertThat(run.err()).contains("is a release; --pre-releases takes its pre-releases");
    }

    @Test
    void filesAndGitTogetherOrNeither_areWrongUsage() {
        assertThat(dora("--git", ".").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(dora("--tags", "v*").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Run.of("dora").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(Run.of("dora", "--git", ".", "--tags", "v[").status()).isEqualTo(ExitStatus.USAGE);
    }

    private void prepare() {
        api.answers("/v1/events", 202, RECEIPT).answers("/v1/dora", 200, PERIODS);
    }

    private Run dora(String... more) {
        return Run.of(Map.of("SLUICE_URL", api.url()), Ansi.OFF, arguments(more));
    }

    private String[] arguments(String... more) {
        var all = new ArrayList<>(List.of("dora", "--commits", commits.toString(), "--releases", releases.toString()));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private List<String> sent() throws IOException {
        return sent(api);
    }

    private static List<String> sent(LocalApi api) throws IOException {
        var subjects = new ArrayList<String>();
        for (LocalApi.Asked batch : api.asked("/v1/events")) {
            for (JsonNode event : Documents.mapper().readTree(batch.body())) {
                subjects.add(event.path("subject").asText());
            }
        }
        return subjects;
    }
}
