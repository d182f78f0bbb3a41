package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DevLake's numbers beside Sluice's, by service and month.
 *
 * @param months services and months in order
 * @param leftOut how many rows of which kind were not sent
 */
record DevLakeReport(List<Month> months, Map<String, Integer> leftOut) {
    DevLakeReport {
        months = List.copyOf(months);
        leftOut = new LinkedHashMap<>(leftOut);
    }

    /** Returns the document {@code {"months": [...], "left_out": {...}}}. */
    ObjectNode toJson() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = document.putArray("months");
        for (Month month : months) {
            ObjectNode row = rows.addObject()
                    .put("service", month.service())
                    .put("month", month.month().toString());
            ObjectNode metrics = row.putObject("metrics");
            for (DevLakeComparison.Line line : month.lines()) {
                ObjectNode metric = metrics.putObject(line.metric().key());
                put(metric.putObject("devlake"), line.devlake(), line.devlakeN());
                put(metric.putObject("sluice"), line.sluice(), line.sluiceN());
                ArrayNode reasons = metric.putArray("reasons");
                for (DevLakeReasons.Reason reason : line.reasons()) {
                    reasons.addObject()
                            .put("code", reason.code())
                            .put("count", reason.count())
                            .put("text", reason.text());
                }
            }
        }
        ObjectNode rest = document.putObject("left_out");
        leftOut.forEach(rest::put);
        return document;
    }

    void print(PrintStream out) {
        for (Month month : months) {
            out.printf("%s, %s%n%n", month.service(), month.month());
            var table = new TextTable("", "DevLake", "of", "Sluice", "of");
            var reasons = new ArrayList<String>();
            for (DevLakeComparison.Line line : month.lines()) {
                ComparedMetric metric = line.metric();
                table.add(
                        metric.title(),
                        metric.shown(line.devlake()),
                        Integer.toString(line.devlakeN()),
                        metric.shown(line.sluice()),
                        Integer.toString(line.sluiceN()));
                for (DevLakeReasons.Reason reason : line.reasons()) {
                    reasons.add("%s: %s".formatted(metric.title(), reason.text()));
                }
            }
            table.print(out);
            out.println();
            reasons.forEach(out::println);
            if (!reasons.isEmpty()) {
                out.println();
            }
        }
        leftOut.forEach((what, count) -> out.printf("left out: %d %s%n", count, what));
    }

    private static void put(ObjectNode number, @Nullable Double value, int n) {
        number.put("value", value).put("n", n);
    }

    /** One service and month. */
    record Month(String service, YearMonth month, List<DevLakeComparison.Line> lines) {
        Month {
            lines = List.copyOf(lines);
        }
    }
}
