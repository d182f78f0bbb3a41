package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice dora}: sends the history of a repository and prints the quarters that Sluice makes of it. */
@Command(
        name = "dora",
        description = "Sends a repository's commits and releases to Sluice and prints its metrics per quarter.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DoraCommand implements Callable<Integer> {
    private static final int LARGEST_BATCH = 2000;

    private final Console console;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--git", paramLabel = "PATH", description = "A git repository: its tags are the releases.")
    private @Nullable Path git;

    @Option(
            names = "--tags",
            paramLabel = "GLOB",
            description =
                    "With --git: the tags that are releases, e.g. 'v*' (default: all with a digit in their name).")
    private @Nullable String tags;

    @Option(
            names = "--pre-releases",
            description = "With --git: release candidates, betas and their like are releases too.")
    private boolean preReleases;

    @Option(
            names = "--commits",
            paramLabel = "FILE",
            description = "CSV: sha, author_time, commit_time, parents (separated by spaces).")
    private @Nullable Path commits;

    @Option(
            names = "--releases",
            paramLabel = "FILE",
            description = "CSV: tag, tag_time, sha; is_release may be there: 1, or 0 for what is left out.")
    private @Nullable Path releases;

    @Option(
            names = "--service",
            paramLabel = "NAME",
            description =
                    "The service (default: the name of the repository, or of the commits file without -commits.csv).")
    private @Nullable String service;

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            defaultValue = "production",
            description = "The environment (default: ${DEFAULT-VALUE}).")
    private String environment = "";

    @Option(
            names = "--repository",
            paramLabel = "NAME",
            description = "The repository (default: where --git was cloned from, owner/name; else the service's name).")
    private @Nullable String repository;

    @Option(
            names = "--output",
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

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "500",
            description = "Events in one request (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--shuffle", paramLabel = "SEED", hidden = true, description = "Sends the events in another order.")
    private @Nullable Long shuffle;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            hidden = true,
            defaultValue = "1",
            description = "Sends each N times.")
    private int repeat;

    @Mixin
    private ApiOptions api = new ApiOptions();

    DoraCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        requireBetween("--batch", batch, LARGEST_BATCH);
        requireBetween("--timeout", timeoutSeconds, Integer.MAX_VALUE);
        requireBetween("--repeat", repeat, Integer.MAX_VALUE);
        Source source = source();
        String name = source.service();
        List<ObjectNode> events = ordered(source.history().events(name, environment));
        ApiClient client = api.client(console, null, Duration.ofSeconds(timeoutSeconds));
        Instant received = new EventSender(client, console, batch).send("Sending " + name, events);
        var report = QuarterReport.of(new StoredPeriods(client, console).quarters(name, environment, received));
        if (output == OutputFormat.JSON) {
            console.out().println(Documents.pretty(report.toJson()));
        } else {
            report.toTable().print(console.out());
        }
        return ExitStatus.OK;
    }

    private Source source() {
        if (git != null && commits == null && releases == null) {
            return fromGit(git);
        }
        if (git == null && commits != null && releases != null && tags == null && !preReleases) {
            return fromFiles(commits, releases);
        }
        throw wrong(
                "Either --git PATH, with --tags and --pre-releases as needed; or --commits FILE and --releases FILE.");
    }

    private Source fromGit(Path path) {
        TagChoice choice;
        try {
            choice = new TagChoice(tags, preReleases);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        try (GitCheckout checkout = GitCheckout.open(path)) {
            String whole = repository == null
                    ? checkout.originName().orElseGet(() -> service == null ? checkout.directoryName() : service)
                    : repository;
            GitCheckout.Reading reading = checkout.history(whole, choice);
            GitHistory history = reading.history();
            if (history.releases().isEmpty()) {
                throw new CommandFailedException("no tag of %s is a release%s"
                        .formatted(
                                path,
                                reading.preReleases().isEmpty() ? "" : "; --pre-releases takes its pre-releases"));
            }
            console.progress("%s: %d commits, %d releases%s"
                    .formatted(
                            whole,
                            history.commits().size(),
                            history.releases().size(),
                            reading.preReleases().isEmpty()
                                    ? ""
                                    : ", %d pre-releases left out"
                                            .formatted(reading.preReleases().size())));
            ShallowNote.print(console, reading);
            return new Source(history, service == null ? RepositoryName.last(whole) : service);
        }
    }

    private Source fromFiles(Path commitFile, Path releaseFile) {
        String name = service == null ? nameOf(commitFile) : service;
        if (name.isEmpty()) {
            throw wrong("The name " + commitFile + " does not say which service it is: say so with --service.");
        }
        GitHistory history = CsvHistory.read(commitFile, releaseFile, repository == null ? name : repository);
        if (history.releases().isEmpty()) {
            throw new CommandFailedException(
                    releaseFile + " has no release; where there is a column is_release, it is 1 for those that are");
        }
        warnOfUnknownCommits(history);
        return new Source(history, name);
    }

    private void warnOfUnknownCommits(GitHistory history) {
        Set<String> known = history.commits().stream().map(Commit::sha).collect(Collectors.toUnmodifiableSet());
        long unknown = history.releases().stream()
                .filter(release -> !known.contains(release.sha()))
                .count();
        if (unknown > 0) {
            console.progress("sluice: warning: %d of %d releases are of commits that the file of commits does not have"
                    .formatted(unknown, history.releases().size()));
        }
    }

    /** Returns the name of a file without its extension and what says which file it is; empty if nothing is left. */
    static String nameOf(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "").replaceFirst("[-_.]?commits$", "");
    }

    private List<ObjectNode> ordered(List<ObjectNode> events) {
        var all = new ArrayList<ObjectNode>();
        for (int i = 0; i < repeat; i++) {
            all.addAll(events);
        }
        if (shuffle != null) {
            Collections.shuffle(all, new Random(shuffle));
        }
        return all;
    }

    private void requireBetween(String option, int value, int highest) {
        if (value < 1 || value > highest) {
            throw wrong("%s must be between 1 and %d: %d".formatted(option, highest, value));
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /**
     * What is sent.
     *
     * @param history commits and releases
     * @param service whose releases they are
     */
    private record Source(GitHistory history, String service) {}
}
