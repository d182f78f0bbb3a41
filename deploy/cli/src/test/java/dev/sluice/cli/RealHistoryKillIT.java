package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.standalone.SluiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The process is killed while the {@code dora} command tells it the history of a public project. */
@EnabledIf(
        value = "dev.sluice.cli.RealHistories#areThere",
        disabledReason = "the real histories are not beside the checkout")
class RealHistoryKillIT {
    private static final Duration LIMIT = Duration.ofMinutes(4);

    @Test
    void killedInTheMiddleAndStartedAgain_theCommandGoesOnAndNothingIsMissing(@TempDir Path data)
            throws IOException, InterruptedException {
        try (var histories = new RealHistories(data)) {
            String repository = "argo-rollouts";
            String service = repository + "-killed";
            histories.sluice().awaitCheckpoints(1);
            long before = histories.storedEvents();
            CompletableFuture<Run> running =
                    CompletableFuture.supplyAsync(() -> histories.dora(repository, service, List.of("--batch=10")));
            SluiceProcess.await("events are stored", LIMIT, () -> histories.storedEvents() > before + 200);

            histories.sluice().kill();
            assertThat(running).isNotDone();
            histories.startAgain();

            Run run = running.join();
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(histories.sluice().output()).contains("job dora goes on from checkpoint");
            histories.assertEqualsExpected(repository, service, run);
        }
    }
}
