package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A canary run in one line, for where lines are kept: how it stands, and of the words those that are new. */
final class CanaryChange {
    private CanaryChange() {}

    /**
     * Returns the line.
     *
     * @param run how it stands now
     * @param before how it stood when there was a line; null if there was none
     */
    static String line(CanaryRun run, @Nullable CanaryRun before) {
        var parts = new ArrayList<String>();
        parts.add(run.text("at").isEmpty() ? run.stageBegan() : run.text("at"));
        parts.add(run.state());
        parts.add("stage " + run.stage() + (run.isEnded() ? ", ended" : run.isOver() ? ", ended by its horizon" : ""));
        JsonNode document = run.document();
        if (document.path("log_e_to_fail").isNumber()) {
            parts.add("to fail %s/%s%s"
                    .formatted(
                            Figures.evidence(document.path("log_e")),
                            Figures.evidence(document.path("log_e_to_fail")),
                            timeLeft(run, "seconds_to_fail")));
        }
        if (document.path("log_e_to_pass").isNumber()) {
            String proofs = run.metrics()
                    .map(metric -> "%s %s %s %s/%s"
                            .formatted(
                                    Printable.of(metric.path("name")),
                                    Figures.number(metric.path("estimate")),
                                    Figures.interval(metric.path("interval")),
                                    Figures.evidence(metric.path("log_e_pass")),
                                    Figures.evidence(document.path("log_e_to_pass"))))
                    .collect(Collectors.joining(", "));
            parts.add("to pass " + proofs + timeLeft(run, "seconds_to_pass"));
        }
        if (before == null || !before.state().equals(run.state())) {
            run.texts("reasons").forEach(parts::add);
        }
        parts.addAll(fresh("doubt: ", "doubts", run, before));
        parts.addAll(fresh("note: ", "notes", run, before));
        String condition = run.text("condition");
        if (!condition.isEmpty() && (before == null || !before.text("condition").equals(condition))) {
            parts.add("condition: " + condition);
        }
        return String.join("; ", parts);
    }

    private static String timeLeft(CanaryRun run, String field) {
        JsonNode seconds = run.document().path(field);
        return run.isDecided() || !seconds.isNumber() ? "" : " (in about " + Figures.duration(seconds) + ")";
    }

    private static List<String> fresh(String mark, String field, CanaryRun run, @Nullable CanaryRun before) {
        List<String> known = before == null ? List.of() : before.texts(field).toList();
        return run.texts(field)
                .filter(text -> !known.contains(text))
                .map(text -> mark + text)
                .toList();
    }
}
