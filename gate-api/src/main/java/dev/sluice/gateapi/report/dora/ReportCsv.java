package dev.sluice.gateapi.report.dora;

import dev.sluice.gateapi.report.dora.DeliveryReport.MetricReport;
import dev.sluice.gateapi.report.dora.DeliveryReport.MetricValue;
import dev.sluice.gateapi.report.dora.DeliveryReport.ServiceLine;
import dev.sluice.gateapi.report.dora.DeliveryReport.TrendPoint;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The numbers of a report as CSV (RFC 4180), a row for each value: of the days, of those before, of a trend, of a service. */
final class ReportCsv {
    private static final List<String> COLUMNS = List.of(
            "of",
            "service",
            "environments",
            "from",
            "to",
            "provisional",
            "metric",
            "unit",
            "n",
            "value",
            "lower",
            "upper",
            "p90",
            "insufficient",
            "reason");
    /** What begins with one of these would be a formula to a spreadsheet. */
    private static final String FORMULA = "=+-@\t\r\n";

    private final StringBuilder out = new StringBuilder();

    private ReportCsv() {}

    /** Writes the numbers. */
    static String of(DeliveryReport report) {
        var csv = new ReportCsv();
        csv.line(COLUMNS.stream());
        for (MetricReport metric : report.metrics()) {
            csv.value("days", "", "", report.days(), false, metric.metric(), metric.now());
            csv.value("before", "", "", report.comparedWith(), false, metric.metric(), metric.before());
            for (TrendPoint point : metric.trend()) {
                csv.value(
                        "trend",
                        "",
                        "",
                        new Days(point.from(), point.to()),
                        point.provisional(),
                        metric.metric(),
                        point.value());
            }
        }
        for (ServiceLine service : report.services()) {
            for (MetricValue found : service.metrics()) {
                csv.value(
                        "service",
                        service.service(),
                        String.join(" ", service.environments()),
                        report.days(),
                        false,
                        found.metric(),
                        found.value());
            }
        }
        return csv.out.toString();
    }

    private void value(
            String of,
            String service,
            String environments,
            Days days,
            boolean provisional,
            Metric metric,
            Value value) {
        line(Stream.of(
                of,
                service,
                environments,
                days.from().toString(),
                days.to().toString(),
                Boolean.toString(provisional),
                metric.wireName(),
                metric.unit().wireName(),
                Long.toString(value.n()),
                number(value.value()),
                number(value.lower()),
                number(value.upper()),
                number(value.p90()),
                Boolean.toString(value.insufficient()),
                value.reason() == null ? "" : value.reason()));
    }

    private void line(Stream<String> cells) {
        out.append(cells.map(ReportCsv::quoted).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String number(@Nullable Double value) {
        return value == null ? "" : Double.toString(value);
    }

    private static String quoted(String cell) {
        String text = !cell.isEmpty() && FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
        return text.chars().anyMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
