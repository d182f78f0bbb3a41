package dev.sluice.gateapi.report.dora;

import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.html.Page;
import dev.sluice.gateapi.report.dora.DeliveryReport.DriftLine;
import dev.sluice.gateapi.report.dora.DeliveryReport.ExcludedLine;
import dev.sluice.gateapi.report.dora.DeliveryReport.MetricReport;
import dev.sluice.gateapi.report.dora.DeliveryReport.MetricValue;
import dev.sluice.gateapi.report.dora.DeliveryReport.ServiceLine;
import dev.sluice.gateapi.report.dora.DeliveryReport.TrendPoint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report as a page of HTML without scripts. */
final class ReportPage {
    private static final Page PAGE = Page.styled();
    private static final String NONE = "\u2013";

    private final DeliveryReport report;
    private final ReportLinks links;

    private ReportPage(DeliveryReport report, ReportLinks links) {
        this.report = report;
        this.links = links;
    }

    /** Returns the style sheet of the pages. */
    static Page page() {
        return PAGE;
    }

    /** Writes the page. */
    static String of(DeliveryReport report, ReportLinks links) {
        return PAGE.of("Delivery report: " + report.scopeName(), new ReportPage(report, links)::body);
    }

    private void body(Html body) {
        body.element("a", Attributes.of("class", "skip").and("href", "#summary"), skip -> skip.text("To the summary"));
        body.element("header", this::header);
        body.element("main", main -> {
            section(main, "summary", "Summary", this::summary);
            if (!report.metrics().isEmpty()) {
                section(
                        main,
                        "metrics",
                        "Metrics",
                        section -> report.metrics().forEach(metric -> metric(section, metric)));
            }
            section(main, "changes", "Real changes", this::changes);
            if (!report.services().isEmpty()) {
                section(main, "services", "Services", this::services);
            }
            section(main, "drift", "Configuration drift", this::drift);
            section(main, "excluded", "What is in no metric", this::excluded);
        });
        body.element("footer", this::footer);
    }

    private void header(Html header) {
        header.element("h1", title -> {
            title.text("Delivery report: ");
            if (report.scope().name().isEmpty()) {
                title.text("all services");
            } else {
                title.text(report.scope().kind() + " ")
                        .element("bdi", report.scope().name());
            }
        });
        Days days = report.days();
        Days before = report.comparedWith();
        String compared = report.metrics().isEmpty()
                ? ""
                : ", compared with " + Amounts.day(before.from()) + " to " + Amounts.day(before.to());
        header.element(
                "p",
                line -> line.text(Amounts.day(days.from()) + " to " + Amounts.day(days.to()) + " (" + days.length()
                                + " days)" + compared + ", environment ")
                        .element("bdi", report.environment()));
        header.element("p", report.freshness());
        Optional<String> csv = links.to(
                "dora.csv", report, report.scope().kind(), report.scope().name());
        Optional<String> json = links.to(
                "dora.json", report, report.scope().kind(), report.scope().name());
        if (csv.isPresent() && json.isPresent()) {
            header.element("nav", "aria-label", "Other forms of this report", nav -> {
                link(nav, csv.get(), "Numbers as CSV");
                link(nav, json.get(), "Report as JSON");
            });
        }
    }

    private void summary(Html section) {
        section.element("ul", list -> report.summary().forEach(sentence -> list.element("li", sentence)));
    }

