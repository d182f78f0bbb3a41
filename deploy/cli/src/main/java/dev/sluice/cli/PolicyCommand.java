package dev.sluice.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** {@code sluice policy} without a command: says what there is. */
@Command(
        name = "policy",
        description = "Tries policies on made-up cases.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HelpCommand.class)
final class PolicyCommand implements Runnable {
    @Spec(Target.SELF)
    private CommandSpec spec = CommandSpec.create();

    private PolicyCommand() {}

    /** Returns it with its commands. */
    static CommandLine with(Console console) {
        return new CommandLine(new PolicyCommand()).addSubcommand(new PolicyTestCommand(console));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }
}
