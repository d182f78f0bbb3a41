package dev.sluice.benchmarks;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a run has found.
 *
 * @param at when it began
 * @param seconds how long it took
 * @param scale how thorough it was
 * @param revision what was measured
 * @param machine on what
 * @param results in the order of the run
 */
record Report(Instant at, long seconds, Scale scale, Revision revision, Machine machine, List<Result> results) {
    private static final String BEGIN = "<!-- results: begin -->";
    private static final String END = "<!-- results: end -->";
    private static final Pattern SECTION =
            Pattern.compile(Pattern.quote(BEGIN) + ".*" + Pattern.quote(END), Pattern.DOTALL);
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    Report {
        results = List.copyOf(results);
    }

    /** Returns whether every measurement has come to its end. */
    boolean isComplete() {
        return results.stream().allMatch(result -> result.failure() == null);
    }

    /** Returns the results as Markdown, which is also what the terminal shows. */
    String markdown() {
        var text = new StringBuilder();
        text.append("Measured ")
                .append(MINUTE.format(at))
                .append(" in ")
                .append(seconds)
                .append(" s.\n\n");
        line(text, "commit", revision.shown());
        line(
                text,
                "machine",
                machine.processor() + ", " + machine.cores() + " cores, " + machine.memoryGibibytes() + " GiB, "
                        + machine.system());
        line(text, "JDK", machine.jdk());
        line(text, "load before", String.format(Locale.ROOT, "%.2f", machine.loadBefore()));
        if (scale == Scale.QUICK) {
            text.append("\nA quick run: it shows that everything can be measured, its figures mean nothing.\n");
        }
        if (machine.isBusy()) {
            text.append("\nThe machine was busy with other work: absolute figures are too low.\n");
        }
        for (Result result : results) {
            text.append("\n### ").append(heading(result.measurement())).append("\n\n");
            if (result.failure() != null) {
                text.append("Not measured: ").append(result.failure()).append('\n');
                continue;
            }
            text.append("| | measured | budget | |\n|---|--:|--:|---|\n");
            for (Figure figure : result.figures()) {
                text.append("| ")
                        .append(figure.name())
                        .append(" | ")
                        .append(figure.shownValue())
                        .append(" | ")
                        .append(figure.shownBudget())
                        .append(" | ")
                        .append(figure.shownVerdict())
                        .append(" |\n");
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String value) {
        text.append("* ").append(what).append(": ").append(value).append('\n');
    }

    private static String heading(String measurement) {
        String title = Measurement.ofName(measurement).map(Measurement::title).orElse(measurement);
        return title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
    }

    /**
     * Returns a document with these results in place of the earlier ones.
     *
     * @throws IllegalArgumentException if the document has no place for them
     */
    String insertedInto(String document) {
        Matcher place = SECTION.matcher(document);
        if (!place.find()) {
            throw new IllegalArgumentException("there is no " + BEGIN + " … " + END);
        }
        return place.replaceFirst(Matcher.quoteReplacement(BEGIN + "\n" + markdown() + END));
    }

    /**
     * One measurement.
     *
     * @param measurement its name
     * @param figures what was found
     * @param failure why nothing was found; null where something was
     */
    record Result(
            String measurement,
            List<Figure> figures,
            @Nullable String failure) {
        Result {
            figures = List.copyOf(figures);
        }

        static Result failed(Measurement measurement, String why) {
            return new Result(measurement.wireName(), List.of(), why);
        }
    }
}
