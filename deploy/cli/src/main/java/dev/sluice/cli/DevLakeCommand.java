package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice devlake}: sends what a DevLake has, and compares its numbers with Sluice's. */
@Command(
        name = "devlake",
        description = "Sends DevLake's tables (CSV) and says where its numbers differ.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DevLakeCommand implements Callable<Integer> {
    private static final int BATCH = 500;

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            required = true,
            description = "Has a project's tables of DevLake's domain layer, each as TABLE.csv.")
    private Path directory = Path.of("");

    @Option(
            names = "--service",
            paramLabel = "SCOPE=NAME",
            description = "The service of a scope (default: its name in cicd_scopes.csv, else the scope itself).")
    private Map<String, String> services = new LinkedHashMap<>();

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            defaultValue = "production",
            description = "What DevLake's PRODUCTION is called (default: ${DEFAULT-VALUE}).")
    private String environment = "";

    @Option(
            names = "--from",
            paramLabel = "MONTH",
            description = "The first month to compare, e.g. 2026-01 (default: that of the first deployment).")
    private @Nullable YearMonth from;

    @Option(
            names = "--to",
            paramLabel = "MONTH",
            description = "The last month to compare (default: that of the last deployment).")
    private @Nullable YearMonth to;

    @Option(
            names = {"--output", "--format"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "600",
            description = "How long to go on while Sluice is busy (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Mixin
    private ApiOptions api = new ApiOptions();

    DevLakeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (timeoutSeconds < 1) {
            throw new ParameterException(spec.commandLine(), "--timeout must be at least 1: " + timeoutSeconds);
        }
        DevLakeExport export = DevLakeExport.read(directory);
        var named = new DevLakeServices(export, services);
        var metrics = new DevLakeMetrics(export);
        var history = new DevLakeHistory(export, named, environment);
        List<YearMonth> months = months(metrics);
        ApiClient client = api.client(console, null, Duration.ofSeconds(timeoutSeconds));
        Instant received = new EventSender(client, console, BATCH).send("Sending " + directory, history.events());
        var stored = new StoredPeriods(client, console);
        var compared = new ArrayList<DevLakeReport.Month>();
        for (String service : named.all()) {
            JsonNode answer =
                    stored.months(service, environment, months.get(0), months.get(months.size() - 1), received);
            var series = new DevLakeSeries(service, named, export, metrics, history);
            for (YearMonth month : months) {
                var comparison = new DevLakeComparison(
                        new ServiceMonth(service, month, named), metrics, series, metricsOf(answer, month));
                compared.add(new DevLakeReport.Month(service, month, comparison.lines()));
            }
        }
        print(new DevLakeReport(compared, history.leftOut()));
        return ExitStatus.OK;
    }

    private void print(DevLakeReport report) {
        if (output == OutputFormat.JSON) {
            console.out().println(Documents.pretty(report.toJson()));
        } else {
            report.print(console.out());
        }
    }

    private List<YearMonth> months(DevLakeMetrics metrics) {
        List<YearMonth> deployed = metrics.deployments().stream()
                .map(deployment -> YearMonth.from(deployment.finished().atOffset(ZoneOffset.UTC)))
                .sorted()
                .toList();
        if (deployed.isEmpty()) {
            throw new CommandFailedException(
                    "%s has no successful deployment to PRODUCTION; DevLake has no number either".formatted(directory));
        }
        YearMonth first = from == null ? deployed.get(0) : from;
        YearMonth last = to == null ? deployed.get(deployed.size() - 1) : to;
        if (last.isBefore(first)) {
            throw new ParameterException(
                    spec.commandLine(), "the last month, %s, is before the first, %s".formatted(last, first));
        }
        var months = new ArrayList<YearMonth>();
        for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
            months.add(month);
        }
        return months;
    }

    private static JsonNode metricsOf(JsonNode answer, YearMonth month) {
        for (JsonNode period : answer.path("periods")) {
            if (period.path("label").asText().equals(month.toString())) {
                return period.path("metrics");
            }
        }
        return Documents.mapper().missingNode();
    }
}
