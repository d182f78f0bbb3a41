package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.DevLakeExport.PullRow;
import dev.sluice.cli.DevLakeMetrics.Caused;
import dev.sluice.cli.DevLakeMetrics.Production;
import dev.sluice.cli.DevLakeMetrics.PullTime;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DevLake's formulas at its commit 420e494, by hand. */
class DevLakeMetricsTest {
    @TempDir
    private Path directory;

    @Test
    void deployments_areDistinctPipelinesWithASuccessInProduction_atTheEndOfTheirLastRow() {
        DevLakeFiles files = DevLakeFiles.march(directory)
                .row(
                        "cicd_deployment_commits",
                        "c5b,%s,d5,SUCCESS,PRODUCTION,2026-03-20 09:50:00,2026-03-20 11:00:00,t1,repo:8,"
                                        .formatted(DevLakeFiles.SCOPE)
                                + "https://github.com/acme/till.git,");

        List<Production> deployments = new DevLakeMetrics(files.read()).deployments();

        assertThat(deployments).extracting(Production::id).containsExactly("d1", "d2", "d3", "d4", "d5");
        assertThat(deployments.get(4).finished()).isEqualTo(Instant.parse("2026-03-20T11:00:00Z"));
    }

    @Test
    void leadTime_isTheSumOfPartsInWholeMinutesRoundedUp() {
        Map<String, Long> minutes = new DevLakeMetrics(
                        DevLakeFiles.march(directory).read())
                .pullTimes().stream()
                        .collect(Collectors.toMap(time -> time.pull().id(), PullTime::minutes));

        assertThat(minutes).containsExactlyInAnyOrderEntriesOf(Map.of("p1", 1560L, "p2", 1441L, "p3", 1440L));
    }

    @Test
    void partBelowZero_isLeftOutOfTheSum() {
        DevLakeFiles files = new DevLakeFiles(directory)
                .deployment("1", "2026-03-01", "s1", "")
                .deployment("2", "2026-03-03", "s2", "c1")
                .row("commits_diffs", "s2,s1,s2,1")
                // merged an hour after the deployment; first commit one hour before its creation
                .pull("1", "2026-03-03 09:00:00", "2026-03-03 11:00:00", "s2")
                .row("pull_request_commits", "p1,b1,2026-03-03 08:00:00");

        PullTime time = new DevLakeMetrics(files.read()).pullTimes().get(0);

        assertThat(time.minutes()).isEqualTo(60 + 120);
        assertThat(time.negative()).isTrue();
    }

    @Test
    void pullRequest_isDeployedByTheEarliestStarted_thatHasAPredecessor() {
        DevLakeFiles files = new DevLakeFiles(directory)
                .deployment("1", DevLakeFiles.SCOPE, "2026-03-01 09:00:00", "2026-03-01 10:00:00", "s1", "")
                .deployment("2", DevLakeFiles.SCOPE, "2026-03-03 08:00:00", "2026-03-03 12:00:00", "s2", "c1")
                .deployment("3", DevLakeFiles.SCOPE, "2026-03-03 09:00:00", "2026-03-03 10:00:00", "s3", "c1")
                .row("commits_diffs", "s2,s1,s2,1")
                .row("commits_diffs", "s3,s1,s3,1")
                .row("commits_diffs", "s3,s1,s2,2")
                .pull("1", "2026-03-02 09:00:00", "2026-03-02 11:00:00", "s2")
                .pull("2", "2026-02-20 09:00:00", "2026-02-20 11:00:00", "s1");

        List<PullTime> times = new DevLakeMetrics(files.read()).pullTimes();

        assertThat(times).extracting(time -> time.row().id()).containsExactly("c2");
        assertThat(times).extracting(PullTime::pull).extracting(PullRow::id).containsExactly("p1");
    }

    @Test
    void incident_isOfTheLatestDeploymentStrictlyBeforeIt_howeverLongAgo() {
        DevLakeFiles files = DevLakeFiles.march(directory)
                .incident("4", "2026-03-05 10:00:00", "NULL")
                .incident("5", "2026-02-01 00:00:00", "NULL");

        Map<String, String> causes = new DevLakeMetrics(files.read())
                .caused().stream()
                        .collect(Collectors.toMap(
                                caused -> caused.incident().id(),
                                (Caused caused) -> caused.deployment().id()));

        // at the very moment d3 finished it is still of d2; nothing was deployed before i5
        assertThat(causes).containsExactlyInAnyOrderEntriesOf(Map.of("i1", "d2", "i2", "d4", "i3", "d5", "i4", "d2"));
    }

    @Test
    void median_isTheLowerOfTwoMiddleValues() {
        assertThat(DevLakeMetrics.lowerMedian(List.of(240L, 180L))).hasValue(180);
        assertThat(DevLakeMetrics.lowerMedian(List.of(9L, 1L, 5L))).hasValue(5);
        assertThat(DevLakeMetrics.lowerMedian(List.of(4L, 3L, 2L, 1L))).hasValue(2);
        assertThat(DevLakeMetrics.lowerMedian(List.of())).isEmpty();
    }

    @Test
    void minutes_areRoundedUp_andNoneBelowZero() {
        Instant start = Instant.parse("2026-03-01T00:00:00Z");

        assertThat(DevLakeMetrics.minutes(start, start.plusMillis(60_000))).isEqualTo(1);
        assertThat(DevLakeMetrics.minutes(start, start.plusMillis(60_001))).isEqualTo(2);
        assertThat(DevLakeMetrics.minutes(start, start)).isZero();
        // Go's Ceil(-0.5) is 0, Ceil(-1) is below it
        assertThat(DevLakeMetrics.minutes(start, start.minusSeconds(30))).isZero();
        assertThat(DevLakeMetrics.minutes(start, start.minusSeconds(60))).isNull();
        assertThat(DevLakeMetrics.minutes(null, start)).isNull();
    }
}
