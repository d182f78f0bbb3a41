package dev.sluice.gateapi.pipelines;

import java.util.List;
import java.util.Locale;

/** What a runner of GitHub Actions, or of Azure Pipelines, takes for commands in the output of a step. */
final class WorkflowCommands {
    private WorkflowCommands() {}

    /** Returns the lines that are commands: those that begin with two colons, and those that have the older mark anywhere. */
    static List<String> of(List<String> lines) {
        return lines.stream()
                .filter(line -> line.stripLeading().startsWith("::")
                        || line.contains("##[")
                        || line.toLowerCase(Locale.ROOT).contains("##vso["))
                .toList();
    }
}
