package dev.sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code sluice canary} without a command: says what there is. */
@Command(
        name = "canary",
        description = "Starts, watches and ends canary runs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class)
final class CanaryCommand implements Runnable {
    @Spec(Target.SELF)
    private CommandSpec spec = CommandSpec.create();

    private CanaryCommand() {}

    /** Returns it with its commands. */
    static CommandLine with(Console console) {
        return new CommandLine(new CanaryCommand())
                .addSubcommand(new CanaryWatchCommand(console))
                .addSubcommand(new CanaryListCommand(console))
                .addSubcommand(new CanaryStartCommand(console))
                .addSubcommand(new CanaryStageCommand(console))
                .addSubcommand(new CanaryEndCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
