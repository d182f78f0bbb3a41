package dev.sluice.simulation;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.EventIds;
import dev.sluice.delivery.Parentage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes delivery histories from a seed: parallel lines of commits with merges, a few services and environments,
 * rollbacks, redeployments, failed and abandoned attempts, clocks that run ahead, commits that were never recorded,
 * corrections and deletions, and pull requests over all of that. Beside them the checks for drift of
 * {@link CheckGenerator}.
 */
public final class HistoryGenerator {
    private static final String SETTINGS = "acme/settings";
    private static final int SETTINGS_COMMITS = 90;
    private static final Instant BEGINNING = Instant.parse("2025-01-06T00:00:00Z");

    private final Random random;
    private final long seed;
    private final String tenant;
    private final Scale scale;
    private final List<DeliveryEvent> events = new ArrayList<>();
    private final List<Commit> commits = new ArrayList<>();
    private final PullRequestGenerator pullRequests;
    private int deployments;

    private HistoryGenerator(long seed, Scale scale) {
        this.seed = seed;
        this.scale = scale;
        this.random = new Random(seed);
        this.tenant = "seed-" + seed;
        this.pullRequests = new PullRequestGenerator(seed, tenant);
    }

    /** Returns the history of a seed, a few hundred events. */
    public static History of(long seed) {
        return new HistoryGenerator(seed, new Scale(1)).generate();
    }

    /** Returns a history of a seed that goes on until it has so many events, or some more. */
    public static History of(long seed, int leastEvents) {
        History history = of(seed);
        double factor = leastEvents / (double) history.events().size();
        while (history.events().size() < leastEvents) {
            history = new HistoryGenerator(seed, new Scale(factor)).generate();
            factor *= 1.1;
        }
        return history;
    }

    /**
     * How much of everything there is.
     *
     * @param factor 1 for a history of half a year at most
     */
    record Scale(double factor) {
        int of(int count) {
            return (int) Math.round(count * factor);
        }
    }

    record Commit(String sha, List<String> parents, Instant committedAt) {}

    private History generate() {
        int repositories = 1 + random.nextInt(2);
        Instant end = BEGINNING;
        settings();
        for (int r = 0; r < repositories; r++) {
            commits.clear();
            String repository = "acme/repo-" + r;
            commits(repository, scale.of(30 + random.nextInt(60)));
            int services = 1 + random.nextInt(2);
            for (int s = 0; s < services; s++) {
                for (String environment :
                        random.nextBoolean() ? List.of("production") : List.of("production", "staging")) {
                    Instant last = deployments(repository, "service-" + r + s, environment);
                    end = last.isAfter(end) ? last : end;
                }
            }
            pullRequests.make(repository, commits);
        }
        events.addAll(IncidentGenerator.of(seed, tenant, scale, events));
        events.addAll(pullRequests.events());
        events.addAll(CheckGenerator.of(seed, tenant, scale, checkedPlaces(), BEGINNING, end));
        Instant asOf = end.plus(Duration.ofHours(random.nextInt(24 * 40)));
        return new History(seed, tenant, events, asOf);
    }

    /** Wherever something is deployed, and where nothing is. */
    private Set<BatchOracle.Place> checkedPlaces() {
        var places = new TreeSet<BatchOracle.Place>();
        places.add(new BatchOracle.Place("network", "production"));
        for (DeliveryEvent event : events) {
            if (event instanceof DeploymentObserved observed) {
                places.add(new BatchOracle.Place(observed.service(), observed.environment()));
            }
        }
        return places;
    }

    /** A second repository that every service deploys from now and then. */
    private void settings() {
        List<Commit> all = new ArrayList<>();
        for (int i = 0; i < scale.of(SETTINGS_COMMITS); i++) {
            List<String> parents = i == 0 ? List.of() : List.of("settings-" + (i - 1));
            all.add(new Commit("settings-" + i, parents, BEGINNING.plus(Duration.ofHours(30L * i))));
            if (random.nextInt(10) != 0) {
                Instant authored = BEGINNING.plus(Duration.ofHours(30L * i + random.nextInt(40)));
                events.add(commit(SETTINGS, "settings-" + i, parents, Parentage.EXPLICIT, authored, authored, "git"));
            }
        }
        pullRequests.make(SETTINGS, all);
    }

