package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeCommandTest {
    private static final long SEED = 20261128;
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final String RATIO = "metric,time,count,exposure";
    private static final String VALUE = "metric,time,value";
    private static final String HISTOGRAM = "metric,time,le,count";

    @TempDir
    private Path directory = Path.of("");

    private Path baseline = Path.of("");

    @BeforeEach
    void writeTheBaseline() throws IOException {
        baseline = errors("baseline.csv", 180, 9500, 0.01);
    }

    @Test
    void aGoodCanaryIsSuccessful() throws IOException {
        Run run = judge(errors("canary.csv", 180, 500, 0.01));
        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out()).contains("Successful at 2026-11-28T12:29:50Z", "proof that it is within the margin");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aBadCanaryHasFailed() throws IOException {
        Run run = judge(errors("canary.csv", 180, 500, 0.03));
        assertThat(run.status()).isEqualTo(10);
        assertThat(run.out()).contains("Failed at 2026-11-28T12:0", "proof that it is beyond what is tolerated");
    }

    @Test
    void theJsonHasItsForm() throws IOException {
        Run run = judge(errors("canary.csv", 180, 500, 0.03), "--output", "json");
        assertThat(run.status()).isEqualTo(10);
        JsonNode document = Documents.mapper().readTree(run.out());
        assertThat(names(document)).containsExactly("verdict", "alpha", "beta", "metrics");
        assertThat(document.get("verdict").asText()).isEqualTo("Failed");
        assertThat(document.get("alpha").asDouble()).isEqualTo(0.01);
        assertThat(document.get("beta").asDouble()).isEqualTo(0.05);
        assertThat(document.get("metrics")).hasSize(1);
        JsonNode metric = document.get("metrics").get(0);
        assertThat(names(metric))
                .containsExactly(
                        "name",
                        "kind",
                        "verdict",
                        "direction",
                        "estimate",
                        "interval",
                        "tolerance",
                        "margin",
                        "log_e_fail",
                        "log_e_pass",
                        "baseline",
                        "canary",
                        "reason");
        assertThat(metric.get("name").asText()).isEqualTo("errors");
        assertThat(metric.get("kind").asText()).isEqualTo("ratio");
        assertThat(metric.get("verdict").asText()).isEqualTo("Failed");
        assertThat(metric.get("direction").asText()).isEqualTo("increase");
        assertThat(metric.get("tolerance").asDouble()).isEqualTo(0.1);
        assertThat(metric.get("margin").asDouble()).isEqualTo(0.5);
        assertThat(metric.get("log_e_fail").asDouble()).isGreaterThanOrEqualTo(Math.log(100));
        double estimate = metric.get("estimate").asDouble();
        assertThat(metric.get("interval").get(0).asDouble()).isBetween(1.0, estimate);
        assertThat(metric.get("interval").get(1).asDouble()).isGreaterThan(estimate);
        assertThat(names(metric.get("canary"))).containsExactly("n", "events");
        // six buckets of 10 s settle and six are the warm-up
        double counted = metric.get("canary").get("n").asDouble();
        assertThat(counted % 500).isZero();
        assertThat(metric.get("baseline").get("n").asDouble()).isEqualTo(19 * counted);
    }

    @Test
    void withoutDataOfTheCanaryItIsInconclusive() throws IOException {
        Run run = judge(file("canary.csv", RATIO, List.of()), "--output", "json");
        assertThat(run.status()).isEqualTo(11);
        JsonNode metric = Documents.mapper().readTree(run.out()).get("metrics").get(0);
        assertThat(metric.get("verdict").asText()).isEqualTo("Inconclusive");
        assertThat(metric.get("estimate").isNull()).isTrue();
        assertThat(metric.get("interval").get(1).isNull()).isTrue();
        assertThat(metric.get("canary").get("n").asInt()).isZero();
        assertThat(run.err()).contains("errors: no data of the canary");
    }

    @Test
    void rowsInAnyOrderAndInSeveralFilesAreTheSame() throws IOException {
        Path whole = errors("canary.csv", 60, 500, 0.013);
        List<String> rows = new ArrayList<>(Files.readAllLines(whole));
        rows.remove(0);
        Collections.shuffle(rows, new Random(SEED));
        Path one = file("one.csv", RATIO, rows.subList(0, 25));
        Path other = file("other.csv", RATIO, rows.subList(25, 60));
        Run expected = judge(whole, "--output", "json");
        Run actual = Run.of(
                "judge",
                "--baseline",
                baseline.toString(),
                "--canary",
                one.toString(),
                "--canary",
                other.toString(),
                "--output",
                "json");
        assertThat(actual.out()).isEqualTo(expected.out());
        assertThat(actual.status()).isEqualTo(expected.status());
    }

    @Test
    void aTimeHasThreeForms() throws IOException {
        Path seconds = errors("seconds.csv", 60, 500, 0.01);
        List<String> rows = Files.readAllLines(seconds).stream().skip(1).toList();
        List<String> millis = rows.stream()
                .map(row -> row.replaceFirst(",(\\d{10}),", ",$1000,"))
                .toList();
        List<String> rfc3339 = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            String time = START.plusSeconds(10L * i).toString().replace("Z", "+00:00");
            rfc3339.add(rows.get(i).replaceFirst(",\\d{10},", "," + time + ","));
        }
        String expected = judge(seconds).out();
        assertThat(judge(file("millis.csv", RATIO, millis)).out()).isEqualTo(expected);
        assertThat(judge(file("rfc3339.csv", RATIO, rfc3339)).out()).isEqualTo(expected);
    }

    @Test
    void theColumnsMayHaveAnotherOrder() throws IOException {
        Path canary = file(
                "canary.csv", "exposure,count,time,metric", List.of("500,4," + START.getEpochSecond() + ",errors"));
        assertThat(judge(canary).out()).contains("errors");
    }

    @Test
    void countersThatOnlyGrowAreRefused() throws IOException {
        List<String> growing = IntStream.range(1, 60)
                .mapToObj(i -> "errors," + (START.getEpochSecond() + 10L * i) + "," + 5 * i + "," + 500 * i)
                .toList();
        Run run = judge(file("growing.csv", RATIO, growing));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("looks like a counter that only grows: give the difference to the row before");
        // errors that never fall beside an even number of requests are no counter
        List<String> even = IntStream.range(1, 60)
                .mapToObj(i -> "errors," + (START.getEpochSecond() + 10L * i) + "," + i / 20 + ",500")
                .toList();
        assertThat(judge(file("even.csv", RATIO, even)).status()).isNotEqualTo(1);
    }

    /** A row of a minute that begins with the run is all of the time in which traffic settles. */
    @Test
    void aRowIsOfTheTimeBeforeIt() throws IOException {
        List<String> rows = new ArrayList<>();
        List<String> same = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            long end = START.getEpochSecond() + 60L * i;
            rows.add("errors," + end + "," + (i == 1 ? 3000 : 30 + i % 3) + ",3000");
            same.add("errors," + end + "," + (570 + i % 7) + ",57000");
        }
        Path config = write("minute.yaml", "bucket: 1m\n");
        Run run = judge(
                file("baseline-minute.csv", RATIO, same),
                file("canary-minute.csv", RATIO, rows),
                "--config",
                config.toString(),
                "--start",
                START.toString());
        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.out()).doesNotContain("counts vary");
    }

    @Test
    void theStartHasThreeFormsToo() throws IOException {
        Path canary = errors("canary.csv", 180, 500, 0.01);
        String expected = judge(canary, "--start", START.toString()).out();
        assertThat(judge(canary, "--start", Long.toString(START.getEpochSecond()))
                        .out())
                .isEqualTo(expected);
        Run late = judge(canary, "--start", START.plusSeconds(7200).toString());
        assertThat(late.status()).isEqualTo(1);
        assertThat(late.err()).contains("the canary has no row after --start");
    }

    @Test
    void aLateFailureShowsTheLastBuckets() throws IOException {
        List<String> rows = new ArrayList<>(Files.readAllLines(errors("canary.csv", 720, 500, 0.01)));
        rows.remove(0);
        for (int i = 700; i < 720; i++) {
            rows.set(i, "errors," + (START.getEpochSecond() + 10L * i) + ",25,500");
        }
        Run run = judge(errors("baseline-long.csv", 720, 9500, 0.01), file("late.csv", RATIO, rows));
        assertThat(run.status()).isEqualTo(10);
        assertThat(run.out()).contains("; in the last 6 counted buckets ");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheHeader() throws IOException {
        Path canary = errors("canary.csv", 60, 500, 0.01);
        Path marked = write("marked.csv", "\uFEFF" + Files.readString(canary));
        assertThat(judge(marked).out()).isEqualTo(judge(canary).out());
    }

    @Test
    void gaugesDecideNothingWithoutAHistoryAndDoWithOne() throws IOException {
        Path steady = gauge("steady.csv", 600, i -> 1.0, 1);
        Path raised = gauge("raised.csv", 600, i -> i < 400 ? 1.0 : 1.4, 2);
        Run without = judge(steady, raised);
        assertThat(without.status()).isEqualTo(11);
        assertThat(without.out()).contains("no required metric", "advisory: a gauge without history");
        String start = START.plusSeconds(4000).toString();
        Run with = judge(steady, raised, "--start", start);
        assertThat(with.status()).as(with.out()).isEqualTo(10);
        assertThat(with.out()).contains("times as much");
        Run same = judge(steady, gauge("same.csv", 600, i -> 1.0, 3), "--start", start);
        assertThat(same.status()).as(same.out()).isZero();
    }

    @Test
    void eachValueOfALatencyIsARequest() throws IOException {
        Path config = write("config.yaml", "metrics:\n  - {name: duration, kind: histogram}\n");
        Path fast = durations("baseline-duration.csv", 400, 1);
        Run slow = judge(fast, durations("slow.csv", 100, 1.5), "--config", config.toString());
        assertThat(slow.status()).as(slow.out()).isEqualTo(10);
        assertThat(slow.out()).contains("duration: p");
        Run equal = judge(fast, durations("equal.csv", 100, 1), "--config", config.toString(), "--output", "json");
        assertThat(equal.status()).as(equal.out()).isZero();
        JsonNode metric =
                Documents.mapper().readTree(equal.out()).get("metrics").get(0);
        assertThat(metric.get("kind").asText()).isEqualTo("histogram");
        assertThat(metric.get("estimate").asDouble()).isBetween(0.8, 1.25);
    }

    @Test
    void histogramsAreComparedAtTheirBounds() throws IOException {
        Path fast = histogram("baseline-h.csv", 2000, 1);
        Run slow = judge(fast, histogram("slow-h.csv", 300, 1.6));
        assertThat(slow.status()).as(slow.out()).isEqualTo(10);
        assertThat(slow.out()).contains("no bound of the histogram is near 1.05 times");
        Run equal = judge(fast, histogram("equal-h.csv", 300, 1));
        assertThat(equal.status()).as(equal.out()).isZero();
    }

    @Test
    void theConfigSaysWhatIsJudged() throws IOException {
        Path config = write("config.yaml", """
                alpha: 0.05
                bucket: 20s
                settle: 0s
                metrics:
                  - name: errors
                    kind: ratio
                    tolerance: 3
                    margin: {relative: 5, absolute: 0.001}
                """);
        List<String> rows = new ArrayList<>(Files.readAllLines(errors("canary.csv", 180, 500, 0.03)));
        rows.remove(0);
        rows.add("other," + START.getEpochSecond() + ",500,500");
        Run run = judge(file("canary.csv", RATIO, rows), "--config", config.toString(), "--output", "json");
        assertThat(run.status()).as(run.out()).isZero();
        assertThat(run.err()).contains("not judged, as the config does not name them: other");
        JsonNode document = Documents.mapper().readTree(run.out());
        assertThat(document.get("alpha").asDouble()).isEqualTo(0.05);
        // 180 rows; the first and the last bucket of 20 s have one, the others two, and 6 are the warm-up
        assertThat(document.get("metrics").get(0).get("canary").get("n").asInt())
                .isEqualTo(180 * 500 - 11 * 500);
    }

    @Test
    void samplesFurtherApartThanABucketAreNoticed() throws IOException {
        List<String> shifted = IntStream.range(0, 60)
                .mapToObj(i -> "errors," + (START.getEpochSecond() + 60L * i + 30) + ",5,500")
                .toList();
        List<String> aligned = IntStream.range(0, 60)
                .mapToObj(i -> "errors," + (START.getEpochSecond() + 60L * i) + ",95,9500")
                .toList();
        Run run = judge(file("baseline-m.csv", RATIO, aligned), file("canary-m.csv", RATIO, shifted));
        assertThat(run.status()).isEqualTo(11);
        assertThat(run.out()).contains("only 0 buckets have data of both arms", "set bucket in --config");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metric,time,count,exposure;errors,1764331200,x,5 | line 2: count must be a number of at most 1e100, is x",
                "metric,time,count,exposure;errors,1764331200,-1,5 | line 2: count must be a number from 0 to 1e12, is -1",
                "metric,time,count,exposure;errors,1764331200,1e999,5 | line 2: count must be a number of at most 1e100, is 1e999",
                "metric,time,count,exposure;errors,1764331200,6,5 | line 2: count is greater than exposure; where the exposure is time and not requests, say exposure: time for errors in --config",
                "metric,time,count,exposure;errors,yesterday,1,5 | line 2: time must be a time such as 2026-11-28T12:00:00Z, or seconds since 1970, is yesterday",
                "metric,time,count,exposure;errors,-5,1,5 | line 2: time must be a time such as 2026-11-28T12:00:00Z, or seconds since 1970, is -5",
                "metric,time,count,exposure;errors,1e30,1,5 | line 2: time must be a time such as 2026-11-28T12:00:00Z, or seconds since 1970, is 1e30",
                "metric,time,count,exposure;,1764331200,1,5 | line 2: metric is empty",
                "metric,time,count,exposure;errors,1764331200,1 | line 2: Not enough column values: expected 4, found 3",
                "metric,time,count,exposure;errors,1764331200,1,2,3 | line 2: Too many entries: expected at most 4",
                "metric,time,count;errors,1764331200,1 | the first line must be metric,time,value or metric,time,count,exposure or metric,time,le,count, is metric,time,count",
                "metric,time,value;errors,1764331200,1 | line 2: errors is of metric,time,value here and of metric,time,count,exposure in",
                "metric,time,le,count;d,1764331200,0.5,3 | there is no row with le +Inf, which has all requests",
                "metric,time,le,count;d,1764331200,0.5,3;d,1764331200,+Inf,2 | counts must not fall from one le to the next",
                "metric,time,le,count;d,1764331200,0.5,3.5 | line 2: count must be a whole number, is 3.5",
                "metric,time,le,count;d,1764331200,x,3 | line 2: le must be a number of at most 1e100, is x"
            })
    void aWrongRowIsToldWithItsPlace(String lines, String message) throws IOException {
        Path wrong = write("wrong.csv", lines.replace(';', '\n') + "\n");
        Run run = Run.of(
                "judge",
                "--baseline",
                baseline.toString(),
                "--baseline",
                wrong.toString(),
                "--canary",
                wrong.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(message).contains("wrong.csv").doesNotContain("Exception");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsAnError() throws IOException {
        assertThat(judge(directory.resolve("none.csv")).err()).contains("none.csv: there is no such file");
        assertThat(judge(write("empty.csv", "")).err()).contains("empty.csv is empty; its first line must be");
        Run nothing = Run.of(
                "judge",
                "--baseline",
                file("a.csv", RATIO, List.of()).toString(),
                "--canary",
                file("b.csv", VALUE, List.of()).toString());
        assertThat(nothing.status()).isEqualTo(1);
        assertThat(nothing.err()).contains("there is no sample in the files");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alhpa: 0.01 | /alhpa: The field alhpa is not known here.",
                "metrics: [{name: errors, kind: ratio, margin: 0.05}] | /metrics/0: errors: the margin (0.05 relative, 0.0 absolute) must be at least the tolerance",
                "metrics: [{name: errors, kind: gauge}] | errors is a gauge, but the rows of",
                "alpha: 0.01; alpha: 0.02 | config.yaml:2:6: not YAML: Duplicate field 'alpha'",
                "alpha: [ | config.yaml:1:9: not YAML: while parsing a flow node, expected the node content"
            })
    void aWrongConfigIsToldWithItsPlace(String text, String message) throws IOException {
        Path config = write("config.yaml", text.replace("; ", "\n") + "\n");
        Run run = judge(errors("canary.csv", 20, 500, 0.01), "--config", config.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(message);
    }

    @Test
    void aWrongCommandLineIsAUsageError() {
        assertThat(Run.of("judge", "--baseline", "a.csv").status()).isEqualTo(2);
        assertThat(Run.of("judge", "--baseline", "a", "--canary", "b", "--start", "noon")
                        .err())
                .contains("not a time such as 2026-11-28T12:00:00Z, or seconds since 1970: noon");
        assertThat(Run.of("judge", "--help").out().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    private Run judge(Path canary, String... more) {
        return judge(baseline, canary, more);
    }

    private static Run judge(Path baseline, Path canary, String... more) {
        return Run.of(Stream.concat(
                        Stream.of("judge", "--baseline", baseline.toString(), "--canary", canary.toString()),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private Path errors(String name, int buckets, int requests, double rate) throws IOException {
        var random = new Random(SEED + requests);
        return file(
                name,
                RATIO,
                rows(
                        buckets,
                        i -> {
                            double expected = requests * rate;
                            long count =
                                    Math.max(0, Math.round(expected + Math.sqrt(expected) * random.nextGaussian()));
                            return count + "," + requests;
                        },
                        "errors"));
    }

    private Path gauge(String name, int buckets, IntFunction<Double> times, long seed) throws IOException {
        var random = new Random(seed);
        return file(
                name,
                VALUE,
                rows(
                        buckets,
                        i -> String.format(
                                Locale.ROOT, "%.5f", times.apply(i) * 50 * Math.exp(0.05 * random.nextGaussian())),
                        "cpu"));
    }

    private Path durations(String name, int requests, double times) throws IOException {
        var random = new Random(SEED + requests);
        var rows = new ArrayList<String>();
        for (int i = 0; i < 90; i++) {
            for (int k = 0; k < requests; k++) {
                rows.add("duration," + (START.getEpochSecond() + 10L * i) + ","
                        + times * 0.1 * Math.exp(0.8 * random.nextGaussian()));
            }
        }
        return file(name, VALUE, rows);
    }

    private Path histogram(String name, int requests, double times) throws IOException {
        double[] bounds = {0.05, 0.1, 0.25, 0.5, 1};
        var random = new Random(SEED + requests);
        var rows = new ArrayList<String>();
        for (int i = 0; i < 90; i++) {
            double[] values = random.doubles(requests)
                    .map(ignored -> times * 0.1 * Math.exp(0.8 * random.nextGaussian()))
                    .toArray();
            String begin = "duration," + (START.getEpochSecond() + 10L * i) + ",";
            for (double bound : bounds) {
                rows.add(begin + bound + ","
                        + IntStream.range(0, requests)
                                .filter(k -> values[k] <= bound)
                                .count());
            }
            rows.add(begin + "+Inf," + requests);
        }
        return file(name, HISTOGRAM, rows);
    }

    private static List<String> rows(int buckets, IntFunction<String> rest, String metric) {
        return IntStream.range(0, buckets)
                .mapToObj(i -> metric + "," + (START.getEpochSecond() + 10L * i) + "," + rest.apply(i))
                .toList();
    }

    private Path file(String name, String header, List<String> rows) throws IOException {
        return write(name, header + "\n" + String.join("\n", rows) + (rows.isEmpty() ? "" : "\n"));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
