package dev.sluice.cli;

import dev.sluice.cli.judge.FileJudge;
import dev.sluice.cli.judge.JudgeException;
import dev.sluice.cli.judge.Judgement;
import dev.sluice.cli.judge.JudgementDocument;
import dev.sluice.cli.judge.JudgementText;
import dev.sluice.cli.judge.SampleTimes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code sluice judge}: is the canary as good as its baseline? */
@Command(
        name = "judge",
        description = "Judges two files of metrics as a canary and its baseline.",
        sortOptions = false,
        footerHeading = "%nFiles (CSV) begin with one of these lines:%n",
        footer = {
            "  metric,time,value            a gauge: a value of each pod and time",
            "  metric,time,count,exposure   a ratio: events, and requests, since the row before",
            "  metric,time,le,count         a histogram: requests of at most le since the row before",
            "A time is RFC 3339, or seconds or milliseconds since 1970. See docs/guides/judge.md."
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:Successful", "1:the files cannot be judged", "2:wrong usage", "10:Failed", "11:Inconclusive"
        })
final class JudgeCommand implements Callable<Integer> {
    private final Console console;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it; its own mixin would take --version
    private boolean help;

    @Option(
            names = "--baseline",
            required = true,
            paramLabel = "FILE",
            description = "What the version in place did; may be repeated.")
    private List<Path> baseline = new ArrayList<>();

    @Option(
            names = "--canary",
            required = true,
            paramLabel = "FILE",
            description = "What the new version did; may be repeated.")
    private List<Path> canary = new ArrayList<>();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "What is judged, and how, in YAML or JSON (default: every metric in the files).")
    private @Nullable Path config;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "When the canary began; rows of before calibrate (default: the canary's first row).")
    private @Nullable Instant start;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    JudgeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Judgement judgement;
        try {
            judgement = FileJudge.judge(baseline, canary, config, start);
        } catch (JudgeException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        }
        if (output == OutputFormat.JSON) {
            console.out().println(Documents.pretty(JudgementDocument.of(judgement)));
            judgement.notes().forEach(note -> console.err().println("sluice: " + note));
        } else {
            print(judgement);
        }
        return switch (judgement.outcome()) {
            case SUCCESSFUL -> ExitStatus.OK;
            case FAILED -> ExitStatus.NO_GO;
            case INCONCLUSIVE -> ExitStatus.NOT_YET;
            case ERROR -> ExitStatus.FAILED;
        };
    }

    private void print(Judgement judgement) {
        var table = new TextTable(JudgementText.HEADER.toArray(new String[0]));
        JudgementText.rows(judgement).forEach(row -> table.add(row.toArray(new String[0])));
        table.print(console.out());
        console.out().println();
        String style = switch (judgement.outcome()) {
            case SUCCESSFUL -> "bold,green";
            case FAILED, ERROR -> "bold,red";
            case INCONCLUSIVE -> "bold,yellow";
        };
        console.out().println(console.styled(style, judgement.label()) + " at " + judgement.at());
        JudgementText.reasons(judgement).forEach(reason -> console.out().println("  " + reason));
    }

    /** Reads a time. */
    static final class TimeConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String value) {
            return SampleTimes.parse(value)
                    .orElseThrow(() -> new TypeConversionException("not " + SampleTimes.EXPECTED + ": " + value));
        }
    }
}
