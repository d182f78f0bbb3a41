package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.embedded.FreePorts;
import dev.sluice.standalone.SluiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Help.Ansi;

/** Exports of DevLake through the whole of Sluice. */
class DevLakeIT {
    private static final String EVENTS = "SELECT count() FROM sluice.events FINAL";

    @TempDir
    private static Path data;

    private static int port;
    private static SluiceProcess sluice;

    @TempDir
    private Path export;

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

    @Test
    void numbersOfTheSmallExport_areThoseByHand_alsoWhenItIsSentAgain() throws IOException, InterruptedException {
        Path directory = DevLakeFiles.march(export).write();

        Run first = devlake(directory);
        String events = sluice.sql(EVENTS);
        Run second = devlake(directory);

        assertThat(first.status()).as(first.err()).isZero();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(sluice.sql(EVENTS)).isEqualTo(events);
        JsonNode metrics =
                Documents.mapper().readTree(first.out()).path("months").path(0).path("metrics");
        assertSluice(metrics, "deployment_frequency", 4, 4);
        // 26 h, 24 h, and 18 h from the merge on
        assertSluice(metrics, "pull_request_lead_time", 86_400_000, 3);
        assertSluice(metrics, "change_fail_rate", 0.25, 4);
        assertSluice(metrics, "failed_deployment_recovery_time", 7_200_000, 1);
        assertThat(first.out()).doesNotContain("UNEXPLAINED").doesNotContain("OTHER_RULE");
    }

    @Test
    void everyDifferenceOfTwoServicesOfOneRepository_isExplained() {
        long seed = 20_260_105;
        DevLakeFiles files = new TwoServices(new Random(seed), new DevLakeFiles(export)).play();

        Run run = devlake(files.write(), "--service", "board:a=a", "--service", "board:b=b");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .as("seed " + seed)
                .contains("REDEPLOY", "ROLLBACK", "AFTER_ROLLBACK", "OTHER_SERVICE", "COUNTED_ELSEWHERE", "OTHER_RULE")
                .doesNotContain("UNEXPLAINED");
    }

    private static Run devlake(Path directory, String... more) {
        var all = new ArrayList<>(
                List.of("devlake", "--dir", directory.toString(), "--output", "json", "--timeout", "120"));
        all.addAll(List.of(more));
        return Run.of(Map.of("SLUICE_URL", "http://127.0.0.1:" + port), Ansi.OFF, all.toArray(String[]::new));
    }

    private static void assertSluice(JsonNode metrics, String metric, double value, int n) {
        JsonNode here = metrics.path(metric).path("sluice");
        assertThat(here.path("value").asDouble(-1)).as(metric).isEqualTo(value);
        assertThat(here.path("n").asInt(-1)).as(metric).isEqualTo(n);
    }

    /** One line of commits m1, m2 …, each a pull request, which two services deploy at their own pace. */
    private static final class TwoServices {
        private static final int COMMITS = 90;

        private final Random random;
        private final DevLakeFiles files;
        private final Map<String, List<Integer>> deployed = new HashMap<>();
        private final Map<String, String> previous = new HashMap<>();
        private Instant now = Instant.parse("2026-01-05T08:00:00Z");
        private int deployments;
        private int incidents;

        TwoServices(Random random, DevLakeFiles files) {
            this.random = random;
            this.files = files;
        }

        DevLakeFiles play() {
            for (int commit = 1; commit <= COMMITS; commit++) {
                Instant first = later(60);
                Instant created = later(300);
                files.row("pull_request_commits", "p1%d,b%d,%s".formatted(commit, commit, first));
                files.pull("1" + commit, created.toString(), later(600).toString(), "n" + commit);
                for (String service : List.of("a", "b")) {
                    if (random.nextInt(service.equals("a") ? 2 : 5) == 0) {
                        deploy(service, commit);
                    }
                }
            }
            return files;
        }

        private void deploy(String service, int newest) {
            List<Integer> own = deployed.computeIfAbsent(service, any -> new ArrayList<>());
            int old = own.isEmpty() ? 0 : own.get(own.size() - 1);
            int choice = random.nextInt(8);
            int commit =
                    choice == 0 && old > 0 ? old : choice == 1 && own.size() > 1 ? own.get(own.size() - 2) : newest;
            Instant started = later(90);
            Instant finished = later(30);
            String number = Integer.toString(++deployments);
            files.deployment(
                    number,
                    service,
                    started.toString(),
                    finished.toString(),
                    "n" + commit,
                    previous.getOrDefault(service, ""));
            for (int each = commit; old > 0 && each > old; each--) {
                files.row("commits_diffs", "n%d,n%d,n%d,%d".formatted(commit, old, each, commit - each + 1));
            }
            own.add(commit);
            previous.put(service, "c" + number);
            if (random.nextInt(3) == 0) {
                Instant began = finished.plus(Duration.ofMinutes(random.nextInt(6000)));
                String resolved = random.nextInt(4) == 0
                        ? "NULL"
                        : began.plusSeconds(random.nextInt(90_000)).toString();
                String suffering = random.nextInt(4) == 0 ? "b" : service;
                files.row(
                        "incidents",
                        "j%d,Broken,%s,%s,DONE,high,boards,board:%s"
                                .formatted(++incidents, began, resolved, suffering));
            }
        }

        private Instant later(int mostMinutes) {
            now = now.plusSeconds(1 + random.nextInt(mostMinutes * 60));
            return now;
        }
    }
}
