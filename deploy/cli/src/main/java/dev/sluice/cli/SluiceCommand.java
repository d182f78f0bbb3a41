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
        version = "Sluice 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class,
        footerHeading = "%nIn the launcher only:%n",
        footer = {
            "  up      Builds what is not built, starts Sluice, and stays in the foreground.",
            "            --data DIR   where everything is kept (default: .data in the checkout)",
            "            --port PORT  port of the gate API (default: 8080; 0 = a free one)",
            "  demo    up, then a played history and two gate answers; --exit stops after that.",
            "  build   Builds, and does nothing else."
        })
final class SluiceCommand implements Runnable {
    @Spec(Target.SELF)
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
