package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.get;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.GateApiFixture.Answer;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The report against the contract views, and its forms against each other. */
class DeliveryReportIT {
    @TempDir
    static Path directory;

    private static ReportServer server;

    @BeforeAll
    static void start() {
        server = ReportServer.start(directory);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Answer ok(String target) {
        Answer answer = get(server.api(), target);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer;
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** The values of a report in the order of the page: of each metric now, then its trend, then each service's. */
    private static List<String> numbersOnThePage(JsonNode report) {
        var numbers = new ArrayList<String>();
        for (JsonNode metric : report.path("metrics")) {
            addNumber(numbers, metric.at("/now/value"));
            for (JsonNode point : metric.path("trend")) {
                addNumber(numbers, point.at("/value/value"));
                if (!point.at("/value/lower").isNull()
                        && !point.at("/value/upper").isNull()) {
                    addNumber(numbers, point.at("/value/lower"));
                    addNumber(numbers, point.at("/value/upper"));
                }
            }
        }
        for (JsonNode service : report.path("services")) {
            list(service.path("metrics"))
                    .subList(0, 5)
                    .forEach(metric -> addNumber(numbers, metric.at("/value/value")));
        }
        report.path("drift").forEach(line -> addNumber(numbers, line.path("drifted_share")));
        return numbers;
    }

    private static void addNumber(List<String> numbers, JsonNode number) {
        if (!number.isNull()) {
            numbers.add(Double.toString(number.doubleValue()));
        }
    }

    @ParameterizedTest
    @CsvSource({"service,checkout", "team,payments", "group,shop"})
    void hasTheNumbersOfTheViews(String kind, String name) {
        JsonNode report = ok("/reports/dora.json?" + kind + "=" + name).json();
        String view = "dash.dora_ranges(tenant='default', scope='" + kind + "', name='" + name
                + "', environment='PRODUCTION', bucket='%s', `from`='%s', to='%s')";

        assertThat(report.at("/days/from").asText()).isEqualTo("2025-12-02");
        assertThat(report.at("/days/to").asText()).isEqualTo("2026-03-01");
        assertThat(report.path("metrics")).hasSize(8);
        List<JsonNode> now = server.query("SELECT * FROM " + view.formatted("range", "2025-12-02", "2026-03-02"));
        List<JsonNode> before = server.query("SELECT * FROM " + view.formatted("range", "2025-09-03", "2025-12-02"));
        List<JsonNode> weeks = server.query("SELECT * FROM " + view.formatted("week", "2025-09-01", "2026-03-02"));
        for (JsonNode metric : report.path("metrics")) {
            assertSame(metric.path("now"), of(metric, now));
            assertSame(metric.path("before"), of(metric, before));
            List<JsonNode> trend = list(metric.path("trend"));
            assertThat(trend).hasSize(26);
            assertThat(of(metric, weeks))
                    .isNotEmpty()
                    .allSatisfy(week -> assertSame(
                            trend.stream()
                                    .filter(point -> point.path("from")
                                            .asText()
                                            .equals(week.path("start").asText()))
                                    .findFirst()
                                    .orElseThrow()
                                    .path("value"),
                            List.of(week)));
        }
    }

    private static List<JsonNode> of(JsonNode metric, List<JsonNode> rows) {
        return rows.stream()
                .filter(row -> row.path("metric").equals(metric.path("metric")))
                .toList();
    }

    private static void assertSame(JsonNode value, List<JsonNode> rows) {
        assertThat(rows).hasSize(1);
        JsonNode row = rows.get(0);
        assertThat(value.path("n").longValue()).isEqualTo(row.path("n").longValue());
        for (String field : List.of("value", "lower", "upper", "p90")) {
            if (row.path(field).isNull()) {
                assertThat(value.path(field).isNull()).as(field).isTrue();
            } else {
                double expected = row.path(field).doubleValue();
                assertThat(value.path(field).doubleValue())
                        .as(field)
                        .isCloseTo(expected, within(1e-12 * Math.abs(expected)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"service=rarely", "", "team=payments&from=2025-11-11&to=2026-02-07"})
    void hasTheSameNumbersInEachForm(String parameters) {
        JsonNode report = ok("/reports/dora.json?" + parameters).json();

        String page = new String(ok("/reports/dora?" + parameters).response().body(), UTF_8);
        assertThat(Pattern.compile("<data value=\"([^\"]+)\"")
                        .matcher(page)
                        .results()
                        .map(found -> found.group(1)))
                .containsExactlyElementsOf(numbersOnThePage(report))
                .isNotEmpty();
        report.path("summary")
                .forEach(sentence ->
                        assertThat(page).contains("<li>" + sentence.asText().replace("'", "&#39;")));

        String csv = new String(ok("/reports/dora.csv?" + parameters).response().body(), UTF_8);
        var expected = new ArrayList<String>();
        for (JsonNode metric : report.path("metrics")) {
            expected.add(cells(metric.path("now")));
            expected.add(cells(metric.path("before")));
            metric.path("trend").forEach(point -> expected.add(cells(point.path("value"))));
        }
        for (JsonNode service : report.path("services")) {
            service.path("metrics").forEach(metric -> expected.add(cells(metric.path("value"))));
        }
        assertThat(csv.lines().skip(1).map(line -> line.replaceFirst(".*,(ms|per_day|share),", "")))
                .containsExactlyElementsOf(expected);
    }

    private static String cells(JsonNode value) {
        var cells = new ArrayList<String>();
        for (String field : List.of("n", "value", "lower", "upper", "p90", "insufficient", "reason")) {
            JsonNode found = value.path(field);
            cells.add(found.isNull() ? "" : found.isDouble() ? Double.toString(found.doubleValue()) : found.asText());
        }
        return String.join(",", cells);
    }

    @Test
    void callsRealWhatWasFoundOfAService_andNothingElse() {
        String service = ok("/reports/dora.json?service=checkout").at("/summary/0");
        String team = ok("/reports/dora.json?team=payments").at("/summary/0");

        assertThat(service)
                .startsWith("Change lead time fell from ")
                .endsWith("; this is a real change since 3 January 2026.");
        assertThat(team).startsWith("Change lead time fell from ").doesNotContain("this is a real change");
        assertThat(ok("/reports/dora.json?service=checkout").at("/summary/2"))
                .contains("A change that was reported on 10 February 2026 is withdrawn");
    }

    @Test
    void showsServicesByTheirNames_withTheNumbersThatTheyHaveAlone() {
        JsonNode team = ok("/reports/dora.json?team=payments").json();
        assertThat(team.path("services").findValuesAsText("service"))
                .containsExactly(ReportedHistory.HOSTILE, "checkout");

        for (JsonNode service : team.path("services")) {
            JsonNode alone = ok("/reports/dora.json?service="
                            + URLEncoder.encode(service.path("service").asText(), UTF_8))
                    .json();
            for (int i = 0; i < 8; i++) {
                assertThat(service.at("/metrics/" + i + "/value")).isEqualTo(alone.at("/metrics/" + i + "/now"));
            }
        }
    }

    @Test
    void addsNothingUpOfAllServices_andTakesTheRollingWindowsOfTheStream() {
        JsonNode all = ok("/reports/dora.json").json();

        assertThat(all.path("metrics")).isEmpty();
        assertThat(all.path("services").findValuesAsText("service")).containsExactly("checkout");
        assertThat(all.at("/services/0/metrics/1/value/n").intValue()).isEqualTo(60);
        assertThat(all.at("/summary/0").asText()).isEqualTo("1 of 5 services were deployed in these 90 days.");
        JsonNode other = ok("/reports/dora.json?from=2025-12-01").json();
        assertThat(other.path("services").findValuesAsText("service"))
                .containsExactly(ReportedHistory.HOSTILE, "ahead", "checkout", "rarely", "search");
    }

    @Test
    void aServiceThatRestsHasAFrequencyOfZero_inEachForm() {
        String first = day("min");
        LocalDate resting = LocalDate.parse(day("max")).plusDays(16);
        String week = "from=" + resting + "&to=" + resting.plusDays(6);
        assertThat(resting.plusDays(6)).isBefore(LocalDate.ofInstant(ReportedHistory.NOW, ZoneOffset.UTC));

        assertThat(frequencies("from=" + first + "&to=" + first)).doesNotContainNull();
        assertThat(frequencies(week)).containsExactly(0.0, 0.0, 0.0);
        String page =
                new String(ok("/reports/dora?service=rarely&" + week).response().body(), UTF_8);
        assertThat(page).contains("Deployment frequency stayed at 0.0 a week").doesNotContain("nothing was there yet");
        LocalDate before = LocalDate.parse(first).minusDays(1);
        assertThat(frequencies("from=" + before + "&to=" + before)).containsOnlyNulls();
    }

    private static String day(String aggregate) {
        return server.query("SELECT toString(" + aggregate
                        + "(finished_day)) AS day FROM dash.deployments WHERE service = 'rarely'")
                .get(0)
                .path("day")
                .asText();
    }

    /** The frequency of a service that is rarely deployed: of its own report, as CSV, and among all services. */
    private static List<@Nullable Double> frequencies(String days) {
        JsonNode own = ok("/reports/dora.json?service=rarely&" + days)
                .json()
                .path("metrics")
                .get(1)
                .at("/now/value");
        String csv = new String(
                ok("/reports/dora.csv?service=rarely&" + days).response().body(), UTF_8);
        String inCsv = csv.lines()
                .filter(line -> line.contains("deployment_frequency"))
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*,per_day,", "")
                .split(",", -1)[1];
        JsonNode among = list(ok("/reports/dora.json?" + days).json().path("services")).stream()
                .filter(service -> service.path("service").asText().equals("rarely"))
                .findFirst()
                .orElseThrow()
                .at("/metrics/1/value/value");
        return Arrays.asList(
                own.isNull() ? null : own.doubleValue(),
                inCsv.isEmpty() ? null : Double.valueOf(inCsv),
                among.isNull() ? null : among.doubleValue());
    }

    /** At noon in UTC it is tomorrow in Auckland. */
    @Test
    void reportsUpToTheDayThatHasBegunSomewhere_andThenAddsUpTheFactsInsteadOfTakingWindows() {
        String days = "from=2025-12-03&to=2026-03-02";

        JsonNode own = ok("/reports/dora.json?service=ahead&" + days).json();
        assertThat(own.at("/metrics/1/now/n").intValue()).isEqualTo(1);
        assertThat(own.path("drift")).isEmpty();
        assertThat(own.path("drift_reason").asText()).contains("ask for these");
        JsonNode all = ok("/reports/dora.json?" + days).json();
        assertThat(all.path("services").findValuesAsText("service"))
                .containsExactly(ReportedHistory.HOSTILE, "ahead", "checkout", "rarely", "search");
        assertThat(all.at("/services/1/metrics/1/value/n").intValue()).isEqualTo(1);
        JsonNode usual = ok("/reports/dora.json?service=ahead").json();
        assertThat(usual.at("/days/to").asText()).as("today in UTC").isEqualTo("2026-03-01");
        assertThat(usual.at("/metrics/1/now/n").intValue()).isZero();
    }

    @Test
    void saysWhatIsInNoMetric_whatHasDrifted_andHowFarBehindTheStoreIs() {
        JsonNode report = ok("/reports/dora.json?service=checkout").json();

        for (JsonNode excluded : report.path("excluded")) {
            assertThat(excluded.path("n").longValue())
                    .isEqualTo(server.query("SELECT count() AS n FROM dash."
                                    + excluded.path("what").asText().replace(' ', '_')
                                    + "s WHERE service = 'checkout' AND "
                                    + (excluded.path("what").asText().equals("incident")
                                            ? "unattributed_reason = '"
                                            : "excluded_reason = '")
                                    + excluded.path("reason").asText() + "' AND "
                                    + (excluded.path("what").asText().equals("incident") ? "started" : "finished")
                                    + "_day BETWEEN '2025-12-02' AND '2026-03-01'")
                            .get(0)
                            .path("n")
                            .longValue());
        }
        assertThat(report.path("excluded").findValuesAsText("reason"))
                .containsExactlyInAnyOrder("MERGE", "REDEPLOY", "ROLLBACK", "OUTSIDE_WINDOW");
        assertThat(report.at("/drift/0/drifted_share").doubleValue()).isEqualTo(0.0125);
        assertThat(report.path("behind_ms").longValue()).isEqualTo(2000);
    }

    @Test
    void aNameOfAServiceIsTextEverywhere() {
        String name = URLEncoder.encode(ReportedHistory.HOSTILE, UTF_8);

        for (String target : List.of("/reports/dora?service=" + name, "/reports/dora?team=payments")) {
            Answer page = ok(target);
            assertThat(page.text())
                    .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;")
                    .doesNotContain("<script", "javascript:")
                    .doesNotContainPattern("<[^>]* (on\\w+|style)=");
            assertThat(page.response().headers().allValues("Content-Security-Policy"))
                    .singleElement()
                    .asString()
                    .matches("default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none';"
                            + " frame-ancestors 'none'");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "service=a&team=b | only one of service, team and group may be given",
                "service= | query parameter service must be given once and not be empty",
                "from=yesterday | query parameter from must be a day such as 2026-01-31",
                "from=2026-02-02&to=2026-02-01 | from must not be after to",
                "to=2026-03-03 | to must not be after 2026-03-02, which is today in the zone that is first (UTC+14)",
                "from=1999-12-31&to=2000-01-02 | from must not be before 2000-01-01",
                "from=2020-01-01 | from and to must be at most 1100 days apart"
            })
    void refusesWhatMakesNoSense(String parameters, String detail) {
        for (String form : List.of("", ".csv", ".json")) {
            Answer answer = get(server.api(), "/reports/dora" + form + "?" + parameters);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.at("/detail")).isEqualTo(detail);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"service=nobody", "team=nobody", "service=checkout&environment=STAGING", "service=o'x%5C"})
    void knowsNothingOfWhatIsNotThere(String parameters) {
        assertThat(get(server.api(), "/reports/dora?" + parameters).status()).isEqualTo(404);
    }
}
