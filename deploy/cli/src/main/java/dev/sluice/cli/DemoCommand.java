package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice demo}, the part after {@code up}: plays a history, shows the metrics and two gate answers. */
@Command(
        name = "demo",
        description = "Plays a made-up history of 90 days and shows what Sluice makes of it.",
        mixinStandardHelpOptions = true,
        hidden = true) // the launcher has the whole of it
final class DemoCommand implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int BATCH = 500;

    private final Console console;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Decides what happened (default: 42).")
    private long seed;

    @Option(names = "--await-pid", paramLabel = "PID", hidden = true, description = "First waits for this `up`.")
    private @Nullable Long awaitedPid;

    @Option(names = "--leaving", hidden = true, description = "What was started stops after this.")
    private boolean leaving;

    @Mixin
    private ApiOptions api = new ApiOptions();

    DemoCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ApiClient client = api.client(console, awaitedPid == null ? null : awaitStart(awaitedPid), PATIENCE);
        if (awaitedPid != null) {
            rememberSeed(api.directory(console).path().resolve("demo.seed"));
        }
        List<ObjectNode> events = new DemoHistory(seed, Instant.now()).events();
        console.out()
                .printf(
                        "%nA made-up history of 90 days and %d services:%n",
                        DemoHistory.services().size());
        Instant received = new EventSender(client, console, BATCH).send("Playing the history", events);
        new StoredPeriods(client, console).quarters(DemoHistory.HEALTHY, DemoHistory.ENVIRONMENT, received);
        console.out().printf("%nThe last 30 days in %s:%n%n", DemoHistory.ENVIRONMENT);
        table(client).print(console.out());
        GateAnswer healthy = ask(client, DemoHistory.HEALTHY);
        GateAnswer troubled = ask(client, DemoHistory.TROUBLED);
        for (GateAnswer answer : List.of(healthy, troubled)) {
            console.out().println();
            answer.print(console);
        }
        console.out().println();
        if (!healthy.isAllowed() || !troubled.isDenied()) {
            throw new CommandFailedException("the gate should have let %s go and stopped %s"
                    .formatted(DemoHistory.HEALTHY, DemoHistory.TROUBLED));
        }
        if (leaving) {
            console.out()
                    .println("Without --exit, deploy/sluice demo keeps it running, to be asked. Next: docs/start.md");
            return ExitStatus.OK;
        }
        console.out()
                .printf(
                        "Ask yourself: deploy/sluice gate --url %s --service %s --environment %s --version 2.0.0%n",
                        client.base(), DemoHistory.HEALTHY, DemoHistory.ENVIRONMENT);
        return ExitStatus.OK;
    }

    /** Notes which history a data directory has; another one would mix with it. */
    private void rememberSeed(Path file) {
        try {
            if (Files.notExists(file)) {
                Files.writeString(file, seed + "\n");
                return;
            }
            String played = Files.readString(file).strip();
            if (!played.equals(Long.toString(seed))) {
                throw new CommandFailedException(
                        "the history of seed %s was played into %s already; another seed needs another --data"
                                .formatted(played, file.getParent()));
            }
        } catch (IOException e) {
            throw new CommandFailedException("cannot remember the seed in " + file + ": " + e.getMessage(), e);
        }
    }

    /** Waits until the given process says that it is ready; returns where it answers. */
    private URI awaitStart(long pid) {
        DataDirectory directory = api.directory(console);
        RetryPolicy<JsonNode> policy = RetryPolicy.<JsonNode>builder()
                .handleResultIf(endpoints -> endpoints.path("pid").asLong() != pid)
                .abortOn(CommandFailedException.class)
                .withMaxRetries(-1)
                .withDelay(POLL)
                .withMaxDuration(START_LIMIT)
                .build();
        JsonNode endpoints = Failsafe.with(policy).get(() -> {
            if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
                throw new CommandFailedException("Sluice did not start");
            }
            return directory.endpoints();
        });
        if (endpoints.path("pid").asLong() != pid) {
            throw new CommandFailedException("Sluice was not ready within " + START_LIMIT.toMinutes() + " minutes");
        }
        return URI.create(endpoints.path("url").asText());
    }

    private static TextTable table(ApiClient client) {
        var table = new TextTable(
                "service",
                "deployments/day",
                "lead time median",
                "change fail rate",
                "recovery median",
                "success rate");
        for (String service : DemoHistory.services().stream().sorted().toList()) {
            JsonNode metrics = client.get(
                            "/v1/dora",
                            Map.of("service", service, "environment", DemoHistory.ENVIRONMENT, "window", "30d"))
                    .require("reading the metrics of " + service)
                    .path("metrics");
            table.add(
                    service,
                    "%.2f"
                            .formatted(metrics.path("deployment_frequency")
                                    .path("per_day")
                                    .asDouble()),
                    hours(metrics.path("change_lead_time").path("median_ms")),
                    percent(metrics.path("change_fail_rate").path("value")),
                    hours(metrics.path("failed_deployment_recovery_time").path("median_ms")),
                    percent(metrics.path("deployment_success_rate").path("value")));
        }
        return table;
    }

    private static String hours(JsonNode millis) {
        return millis.isNumber()
                ? "%.1f h".formatted(millis.doubleValue() / Duration.ofHours(1).toMillis())
                : "-";
    }

    private static String percent(JsonNode ratio) {
        return ratio.isNumber() ? "%.1f %%".formatted(100 * ratio.doubleValue()) : "-";
    }

    private static GateAnswer ask(ApiClient client, String service) {
        var question =
                new GateAnswer.Question(DemoHistory.ENVIRONMENT, service, DemoHistory.ENVIRONMENT, "2.0.0", null, null);
        RetryPolicy<GateAnswer> untilDecided = RetryPolicy.<GateAnswer>builder()
                .handleResultIf(answer -> answer.exitStatus() == ExitStatus.NOT_YET)
                .abortOn(CommandFailedException.class)
                .withMaxRetries(-1)
                .withDelay(Duration.ofSeconds(1))
                .withMaxDuration(Duration.ofMinutes(1))
                .build();
        return Failsafe.with(untilDecided).get(() -> GateAnswer.ask(client, question));
    }
}
