package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.html.Page;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** A canary run as a page: how it stands and why, and the evidence of each metric. Without scripts it says the same, once. */
final class CanaryPage {
    private static final Page PAGE = Page.styled().withScript(CanaryPage.class, "live.js");
    private static final String NONE = "\u2013";

    private final JsonNode run;
    private final Optional<EvidenceHistory> history;

    private CanaryPage(JsonNode run, Optional<EvidenceHistory> history) {
        this.run = run;
        this.history = history;
    }

    /** Returns what pages are answered with. */
    static Page page() {
        return PAGE;
    }

    /**
     * Writes the page.
     *
     * @param run as {@link ShownRun#whole} shows it
     * @param history how its evidence came about; nothing where the store does not answer
     */
    static String of(JsonNode run, Optional<EvidenceHistory> history) {
        String title = run.path("state").asText() + ": " + run.path("service").asText() + " in "
                + run.path("environment").asText();
        return PAGE.of(title, new CanaryPage(run, history)::body);
    }

    private void body(Html body) {
        body.element(
                "main",
                Attributes.of("data-run", text("id"))
                        .and("data-ended", run.path("ended_at").isNull() ? "" : "yes"),
                main -> {
                    main.element(
                            "h1",
                            title -> title.text("Canary of ")
                                    .element("bdi", text("service"))
                                    .text(" in ")
                                    .element("bdi", text("environment")));
                    main.element("p", "class", "value", line -> line.element("span", text("state")));
                    list(main, run.path("reasons"));
                    facts(main);
                    section(main, "doubts", "In doubt: while there is any of these, the stage does not pass");
                    section(main, "notes", "To be known");
                    main.element("section", Attributes.of("id", "metrics").and("aria-label", "Metrics"), metrics -> {
                        metrics.element("h2", "Metrics");
                        run.path("metrics").forEach(metric -> metric(metrics, metric));
                    });
                    if (history.isEmpty()) {
                        main.element(
                                "p",
                                "How the evidence came about is not shown: the run is too long, or the store does not answer.");
                    }
                });
    }

    private String text(String field) {
        return run.path(field).isNull() ? NONE : run.path(field).asText();
    }

    private static void list(Html html, JsonNode texts) {
        if (!texts.isEmpty()) {
            html.element("ul", list -> texts.forEach(text -> list.element("li", text.asText())));
        }
    }

    private void section(Html main, String field, String title) {
        if (!run.path(field).isEmpty()) {
            main.element("section", section -> {
                section.element("h2", title);
                list(section, run.path(field));
            });
        }
    }

    private void facts(Html main) {
        main.element("table", table -> {
            table.element("caption", "The run");
            table.element("tbody", rows -> {
                row(rows, "Version in place", text("baseline"));
                row(rows, "New version", text("canary"));
                row(rows, "Began", text("started_at"));
                row(rows, "Stage", String.valueOf(run.path("stages").size() + 1));
                row(rows, "Judged until", text("at"));
                row(rows, "Ended", text("ended_at"));
                if (run.path("ended_at").isNull()) {
                    row(rows, "To a pass, about", duration(run.path("seconds_to_pass")));
                }
                row(rows, "Points that came too late", text("late"));
                if (!run.path("condition").isNull()) {
                    row(rows, "Source", text("condition"));
                }
                row(rows, "Config", run.path("config_name").isNull() ? text("config_digest") : text("config_name"));
            });
        });
        main.element(
                "p",
                line -> line.element(
                        "a", "href", "/v1/canaries/" + text("id"), link -> link.text("All of it as JSON")));
    }

    private static void row(Html rows, String name, String value) {
        rows.element(
                "tr",
                row -> row.element("th", "scope", "row", head -> head.text(name))
                        .element("td", value));
    }

    private static String duration(JsonNode seconds) {
        if (!seconds.isNumber()) {
            return NONE;
        }
        long whole = Math.round(seconds.doubleValue());
        return whole >= 3600
                ? String.format(Locale.ROOT, "%d h %d min", whole / 3600, whole % 3600 / 60)
                : whole >= 60 ? String.format(Locale.ROOT, "%d min %d s", whole / 60, whole % 60) : whole + " s";
    }

    private void metric(Html section, JsonNode metric) {
        String name = metric.path("name").asText();
        section.element("article", Attributes.of("aria-label", name), article -> {
            article.element("h3", name);
            article.element(
                    "p",
                    "class",
                    "value",
                    line -> line.element("span", metric.path("verdict").asText())
                            .element("small", " " + metric.path("kind").asText()));
            article.element("p", metric.path("reason").asText());
            history.ifPresent(of -> EvidenceChart.add(
                    article,
                    name,
                    of.of(name),
                    run.path("log_e_to_fail").asDouble(),
                    run.path("log_e_to_pass").asDouble()));
            article.element("details", numbers -> {
                numbers.element("summary", "Numbers");
                numbers.element("table", numbers(metric));
            });
        });
    }

    private static Consumer<Html> numbers(JsonNode metric) {
        return table -> {
            table.element("caption", "Numbers of " + metric.path("name").asText());
            table.element("tbody", rows -> {
                row(rows, "Estimate", number(metric.path("estimate")));
                JsonNode interval = metric.path("interval");
                row(rows, "Interval", number(interval.path(0)) + " to " + number(interval.path(1)));
                row(rows, "Tolerance", number(metric.path("tolerance")));
                row(rows, "Margin", number(metric.path("margin")));
                row(rows, "Resolution floor", number(metric.path("resolution_floor")));
                row(rows, "Baseline", counts(metric.path("baseline")));
                row(rows, "Canary", counts(metric.path("canary")));
                row(rows, "ln e for a failure", number(metric.path("log_e_fail")));
                row(rows, "ln e for a pass", number(metric.path("log_e_pass")));
            });
        };
    }

    private static String counts(JsonNode counts) {
        return number(counts.path("events")) + " of " + number(counts.path("n"));
    }

    private static String number(JsonNode number) {
        if (!number.isNumber()) {
            return NONE;
        }
        double value = number.doubleValue();
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
