package dev.sluice.cli;

import dev.sluice.cli.policy.PolicyTrial;
import dev.sluice.cli.policy.PolicyTrial.Trial;
import dev.sluice.cli.policy.PolicyTrialException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice policy test}: do policies answer as their authors expect? */
@Command(
        name = "test",
        description = "Tries policies on cases in YAML and says what differs.",
        sortOptions = false,
        footer = "%nSee docs/guides/policies.md for what a case may say.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:all is as expected", "1:something differs", "2:wrong usage, or a file cannot be used"})
final class PolicyTestCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it; its own mixin would take --version
    private boolean help;

    @Parameters(paramLabel = "POLICIES", description = "A file with a policy, or a directory of them.")
    private Path policies = Path.of("");

    @Option(
            names = "--fixtures",
            required = true,
            paramLabel = "PATH",
            description = "A file with cases, or a directory of them.")
    private Path fixtures = Path.of("");

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    PolicyTestCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<Trial> trials;
        try {
            trials = PolicyTrial.run(policies, fixtures);
        } catch (PolicyTrialException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> console.err().println("sluice: " + line));
            return ExitStatus.USAGE;
        }
        if (output == OutputFormat.JSON) {
            console.out().println(Documents.pretty(Documents.mapper().valueToTree(trials)));
        } else {
            print(trials);
        }
        return trials.stream().allMatch(trial -> trial.differences().isEmpty()) ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private void print(List<Trial> trials) {
        var table = new TextTable("case", "decision", "code", "");
        trials.forEach(trial -> table.add(
                trial.name(),
                trial.decision(),
                trial.code(),
                trial.differences().isEmpty() ? "as expected" : "DIFFERS"));
        table.print(console.out());
        console.out().println();
        for (Trial trial : trials) {
            if (!trial.differences().isEmpty()) {
                console.out().println(trial.name() + ": " + trial.reason());
                trial.differences().forEach(difference -> console.out().println("  " + difference));
            }
        }
        long differing =
                trials.stream().filter(trial -> !trial.differences().isEmpty()).count();
        console.out()
                .println(
                        differing == 0
                                ? trials.size() + " cases, all as expected"
                                : trials.size() + " cases, " + differing + " differ");
    }
}
