package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A canary run as people read it: how it stands, what is known of each metric, and why. All of it is the API's; what a failure
 * needs is shown of the metrics together, since their evidence is added up by weight, and what a pass needs of each metric.
 */
final class CanaryText {
    private static final int BAR = 20;
    private static final int METRIC_BAR = 10;
    private static final String INDENT = "  ";

    private final CanaryRun run;
    private final int columns;

    private CanaryText(CanaryRun run, int columns) {
        this.run = run;
        this.columns = columns;
    }

    /**
     * Returns a run in lines.
     *
     * @param columns how long a line may be; a word, or a row of the table, that is longer is not broken
     */
    static List<StyledLine> lines(CanaryRun run, int columns) {
        return new CanaryText(run, columns).lines();
    }

    private List<StyledLine> lines() {
        var lines = new ArrayList<StyledLine>();
        wrap(lines, run.state() + "  " + run.id(), "", INDENT, headlineStyle());
        wrap(lines, subject(), "", INDENT);
        wrap(lines, times(), "", INDENT);
        progress(lines);
        if (run.metrics().findAny().isPresent()) {
            lines.add(StyledLine.plain(""));
            lines.addAll(metrics());
        }
        lines.add(StyledLine.plain(""));
        run.texts("reasons").forEach(reason -> wrap(lines, reason, INDENT, INDENT + INDENT));
        run.texts("doubts").forEach(doubt -> wrap(lines, doubt, INDENT + "doubt: ", INDENT + INDENT));
        if (!run.text("condition").isEmpty()) {
            wrap(lines, run.text("condition"), INDENT + "condition: ", INDENT + INDENT);
        }
        long late = run.document().path("late").asLong();
        if (late > 0) {
            wrap(lines, "late: " + late + (late == 1 ? " point" : " points") + " left out", INDENT, INDENT);
        }
        run.texts("notes").forEach(note -> wrap(lines, note, INDENT + "note: ", INDENT + INDENT));
        if (lines.get(lines.size() - 1).text().isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private String headlineStyle() {
        String colour = CanaryRun.colour(run.state());
        return colour == null ? "bold" : "bold," + colour;
    }

    private String subject() {
        return "%s in %s, %s -> %s"
                .formatted(
                        run.text("service"),
                        run.text("environment"),
                        orUnsaid(run.text("baseline")),
                        orUnsaid(run.text("canary")));
    }

    private static String orUnsaid(String version) {
        return version.isEmpty() ? "?" : version;
    }

    private String times() {
        String judged = run.text("at").isEmpty() ? "nothing judged yet" : "judged up to " + run.text("at");
        String ended =
                run.isEnded() ? "; ended at " + run.text("ended_at") : run.isOver() ? "; ended by its horizon" : "";
        return "stage %d since %s; %s%s".formatted(run.stage(), run.stageBegan(), judged, ended);
    }

    private void progress(List<StyledLine> lines) {
        JsonNode logE = run.document().path("log_e");
        JsonNode toFail = run.document().path("log_e_to_fail");
        JsonNode toPass = run.document().path("log_e_to_pass");
        if (toFail.isNumber()) {
            String fails = "to fail  %s  log e %s of %s%s"
                    .formatted(
                            Figures.bar(logE, toFail, BAR),
                            Figures.evidence(logE),
                            Figures.evidence(toFail),
                            timeLeft("seconds_to_fail"));
            wrap(lines, fails, "", INDENT);
        }
        if (toPass.isNumber()) {
            String passes = "to pass  log e %s of each required metric%s"
                    .formatted(Figures.evidence(toPass), timeLeft("seconds_to_pass"));
            wrap(lines, passes, "", INDENT);
        }
    }

    private String timeLeft(String field) {
        JsonNode seconds = run.document().path(field);
        if (run.isDecided() || run.isEnded()) {
            return "";
        }
        return seconds.isNumber() ? ", in about " + Figures.duration(seconds) + range(field) : ", none in sight";
    }

    /** Returns between which times it may be, where that is known. */
    private String range(String field) {
        JsonNode least = run.document().path(field + "_least");
        JsonNode most = run.document().path(field + "_most");
        if (!least.isNumber()) {
            return "";
        }
        return most.isNumber()
                ? " (" + Figures.duration(least) + " to " + Figures.duration(most) + ")"
                : " (" + Figures.duration(least) + " at the least)";
    }

    /** Returns the metrics as a table, with as much in it as fits; if none does, each in lines of its own. */
    private List<StyledLine> metrics() {
        for (boolean hasCounts : new boolean[] {true, false}) {
            List<StyledLine> table = table(hasCounts);
            if (table.stream().allMatch(line -> Printable.columns(line.text()) <= columns)) {
                return table;
            }
        }
        var blocks = new ArrayList<StyledLine>();
        run.metrics().forEach(metric -> block(blocks, metric));
        return blocks;
    }

    private List<StyledLine> table(boolean hasCounts) {
        var header = new ArrayList<>(List.of("METRIC", "KIND", "VERDICT"));
        if (hasCounts) {
            header.addAll(List.of("BASELINE", "CANARY"));
        }
        header.addAll(List.of("ESTIMATE", "INTERVAL", "TOLERANCE", "MARGIN", "LOG E FAIL", "LOG E PASS"));
        var table = new TextTable(header.toArray(new String[0]));
        var styles = new ArrayList<String>();
        run.metrics().forEach(metric -> {
            var row = new ArrayList<>(List.of(
                    Printable.of(metric.path("name")),
                    Printable.of(metric.path("kind")),
                    Printable.of(metric.path("verdict"))));
            if (hasCounts) {
                row.add(Figures.counts(metric.path("baseline")));
                row.add(Figures.counts(metric.path("canary")));
            }
            row.add(Figures.number(metric.path("estimate")));
            row.add(Figures.interval(metric.path("interval")));
            row.add(Figures.number(metric.path("tolerance")));
            row.add(Figures.number(metric.path("margin")));
            row.add(Figures.evidence(metric.path("log_e_fail")));
            row.add(proofOfPass(metric));
            table.add(row.toArray(new String[0]));
            styles.add(Printable.of(metric.path("verdict")));
        });
        var lines = new ArrayList<StyledLine>();
        List<String> texts = table.lines();
        for (int line = 0; line < texts.size(); line++) {
            int metric = line - (texts.size() - styles.size());
            lines.add(new StyledLine(texts.get(line), metric < 0 ? null : CanaryRun.colour(styles.get(metric))));
        }
        return lines;
    }

    private void block(List<StyledLine> lines, JsonNode metric) {
        String verdict = Printable.of(metric.path("verdict"));
        String headline =
                "%s  %s  %s".formatted(Printable.of(metric.path("name")), Printable.of(metric.path("kind")), verdict);
        wrap(lines, headline, "", INDENT, CanaryRun.colour(verdict));
        wrap(
                lines,
                "estimate %s %s, tolerance %s, margin %s"
                        .formatted(
                                Figures.number(metric.path("estimate")),
                                Figures.interval(metric.path("interval")),
                                Figures.number(metric.path("tolerance")),
                                Figures.number(metric.path("margin"))),
                INDENT,
                INDENT + INDENT);
        wrap(
                lines,
                "log e: fail %s, pass %s".formatted(Figures.evidence(metric.path("log_e_fail")), proofOfPass(metric)),
                INDENT,
                INDENT + INDENT);
    }

    private String proofOfPass(JsonNode metric) {
        JsonNode log = metric.path("log_e_pass");
        JsonNode needed = run.document().path("log_e_to_pass");
        return Figures.bar(log, needed, METRIC_BAR) + " " + Figures.evidence(log);
    }

    private void wrap(List<StyledLine> lines, String text, String first, String indent) {
        wrap(lines, text, first, indent, null);
    }

    private void wrap(List<StyledLine> lines, String text, String first, String indent, @Nullable String style) {
        Printable.wrap(text, first, indent, columns).forEach(line -> lines.add(new StyledLine(line, style)));
    }
}