    private void metric(Html section, MetricReport metric) {
        String id = metric.metric().wireName();
        section.element("article", Attributes.of("aria-labelledby", id), article -> {
            article.element("h3", "id", id, title -> title.text(metric.metric().title()));
            article.element("p", "class", "value", line -> {
                value(line, metric.metric(), metric.now());
                line.element("small", small -> small.text(" " + howSure(metric)));
            });
            article.element("p", metric.sentence());
            Levels.Level level = metric.level();
            if (level != null) {
                article.element(
                        "p",
                        "Level: " + level.level() + ", by the edition " + level.edition()
                                + (level.derived() ? " (its range is derived)" : "") + ".");
            }
            article.element("figure", figure -> {
                TrendChart.add(figure, metric, report.days());
                figure.element(
                        "figcaption",
                        "By " + report.trendBy() + ", with 95 % intervals; an empty circle is one that has not ended.");
            });
            article.element("details", "class", "definition", details -> definition(details, metric));
            article.element(
                    "details",
                    "class",
                    "numbers",
                    details -> details.element("summary", "Numbers")
                            .element(
                                    "div",
                                    scrolls("Numbers of " + metric.metric().title()),
                                    region -> trend(region, metric)));
        });
    }

    private static void definition(Html details, MetricReport metric) {
        details.element("summary", "Definition")
                .element(
                        "p",
                        capitalised(metric.definition()) + ". The number is the "
                                + metric.metric().statistic() + ".");
    }

    private static String howSure(MetricReport metric) {
        Value now = metric.now();
        String interval = Amounts.interval(metric.unit(), now.lower(), now.upper());
        return (metric.now().value() == null ? "" : metric.metric().statistic() + ", ")
                + "n = " + now.n()
                + (now.insufficient() ? ", too few to tell much" : "")
                + (interval.isEmpty() ? "" : ", 95 % interval " + interval);
    }

    private void trend(Html html, MetricReport metric) {
        html.element("table", table -> {
            table.element("caption", metric.metric().title() + " by " + report.trendBy());
            head(table, List.of(capitalised(report.trendBy()) + " from", "n", "Value", "95 % interval"));
            table.element("tbody", rows -> {
                for (TrendPoint point : metric.trend()) {
                    rows.element("tr", row -> {
                        rowHead(
                                row,
                                th -> th.text(Amounts.day(point.from()) + (point.provisional() ? " (so far)" : "")));
                        row.element("td", Long.toString(point.value().n()));
                        row.element("td", cell -> value(cell, metric.metric(), point.value()));
                        row.element("td", cell -> interval(cell, metric.unit(), point.value()));
                    });
                }
            });
        });
    }

    private void changes(Html section) {
        if (report.shifts().isEmpty()) {
            section.element("p", "No lasting change of a metric was found in these days or the ones before.");
            return;
        }
        section.element("ul", list -> report.shifts().forEach(shift -> list.element("li", shift.sentence())));
    }

    private void services(Html section) {
        List<Metric> shown = Stream.of(Metric.values()).filter(Metric::isOfDora).toList();
        section.element(
                "div",
                scrolls("Services"),
                region -> region.element("table", table -> {
                    table.element(
                            "caption", "Services by name, in these days; all metrics are in the CSV and the JSON.");
                    table.element(
                            "thead",
                            head -> head.element("tr", row -> {
                                columnHead(row, "Service");
                                columnHead(row, "Environments");
                                shown.forEach(metric -> columnHead(row, metric.title()));
                            }));
                    table.element("tbody", rows -> report.services().forEach(service -> service(rows, service, shown)));
                }));
    }

    private void service(Html rows, ServiceLine service, List<Metric> shown) {
        rows.element("tr", row -> {
            rowHead(
                    row,
                    th -> links.to("dora", report, "service", service.service())
                            .ifPresentOrElse(
                                    href -> th.element(
                                            "a",
                                            Attributes.of("href", href),
                                            link -> link.element("bdi", service.service())),
                                    () -> th.element("bdi", service.service())));
            row.element("td", cell -> cell.element("bdi", String.join(", ", service.environments())));
            for (MetricValue found : service.metrics()) {
                if (shown.contains(found.metric())) {
                    row.element("td", cell -> {
                        value(cell, found.metric(), found.value());
                        cell.element(
                                "small",
                                " n = " + found.value().n()
                                        + (found.value().insufficient()
                                                        && found.value().value() != null
                                                ? ", too few"
                                                : ""));
                    });
                }
            }
        });
    }

