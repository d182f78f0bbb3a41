package dev.sluice.gateapi.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.Words;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What several pages are made of. */
final class Parts {
    private static final Pattern FRACTION = Pattern.compile("\\.\\d+Z$");
    private static final String NONE = "\u2013";

    private Parts() {}

    /** Returns a field as text; a dash where it says nothing. */
    static String text(JsonNode of, String field) {
        JsonNode value = of.path(field);
        return value.isMissingNode() || value.isNull() || value.asText().isEmpty() ? NONE : value.asText();
    }

    /** Returns a field that holds a time, to the second. */
    static String time(JsonNode of, String field) {
        return FRACTION.matcher(text(of, field)).replaceFirst("Z");
    }

    /** Returns a time, to the second. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Returns how long so many milliseconds are, e.g. {@code 12 min}; a dash where that is not known. */
    static String duration(JsonNode millis) {
        return millis.isNumber() ? Words.duration(Duration.ofMillis(millis.asLong())) : "\u2013";
    }

    /** Returns the texts of a list in one line, in order; another text where it is empty. */
    static String texts(JsonNode list, String otherwise) {
        var texts = new TreeSet<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts.isEmpty() ? otherwise : String.join(", ", texts);
    }

    /** Returns how an artifact is called. */
    static String artifact(JsonNode artifact) {
        var names = new ArrayList<String>();
        for (String field : List.of("version", "digest", "commit")) {
            String name = artifact.path(field).asText("");
            if (!name.isEmpty() && !artifact.path(field).isNull()) {
                names.add(name);
            }
        }
        return names.isEmpty() ? NONE : String.join(", ", names);
    }

    /** Returns the path of the page of a decision. */
    static String decision(String id) {
        return "/decisions/" + id;
    }

    /** Adds a link. */
    static void link(Html html, String href, String text) {
        html.element("a", "href", href, link -> link.text(text));
    }

    /** Adds a list of texts. */
    static void list(Html html, List<String> texts) {
        html.element("ul", list -> texts.forEach(text -> list.element("li", text)));
    }

    /**
     * Adds a table, which can be scrolled where it is wider than the screen.
     *
     * @param caption what it shows
     * @param heads of its columns; the first one names the rows
     * @param rows adds them
     */
    static void table(Html html, String caption, List<String> heads, Consumer<Html> rows) {
        html.element(
                "div",
                Attributes.of("class", "wide")
                        .and("role", "region")
                        .and("aria-label", "Table: " + caption)
                        .and("tabindex", "0"),
                wide -> wide.element("table", table -> {
                    table.element("caption", caption);
                    table.element(
                            "thead",
                            head -> head.element(
                                    "tr",
                                    row -> heads.forEach(
                                            name -> row.element("th", "scope", "col", cell -> cell.text(name)))));
                    table.element("tbody", rows);
                }));
    }

    /** Adds a row of texts. */
    static void row(Html rows, String name, String... cells) {
        row(rows, head -> head.text(name), cells);
    }

    /** Adds a row of texts, of which the first one may be more. */
    static void row(Html rows, Consumer<Html> name, String... cells) {
        rows.element("tr", row -> {
            row.element("th", "scope", "row", name);
            for (String cell : cells) {
                row.element("td", cell);
            }
        });
    }

    /** Adds a table of names and values. */
    static void facts(Html html, String caption, Map<String, String> facts) {
        html.element("table", "class", "facts", table -> {
            table.element("caption", caption);
            table.element("tbody", rows -> facts.forEach((name, value) -> row(rows, name, value)));
        });
    }

    /**
     * Adds a field for a text, with its label.
     *
     * @param id tells it from all others of the page
     * @param name by which it is sent
     * @param label what it is called
     * @param value what it holds at first
     * @param required whether it must be filled in
     */
    static void field(Html form, String id, String name, String label, String value, boolean required) {
        form.element("div", field -> {
            field.element("label", "for", id, text -> text.text(label));
            Attributes attributes = Attributes.of("id", id)
                    .and("name", name)
                    .and("value", value)
                    .and("maxlength", "300");
            field.empty("input", required ? attributes.and("required", "") : attributes);
        });
    }

    /**
     * Adds a choice, with its label.
     *
     * @param id tells it from all others of the page
     * @param name by which it is sent
     * @param label what it is called
     * @param options what there is to choose, by what is sent
     * @param chosen what is chosen at first
     */
    static void choice(Html form, String id, String name, String label, Map<String, String> options, String chosen) {
        form.element("div", field -> {
            field.element("label", "for", id, text -> text.text(label));
            field.element(
                    "select",
                    Attributes.of("id", id).and("name", name),
                    select -> options.forEach((value, text) -> {
                        Attributes option = Attributes.of("value", value);
                        select.element(
                                "option",
                                value.equals(chosen) ? option.and("selected", "") : option,
                                shown -> shown.text(text));
                    }));
        });
    }
}
