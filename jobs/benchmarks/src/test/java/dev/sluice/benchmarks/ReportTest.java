package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.benchmarks.Report.Result;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Path ROOT = Path.of(System.getProperty("sluice.root", "../.."));
    private static final Instant END = Instant.parse("2026-01-01T00:00:00Z");
    private static final Figure RATIO = Figure.of("ratio", 0.4, "").within(Budget.atLeast(0.5));

    private static Report report(Result... results) {
        var machine = new Machine("a processor", 2, 24, "Linux 6", "a JVM 17", 0.1);
        return new Report(END, 300, Scale.FULL, new Revision("abc", false), machine, List.of(results));
    }

    @Test
    void showsFigureBudgetAndFactor() {
        String markdown = report(new Result("gate", List.of(RATIO), null)).markdown();

        assertThat(markdown)
                .contains("### Gate decision")
                .contains("| ratio | 0.40 | ≥ 0.50 | missed, 1.25× |")
                .contains("* commit: abc\n")
                .doesNotContain("busy");
    }

    @Test
    void replacesEarlierResults_andNothingElse() {
        Report report = report(new Result("gate", List.of(RATIO), null));
        String document = "# A\n<!-- results: begin -->\nold $1\n<!-- results: end -->\nafter\n";

        String once = report.insertedInto(document);

        assertThat(once)
                .startsWith("# A\n")
                .endsWith("<!-- results: end -->\nafter\n")
                .doesNotContain("old");
        assertThat(report.insertedInto(once)).isEqualTo(once);
        assertThatIllegalArgumentException().isThrownBy(() -> report.insertedInto("# A"));
    }

    @Test
    void theDocumentHasAPlaceForResults() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/reference/performance.md"));

        assertThat(report(new Result("gate", List.of(RATIO), null)).insertedInto(document))
                .contains("| ratio | 0.40 |");
    }

    @Test
    void isIncomplete_whereSomethingWasNotMeasured() {
        Report report = report(
                new Result("gate", List.of(RATIO), null), Result.failed(Measurement.UP, "not done within 4 minutes"));

        assertThat(report.isComplete()).isFalse();
        assertThat(report.markdown()).contains("Not measured: not done within 4 minutes");
    }

    @Test
    void aResultSurvivesTheFileBetweenProcesses() {
        var result = new Result("gate", List.of(RATIO, Figure.of("p50", 1.25, "ms")), null);

        assertThat(Json.read(Json.bytes(result), Result.class)).isEqualTo(result);
    }

    @Test
    void onlyAFullRunOfEverythingIsPublished() {
        assertThat(BenchmarkOptions.of(List.of()).isWhole()).isTrue();
        assertThat(BenchmarkOptions.of(List.of("--quick")).isWhole()).isFalse();
        assertThat(BenchmarkOptions.of(List.of("--only", "gate,dora")).measurements())
                .containsExactly(Measurement.GATE, Measurement.DORA);
        assertThat(BenchmarkOptions.of(List.of("--only", "gate")).isWhole()).isFalse();
        assertThat(BenchmarkOptions.of(List.of("--keys", "5000")).isWhole()).isFalse();
        assertThat(BenchmarkOptions.of(List.of("--keys", "5000")).keys()).isEqualTo(5000);
        assertThatIllegalArgumentException().isThrownBy(() -> BenchmarkOptions.of(List.of("--keys", "0")));
        assertThatIllegalArgumentException().isThrownBy(() -> BenchmarkOptions.of(List.of("--only", "gates")));
        assertThatIllegalArgumentException().isThrownBy(() -> BenchmarkOptions.of(List.of("--fast")));
    }

    @Test
    void readsTheJavaOptionsOfTheLauncher() throws IOException {
        List<String> options = StandaloneProcess.options(Files.readString(ROOT.resolve("deploy/sluice")));

        assertThat(options)
                .anyMatch(option -> option.matches("-Xmx\\d+[mg]"))
                .allMatch(option -> option.startsWith("-"));
        assertThatIllegalArgumentException().isThrownBy(() -> StandaloneProcess.options("#!/bin/sh\n"));
    }

    @Test
    void readsResidentMemory() {
        assertThat(ProcessTree.kibibytes("VmRSS:\t  123456 kB")).isEqualTo(123_456);
    }

    @Test
    void aHistoryHasItsSizeAndShare_andEachEventOnce() {
        DeliveryHistory.Told history = DeliveryHistory.of(3, 12_000, 2, END);

        assertThat(history.events()).as("seed 3").hasSizeBetween(12_000, 12_020);
        assertThat((double) history.commits() / history.attempts()).as("seed 3").isBetween(1.6, 2.0);
        var ids = new HashSet<String>();
        history.events().forEach(event -> ids.add(event.header().id()));
        assertThat(ids).hasSameSizeAs(history.events());
        assertThat(history.events())
                .allMatch(event -> event.header().occurredAt().isBefore(END));
    }
}
