package dev.sluice.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The entry point of {@code sluice}'s commands. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Map<String, String> environment = System.getenv();
        boolean isTerminal = Boolean.getBoolean(SystemProperties.OUTPUT_IS_TERMINAL);
        boolean coloured = isTerminal && !environment.containsKey("NO_COLOR");
        boolean redrawn = isTerminal && !"dumb".equals(environment.get("TERM"));
        var console = new Console(
                out,
                err,
                environment,
                coloured ? Ansi.ON : Ansi.OFF,
                Boolean.getBoolean(SystemProperties.ERROR_IS_TERMINAL),
                redrawn ? new ControllingTerminal() : null);
        System.exit(run(console, args));
    }

    /** Runs one command and returns its exit status. */
    static int run(Console console, String... args) {
        var err = new PrintWriter(console.err(), true, StandardCharsets.UTF_8);
        return new CommandLine(new SluiceCommand())
                .addSubcommand(new GateCommand(console))
                .addSubcommand(new JudgeCommand(console))
                .addSubcommand(new VerifyAuditCommand(console))
                .addSubcommand(CanaryCommand.with(console))
                .addSubcommand(PolicyCommand.with(console))
                .addSubcommand(new DoraCommand(console))
                .addSubcommand(new CommitsCommand(console))
                .addSubcommand(new DevLakeCommand(console))
                .addSubcommand(new StatusCommand(console))
                .addSubcommand(new DownCommand(console))
                .addSubcommand(new DemoCommand(console))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8))
                .setErr(err)
                .setColorScheme(CommandLine.Help.defaultColorScheme(console.ansi()))
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    if (exception instanceof CommandFailedException) {
                        err.println("sluice: " + exception.getMessage());
                        return ExitStatus.FAILED;
                    }
                    throw exception;
                })
                .execute(args);
    }
}
