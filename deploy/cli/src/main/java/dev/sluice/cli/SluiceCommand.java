package dev.sluice.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code sluice} without a command: says what there is. */
@Command(
        name = "sluice",
        description = "Metrics analytics and quality gates for software delivery.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class,
        footerHeading = "%nIn the launcher only:%n",
        footer = {
            "  up      Builds what is not built, starts Sluice, stays in the foreground.",
            "  rebuild up, from the archive in ClickHouse alone.",
            "  demo    up, then a played history and two gate answers.",
            "  build   Builds, and does nothing else.",
            "Each has options: deploy/sluice help up, and so on."
        })
final class SluiceCommand implements Runnable {
    @Spec(Target.SELF)
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
