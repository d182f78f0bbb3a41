package dev.sluice.gateapi.report.dora;

import static dev.sluice.gateapi.report.dora.ReportExamples.facts;
import static dev.sluice.gateapi.report.dora.ReportExamples.leadTime;
import static dev.sluice.gateapi.report.dora.ReportExamples.metric;
import static dev.sluice.gateapi.report.dora.ReportExamples.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.gateapi.report.dora.Metric.Unit;
import dev.sluice.store.DoraScope;
import dev.sluice.store.ReportReader.Member;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page and the CSV of a report, and how amounts are written. */
class ReportFormsTest {
    private static DeliveryReport written(ReportQuery query, ReportFacts facts) {
        return ReportWriter.write(query, facts, Levels.none());
    }

    private static String page(DeliveryReport report) {
        return ReportPage.of(report, ReportLinks.ofAnswer());
    }

    private static DeliveryReport ofServices(String... names) {
        var scope = new DoraScope("default", DoraScope.Kind.TEAM, "a\"b", "<b>");
        return written(
                query(scope),
                new ReportFacts(
                        List.of(names).stream()
                                .map(name -> new Member(name, "eu"))
                                .toList(),
                        Map.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "MS, 0, 0 s",
        "MS, 89400, 89 s",
        "MS, 90000, 2 min",
        "MS, 5399999, 90 min",
        "MS, 5400000, 1.5 h",
        "MS, 129599999, 36.0 h",
        "MS, 129600000, 1.5 days",
        "PER_DAY, 0.5, 3.5 a week",
        "SHARE, 0.1234, 12.3 %"
    })
    void amountsHaveTheirUnits(Unit unit, double value, String written) {
        assertThat(Amounts.of(unit, value)).isEqualTo(written);
    }

    @Test
    void pageEscapesWhatOthersHaveNamed() {
        assertThat(page(ofServices("<i>&'\"")))
                .contains(
                        "<bdi>&lt;i&gt;&amp;&#39;&quot;</bdi>",
                        "<bdi>&lt;b&gt;</bdi>",
                        "<bdi>a&quot;b</bdi>",
                        "href=\"dora?service=%3Ci%3E%26%27%22&amp;environment=%3Cb%3E&amp;from=2025-12-02&amp;to=2026-03-01\"")
                .doesNotContain("<i>", "<b>", "a\"b");
    }

    @Test
    void csvQuotesCellsAndDefusesFormulas() {
        List<String> lines = ReportCsv.of(ofServices("=1+1", "a,\"b\"", "-x", "plain"))
                .lines()
                .filter(line -> line.startsWith("service,"))
                .toList();

        assertThat(lines).hasSize(4 * Metric.values().length);
        assertThat(lines)
                .filteredOn(line -> line.contains("change_lead_time"))
                .extracting(line -> line.replaceFirst(",eu,.*", ""))
                .containsExactly("service,'-x", "service,'=1+1", "service,\"a,\"\"b\"\"\"", "service,plain");
    }

    @Test
    void eachDrawingHasItsNameAndItsNumbersInATable() {
        String page = page(written(
                query(ReportExamples.CHECKOUT),
                facts(
                        List.of(leadTime(10, 40)),
                        List.of(),
                        List.of(metric("", "change_lead_time", "2025-12-08", 40, 3.6e7)),
                        List.of())));

        assertThat(Pattern.compile("<svg ").matcher(page).results()).hasSize(2);
        assertThat(page)
                .contains("role=\"img\" aria-labelledby=\"chart-change_lead_time-title chart-change_lead_time-text\"")
                .contains("<title id=\"chart-change_lead_time-title\">Trend of change lead time</title>")
                .contains("<caption>Change lead time by week</caption>");
    }

    @Test
    void whereNothingIsThereIsAGapInTheLine_andWhatHasNotEndedIsAnEmptyCircle() {
        String page = page(written(
                query(ReportExamples.CHECKOUT),
                facts(
                        List.of(),
                        List.of(),
                        List.of(
                                metric("", "change_lead_time", "2025-12-08", 40, 1),
                                metric("", "change_lead_time", "2025-12-15", 40, 1),
                                metric("", "change_lead_time", "2025-12-29", 40, 1),
                                metric("", "change_lead_time", "2026-02-23", 40, 1)),
                        List.of())));
        String drawing = page.substring(page.indexOf("<svg"), page.indexOf("</svg>"));

        assertThat(Pattern.compile("<polyline").matcher(drawing).results()).hasSize(2);
        assertThat(Pattern.compile("class=\"point\"").matcher(drawing).results())
                .hasSize(3);
        assertThat(Pattern.compile("class=\"so-far\"").matcher(drawing).results())
                .hasSize(1);
    }

    @Test
    void showsALevelWithItsEdition() {
        var problems = new Problems();
        Levels levels = Levels.read(
                YamlMapping.read("report.yaml", "levels: '2024'", problems).orElseThrow());
        ReportFacts facts = facts(List.of(leadTime(48, 40)), List.of(), List.of(), List.of());

        assertThat(page(ReportWriter.write(query(ReportExamples.CHECKOUT), facts, levels)))
                .contains("<p>Level: high, by the edition 2024.</p>");
        assertThat(page(written(query(ReportExamples.CHECKOUT), facts))).doesNotContain("Level");
    }

    @Test
    void saysWhereTheStoreHasNotToldHowFarItIs() {
        assertThat(page(ofServices("a"))).contains("How far the store has come is not known");
    }

    @Test
    void elsewhereItsLinksAreWhole_orThereAreNone() {
        DeliveryReport report = ofServices("a");

        assertThat(ReportPage.of(report, ReportLinks.from(URI.create("https://sluice.example.com/"))))
                .contains("href=\"https://sluice.example.com/reports/dora?service=a&amp;")
                .contains("href=\"https://sluice.example.com/reports/dora.csv?team=a%22b&amp;")
                .doesNotContain("href=\"dora");
        assertThat(ReportPage.of(report, ReportLinks.from(null)))
                .contains("<th scope=\"row\"><bdi>a</bdi>")
                .doesNotContain("<nav")
                .doesNotContain("href=\"dora");
    }

    @Test
    void asTextItHasTheSummaryAndALink() {
        DeliveryReport report = written(
                query(ReportExamples.CHECKOUT), facts(List.of(leadTime(10, 40)), List.of(), List.of(), List.of()));

        assertThat(ReportText.of(report, ReportLinks.from(URI.create("https://sluice.example.com"))))
                .startsWith(
                        "Delivery report: service checkout, 2 December 2025 to 1 March 2026, environment PRODUCTION\n")
                .contains("\n\u2022 Change lead time is 10.0 h;")
                .contains("\nEverything that was received before 1 March 2026, 11:59 UTC is in it")
                .endsWith("\nhttps://sluice.example.com/reports/dora?service=checkout&environment=PRODUCTION"
                        + "&from=2025-12-02&to=2026-03-01");
        assertThat(ReportText.of(report, ReportLinks.from(null))).doesNotContain("http");
    }
}
