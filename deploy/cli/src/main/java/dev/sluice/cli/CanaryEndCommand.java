package dev.sluice.cli;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code sluice canary end}: says that the rollout has ended. */
@Command(
        name = "end",
        description = "Ends a canary run: it takes no more points.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CanaryEndCommand extends CanaryChangeCommand {
    CanaryEndCommand(Console console) {
        super(console);
    }

    @Override
    CanaryRun change(CanaryApi canaries, String run, @Nullable Instant when) {
        return canaries.end(run, when);
    }

    @Override
    String told(CanaryRun run) {
        return "ended at %s".formatted(run.text("ended_at"));
    }
}
