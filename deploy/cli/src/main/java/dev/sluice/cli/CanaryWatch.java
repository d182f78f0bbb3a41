package dev.sluice.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a canary run until it is over. Sluice is asked to wait for the verdict, so that it is known at once; what changes
 * before is seen with the next look.
 */
final class CanaryWatch {
    private final ApiClient client;
    private final CanaryApi api;
    private final Console console;
    private final WatchOutput output;
    private final Duration pace;
    private @Nullable String outage;

    /**
     * Creates a watch.
     *
     * @param pace how long Sluice waits for the verdict, and the least time between two looks
     */
    CanaryWatch(ApiClient client, Console console, WatchOutput output, Duration pace) {
        this.client = client;
        this.api = new CanaryApi(client);
        this.console = console;
        this.output = output;
        this.pace = pace;
        client.onRetry(this::isOut);
    }

    /** Shows a run as it stands. */
    CanaryRun once(String id) {
        CanaryRun run = read(id, Duration.ZERO);
        output.show(run);
        return run;
    }

    /**
     * Shows a run until there is a verdict.
     *
     * @param toTheEnd whether to go on until the rollout has ended, or the run's horizon
     * @return the run as it stood then
     */
    CanaryRun untilOver(String id, boolean toTheEnd) {
        while (true) {
            long begin = System.nanoTime();
            CanaryRun run = read(id, pace);
            output.show(run);
            if (run.isDecided() && (run.isOver() || !toTheEnd)) {
                return run;
            }
            // a run that is decided is answered at once
            pause(pace.toNanos() - (System.nanoTime() - begin));
        }
    }

    private CanaryRun read(String id, Duration wait) {
        CanaryRun run = api.read(id, wait);
        if (outage != null) {
            output.leave();
            console.progress("sluice: Sluice answers again");
            outage = null;
        }
        return run;
    }

    /** Says, once, why there is nothing new. */
    private void isOut(String reason) {
        if (!reason.equals(outage)) {
            output.leave();
            console.progress("sluice: " + reason + " at " + client.base() + "; trying again");
            outage = reason;
        }
    }

    private static void pause(long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("interrupted", e);
        }
    }
}
