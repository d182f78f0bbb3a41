package dev.sluice.gateapi.report.dora;

import static dev.sluice.gateapi.report.dora.ReportExamples.ALL;
import static dev.sluice.gateapi.report.dora.ReportExamples.CHECKOUT;
import static dev.sluice.gateapi.report.dora.ReportExamples.PAYMENTS;
import static dev.sluice.gateapi.report.dora.ReportExamples.facts;
import static dev.sluice.gateapi.report.dora.ReportExamples.leadTime;
import static dev.sluice.gateapi.report.dora.ReportExamples.metric;
import static dev.sluice.gateapi.report.dora.ReportExamples.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.gateapi.report.dora.DeliveryReport.MetricReport;
import dev.sluice.gateapi.report.dora.DeliveryReport.ServiceLine;
import dev.sluice.gateapi.report.dora.DeliveryReport.TrendPoint;
import dev.sluice.shift.ShiftMetric;
import dev.sluice.store.DoraScope;
import dev.sluice.store.Excluded;
import dev.sluice.store.ReportReader.Member;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportWriterTest {
    private static DeliveryReport written(ReportQuery query, ReportFacts facts) {
        return ReportWriter.write(query, facts, Levels.none());
    }

    private static MetricReport reported(DeliveryReport report, Metric metric) {
        return report.metrics().stream()
                .filter(found -> found.metric() == metric)
                .findFirst()
                .orElseThrow();
    }

    private static TrendPoint week(MetricReport metric, String from) {
        return metric.trend().stream()
                .filter(point -> point.from().equals(LocalDate.parse(from)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void noValueIsNullWithItsReason_butAFrequencyOfNothingIsZeroWithItsInterval() {
        DeliveryReport report = written(
                query(CHECKOUT),
                facts(
                        List.of(leadTime(10, 40)),
                        List.of(),
                        List.of(metric("", "change_lead_time", "2025-12-08", 40, 3.6e7)),
                        List.of()));

        assertThat(reported(report, Metric.CHANGE_FAIL_RATE).now())
                .isEqualTo(new Value(0, null, null, null, null, true, "nothing was deployed"));
        Value frequency = reported(report, Metric.DEPLOYMENT_FREQUENCY).now();
        assertThat(frequency.value()).isZero();
        assertThat(frequency.lower()).isZero();
        assertThat(frequency.upper()).isCloseTo(3.689 / 90, within(1e-5));
    }

    @Test
    void daysBeforeTheFirstThingKnownAreNoData() {
        DeliveryReport report = written(
                query(CHECKOUT),
                facts(
                        "2025-12-09",
                        List.of(),
                        List.of(),
                        List.of(metric("", "deployment_frequency", "2025-12-08", 7, 1)),
                        List.of()));

        MetricReport frequency = reported(report, Metric.DEPLOYMENT_FREQUENCY);
        assertThat(frequency.before().value()).isNull();
        assertThat(frequency.before().reason()).isEqualTo("nothing was there yet");
        assertThat(frequency.now().value()).isZero();
        assertThat(week(frequency, "2025-12-01").value().value()).isNull();
        assertThat(week(frequency, "2025-12-08").value().value()).isEqualTo(1);
        assertThat(week(frequency, "2025-12-15").value().value()).isZero();
    }

    @Test
    void aServiceThatRestsHasAFrequencyOfZero_howeverLongAgoItWasDeployed() {
        MetricReport frequency = reported(
                written(query(CHECKOUT), facts(List.of(), List.of(), List.of(), List.of())),
                Metric.DEPLOYMENT_FREQUENCY);

        assertThat(frequency.now().value()).isZero();
        assertThat(frequency.before().value()).isZero();
        assertThat(frequency.trend())
                .allSatisfy(point -> assertThat(point.value().value()).isZero());
        assertThat(frequency.sentence()).startsWith("Deployment frequency stayed at 0.0 a week");
    }

    @Test
    void aServiceIsThereFromItsFirstDay() {
        String last = ReportExamples.DAYS.to().toString();
        String next = ReportExamples.DAYS.end().toString();

        assertThat(frequencyOf(CHECKOUT, last)).isZero();
        assertThat(frequencyOf(CHECKOUT, next)).isNull();
        assertThat(frequencyOf(PAYMENTS, last)).isZero();
        assertThat(frequencyOf(PAYMENTS, next)).isNull();
    }

    /** Returns what each form is written from: the report of the scope and, of a team, the line of its one service. */
    private static @Nullable Double frequencyOf(DoraScope scope, String began) {
        DeliveryReport report = written(query(scope), facts(began, List.of(), List.of(), List.of(), List.of()));
        Double value = reported(report, Metric.DEPLOYMENT_FREQUENCY).now().value();
        assertThat(report.services())
                .flatExtracting(ServiceLine::metrics)
                .filteredOn(line -> line.metric() == Metric.DEPLOYMENT_FREQUENCY)
                .allSatisfy(line -> assertThat(line.value().value()).isEqualTo(value));
        return value;
    }

    @Test
    void trendIsOfWholeWeeks_ofWhichTheLastIsProvisionalUntilItsEnd() {
        DeliveryReport report = written(query(CHECKOUT), facts(List.of(), List.of(), List.of(), List.of()));
        List<TrendPoint> trend = report.metrics().get(0).trend();

        assertThat(trend.get(0).from()).isEqualTo("2025-09-01");
        assertThat(trend.get(trend.size() - 1).to()).isEqualTo("2026-03-01");
        assertThat(trend).hasSize(26).filteredOn(TrendPoint::provisional).hasSize(1);
        for (int i = 1; i < trend.size(); i++) {
            assertThat(trend.get(i).from()).isEqualTo(trend.get(i - 1).to().plusDays(1));
        }
    }

    @Test
    void longRangesAreShownByTheMonth() {
        var year = new ReportQuery(
                CHECKOUT, new Days(LocalDate.parse("2025-01-15"), LocalDate.parse("2025-12-31")), ReportExamples.NOW);
        List<TrendPoint> trend = written(year, facts(List.of(), List.of(), List.of(), List.of()))
                .metrics()
                .get(0)
                .trend();

        assertThat(trend.get(0).from()).isEqualTo("2024-01-01");
        assertThat(trend.get(trend.size() - 1).to()).isEqualTo("2025-12-31");
        assertThat(trend).hasSize(24).noneMatch(TrendPoint::provisional);
    }

    @Test
    void servicesStandInTheOrderOfTheirNames_alsoThoseThatDidNothing() {
        var facts = new ReportFacts(
                List.of(new Member("b", "eu"), new Member("b", "us"), new Member("a", "eu")),
                Map.of("a", LocalDate.parse("2025-12-02"), "b", LocalDate.parse("2025-12-02")),
                List.of(),
                List.of(),
                List.of(),
                List.of(metric("b", "change_fail_rate", "2025-12-02", 10, 0.5)),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());

        List<ServiceLine> services = written(query(PAYMENTS), facts).services();

        assertThat(services).extracting(ServiceLine::service).containsExactly("a", "b");
        assertThat(services.get(1).environments()).containsExactly("eu", "us");
        assertThat(services.get(1).metrics())
                .filteredOn(found -> found.value().value() != null)
                .extracting(DeliveryReport.MetricValue::metric)
                .containsExactly(Metric.DEPLOYMENT_FREQUENCY, Metric.CHANGE_FAIL_RATE);
        assertThat(written(query(ALL), facts).metrics()).isEmpty();
    }

    @Test
    void tellsWhatIsLeftOutAndHowFarBehindTheStoreIs() {
        var facts = new ReportFacts(
                List.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new Excluded("change", "MERGE", 3), new Excluded("change", "NEWER_THAN_THIS_PROGRAM", 1)),
                Optional.of(ReportExamples.NOW.minusMillis(1500)));

        DeliveryReport report = written(query(CHECKOUT), facts);

        assertThat(report.behindMs()).isEqualTo(1500);
        assertThat(report.excluded())
                .extracting(DeliveryReport.ExcludedLine::explanation)
                .containsExactly("merges others, which count themselves", "NEWER_THAN_THIS_PROGRAM");
    }

    @Test
    void definitionsAreThoseOfTheReference() throws IOException {
        String reference = Files.readString(Path.of("..", "docs", "reference", "metrics.md"));

        for (Metric metric : Metric.values()) {
            assertThat(reference)
                    .contains("## " + metric.title() + "\n\n| | |\n|---|---|\n| definition | " + metric.definition()
                            + " |");
        }
    }

    @Test
    void watchesTheMetricsThatTheDetectorWatches() {
        assertThat(Stream.of(Metric.values()).filter(Metric::isWatched).map(Metric::wireName))
                .containsExactlyInAnyOrderElementsOf(Stream.of(ShiftMetric.values())
                        .map(ShiftMetric::wireName)
                        .toList());
    }
}