    private void drift(Html section) {
        String reason = report.driftReason();
        if (reason != null) {
            section.element("p", reason);
            return;
        }
        section.element("p", "The share of the observed time in which what ran was not what was declared.");
        section.element(
                "div",
                scrolls("Configuration drift"),
                region -> region.element("table", table -> {
                    table.element("caption", "Configuration drift by environment");
                    head(table, List.of("Environment", "Drifted", "Observed", "Checks", "Episodes"));
                    table.element("tbody", rows -> {
                        for (DriftLine line : report.drift()) {
                            rows.element("tr", row -> {
                                rowHead(row, th -> th.element("bdi", line.environment()));
                                row.element("td", cell -> number(cell, Metric.Unit.SHARE, line.driftedShare()));
                                row.element("td", Amounts.duration((double) line.observedMs()));
                                row.element("td", Integer.toString(line.checks()));
                                row.element("td", Integer.toString(line.episodes()));
                            });
                        }
                    });
                }));
    }

    private void excluded(Html section) {
        if (report.excluded().isEmpty()) {
            section.element("p", "Everything that ended in these days is in a metric.");
            return;
        }
        section.element(
                "div",
                scrolls("What is in no metric"),
                region -> region.element("table", table -> {
                    table.element("caption", "Facts of these days that are in no metric, or only in some, by reason");
                    head(table, List.of("What", "How many", "Why"));
                    table.element("tbody", rows -> {
                        for (ExcludedLine line : report.excluded()) {
                            rows.element("tr", row -> {
                                rowHead(row, th -> th.text(capitalised(line.what())));
                                row.element("td", Long.toString(line.n()));
                                row.element(
                                        "td",
                                        cell -> cell.text(capitalised(line.explanation()) + " ")
                                                .element("code", line.reason()));
                            });
                        }
                    });
                }));
    }

    private void footer(Html footer) {
        footer.element(
                "p",
                "Written on " + Amounts.time(report.writtenAt()) + ". An interval covers the true value in 95"
                        + " of 100 samples. Days are those of each service's time zone. Numbers change when events come late or"
                        + " correct the past, and the fail rate of the last days may still rise: an incident counts for"
                        + " a deployment of some days before. dora.dev advises to look at one service at a time, and not to rank teams.");
    }

    private static void section(Html main, String id, String title, Consumer<Html> content) {
        main.element("section", Attributes.of("id", id).and("aria-labelledby", id + "-title"), section -> {
            section.element("h2", "id", id + "-title", heading -> heading.text(title));
            content.accept(section);
        });
    }

    /** The attributes of what may be wider than a phone: it can be reached and scrolled by keys. */
    private static Attributes scrolls(String label) {
        return Attributes.of("class", "wide")
                .and("role", "region")
                .and("aria-label", "Table: " + label)
                .and("tabindex", "0");
    }

    private static void link(Html html, String href, String text) {
        html.element("a", "href", href, link -> link.text(text));
    }

    private static void head(Html table, List<String> columns) {
        table.element("thead", head -> head.element("tr", row -> columns.forEach(column -> columnHead(row, column))));
    }

    private static void columnHead(Html row, String text) {
        row.element("th", "scope", "col", th -> th.text(text));
    }

    private static void rowHead(Html row, Consumer<Html> content) {
        row.element("th", "scope", "row", content);
    }

    private static void value(Html html, Metric metric, Value value) {
        number(html, metric.unit(), value.value());
    }

    private static void interval(Html html, Metric.Unit unit, Value value) {
        if (value.lower() == null || value.upper() == null) {
            html.text(NONE);
            return;
        }
        number(html, unit, value.lower());
        html.text(" to ");
        number(html, unit, value.upper());
    }

    /** Adds a number as people read it, and as it is for machines. */
    private static void number(Html html, Metric.Unit unit, @Nullable Double value) {
        if (value == null) {
            html.element("span", "no data");
            return;
        }
        html.element("data", "value", Double.toString(value), data -> data.text(Amounts.of(unit, value)));
    }

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}
