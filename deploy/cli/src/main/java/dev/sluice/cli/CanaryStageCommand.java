package dev.sluice.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code sluice canary stage}: says that the traffic has changed. */
@Command(
        name = "stage",
        description = "Says that the next stage of a canary run has begun.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CanaryStageCommand extends CanaryChangeCommand {
    CanaryStageCommand(Console console) {
        super(console);
    }

    @Override
    CanaryRun change(CanaryApi canaries, String run, @Nullable Instant when) {
        return canaries.stage(run, when);
    }

    @Override
    String told(CanaryRun run) {
        return "stage %d began at %s".formatted(run.stage(), run.stageBegan());
    }
}