    private void commits(String repository, int count) {
        Instant now = BEGINNING;
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            now = now.plusSeconds(600 + random.nextInt(3 * 86_400));
            String sha = String.format(Locale.ROOT, "%s-%03d", repository, i);
            List<String> parents = new ArrayList<>();
            boolean merge = lines.size() > 1 && random.nextInt(5) == 0;
            if (lines.isEmpty()) {
                lines.add(sha);
            } else {
                int line = random.nextInt(lines.size());
                parents.add(lines.get(line));
                if (merge) {
                    int other = (line + 1) % lines.size();
                    parents.add(lines.get(other));
                    lines.set(line, sha);
                    lines.remove(other);
                } else if (lines.size() < 3 && random.nextInt(6) == 0) {
                    lines.add(sha);
                } else {
                    lines.set(line, sha);
                }
            }
            commits.add(new Commit(sha, parents, now));
            if (random.nextInt(40) != 0) {
                record(repository, sha, parents, now);
            }
        }
    }

    private void record(String repository, String sha, List<String> parents, Instant committedAt) {
        long hoursOfWork = random.nextInt(200);
        boolean clockAhead = random.nextInt(30) == 0;
        Instant authored = clockAhead
                ? committedAt.plus(Duration.ofDays(20L + random.nextInt(60)))
                : committedAt.minus(Duration.ofHours(hoursOfWork));
        int knowledge = random.nextInt(10);
        if (knowledge == 0 && !parents.isEmpty()) {
            // a push told of it first: only its place in the push is known, and that may be another line
            String before = commits.get(random.nextInt(commits.size())).sha();
            String inferred = before.equals(sha) ? parents.get(0) : before;
            events.add(commit(repository, sha, List.of(inferred), Parentage.INFERRED, authored, committedAt, "push"));
            if (random.nextInt(4) == 0) {
                return;
            }
        }
        if (knowledge == 1) {
            events.add(commit(repository, sha, List.of(), Parentage.UNKNOWN, authored, committedAt, "list"));
            if (random.nextInt(4) == 0) {
                return;
            }
        }
        events.add(commit(repository, sha, parents, Parentage.EXPLICIT, authored, committedAt, "git"));
    }

    private CommitRecorded commit(
            String repository,
            String sha,
            List<String> parents,
            Parentage parentage,
            Instant authored,
            Instant committedAt,
            String source) {
        return new CommitRecorded(
                header(source, sha, committedAt),
                repository,
                sha,
                parents,
                parentage,
                authored,
                committedAt,
                reverts(repository, sha),
                null);
    }

    /** Some commits take an earlier one back, here and there one of another line, or one that never was. */
    private List<String> reverts(String repository, String sha) {
        if (random.nextInt(8) != 0) {
            return List.of();
        }
        String reverted = repository.equals(SETTINGS)
                ? "settings-" + random.nextInt(scale.of(SETTINGS_COMMITS))
                : commits.get(random.nextInt(commits.size())).sha();
        return reverted.equals(sha) ? List.of("never-seen") : List.of(reverted);
    }

    private Instant deployments(String repository, String service, String environment) {
        int count = scale.of(8 + random.nextInt(30));
        Instant now = BEGINNING.plus(Duration.ofDays(random.nextInt(20)));
        List<Integer> deployed = new ArrayList<>();
        int newest = 0;
        for (int i = 0; i < count; i++) {
            now = now.plusSeconds(random.nextInt(6 * 86_400));
            if (random.nextInt(12) == 0) {
                now = now.minusSeconds(now.getEpochSecond() % 86_400);
            }
            int index;
            int choice = random.nextInt(10);
            if (choice < 6 || deployed.isEmpty()) {
                newest = Math.min(commits.size() - 1, newest + random.nextInt(6));
                index = newest;
            } else if (choice < 8) {
                index = deployed.get(random.nextInt(deployed.size()));
            } else {
                index = deployed.get(deployed.size() - 1);
            }
            deployed.add(index);
            attempt(repository, service, environment, index, now);
        }
        return now.plus(Duration.ofDays(2));
    }

    private void attempt(String repository, String service, String environment, int index, Instant end) {
        String nativeId = String.format(Locale.ROOT, "%05d", (deployments++ * 7919) % 100_000);
        boolean settingsOnly = random.nextInt(20) == 0;
        var template = new Template(
                settingsOnly ? SETTINGS : repository,
                service,
                environment,
                nativeId,
                random.nextInt(3) == 0 ? null : "v" + (random.nextInt(8) == 0 ? index + 1000 : index),
                settingsOnly
                        ? "settings-" + index
                        : random.nextInt(12) == 0 ? null : commits.get(index).sha(),
                random.nextInt(25) == 0 ? DeploymentKind.ROLLBACK : null,
                random.nextInt(12) == 0 ? (Boolean) random.nextBoolean() : null,
                random.nextInt(4) == 0 ? end.plusSeconds(60 - random.nextInt(4000)) : null,
                random.nextInt(10) == 0 ? service + "@v" + random.nextInt(commits.size()) : null);
        Instant start = end.minusSeconds(30 + random.nextInt(3600));
        if (random.nextBoolean()) {
            events.add(observed(template, DeploymentState.QUEUED, start.minusSeconds(60), 0));
        }
        if (random.nextInt(4) != 0) {
            events.add(observed(template, DeploymentState.STARTED, start, 0));
        }
        DeploymentState result = switch (random.nextInt(12)) {
            case 0, 1 -> DeploymentState.FAILURE;
            case 2 -> DeploymentState.CANCELLED;
            case 3 -> random.nextBoolean() ? DeploymentState.SKIPPED : DeploymentState.STARTED;
            default -> DeploymentState.SUCCESS;
        };
        events.add(observed(template, result, end, 0));
        switch (random.nextInt(16)) {
            case 0 -> events.add(observed(template, DeploymentState.SUCCESS, end.plusSeconds(600), 0));
            case 1 -> events.add(observed(template, DeploymentState.FAILURE, end.plusSeconds(300), 0));
            case 2 -> events.add(observed(template, DeploymentState.INACTIVE, end.plusSeconds(900), 0));
            case 3 ->
                events.add(observed(
                        template,
                        random.nextBoolean() ? DeploymentState.SUCCESS : DeploymentState.FAILURE,
                        end.minus(Duration.ofDays(random.nextInt(9))),
                        1));
            case 4 -> {
                if (random.nextBoolean()) {
                    events.add(observed(template, DeploymentState.DELETED, end.plusSeconds(5000), 2));
                }
            }
            case 5 -> events.add(observed(template.movedTo("canary"), result, end, 1));
            case 6 ->
                events.add(observed(template.withoutRepository(), DeploymentState.FAILURE, end.plusSeconds(90), 1));
            default -> {
                // most attempts are told of once
            }
        }
    }

    private record Template(
            @Nullable String repository,
            String service,
            String environment,
            String nativeId,
            @Nullable String version,
            @Nullable String sha,
            @Nullable DeploymentKind kind,
            @Nullable Boolean planned,
            @Nullable Instant startedAt,
            @Nullable String remediates) {
        Template movedTo(String other) {
            return new Template(
                    repository, service, other, nativeId, version, sha, kind, planned, startedAt, remediates);
        }

        Template withoutRepository() {
            return new Template(
                    null, service, environment, nativeId, version, null, kind, planned, startedAt, remediates);
        }
    }

    private DeploymentObserved observed(Template of, DeploymentState state, Instant at, long revision) {
        return new DeploymentObserved(
                header("pipeline", of.nativeId() + state + at + revision, at),
                DeploymentObserved.deploymentId("pipeline", of.nativeId()),
                of.service(),
                of.environment(),
                state,
                revision,
                0,
                null,
                state.isTerminal() ? of.startedAt() : null,
                of.version(),
                of.repository(),
                of.sha(),
                null,
                null,
                of.remediates(),
                of.kind(),
                of.planned(),
                null);
    }

    private EventHeader header(String source, String nativeId, Instant at) {
        return new EventHeader(EventIds.of(tenant, source, nativeId), tenant, source, "generated", at, at);
    }
}
