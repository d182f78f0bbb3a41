package dev.sluice.simulation;

import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.Parentage;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The metrics by the definitions alone: everything in memory, everything from scratch. It shares no code
 * with the stream; it is slow and plain on purpose.
 */
public final class BatchOracle {
    private final Instant asOf;
    private final ZoneId zone;
    private final Map<String, Map<String, CommitView>> repositories = new HashMap<>();
    private final Map<Place, List<Deployed>> places = new TreeMap<>();
    private final FailureOracle failures;
    private final PullRequestOracle pullRequests;

    /** Where something is deployed. */
    public record Place(String service, String environment) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return Comparator.comparing(Place::service)
                    .thenComparing(Place::environment)
                    .compare(this, other);
        }
    }

    /** The numbers of one range of days. */
    public record Numbers(
            int deployments,
            double perDay,
            int deployDays,
            int rollbacks,
            int redeploys,
            int leadN,
            @Nullable Double leadMedianMs,
            @Nullable Double leadP90Ms,
            int clockSkew,
            int incomplete,
            int success,
            int failure,
            int cancelled,
            int skipped,
            int timedOut,
            int wholeWeeks,
            @Nullable Double medianDeployDaysPerWeek,
            @Nullable Double medianGapMs,
            int reworkN,
            int rework,
            Times deploying,
            int withoutStart,
            Times queueing,
            Times toSuccess,
            List<Long> leadTimes,
            FailureOracle.Numbers failures,
            PullRequestOracle.Numbers pullRequests) {
        /** Returns whether no attempt ended and no incident began or ended in the range. */
        public boolean isEmpty() {
            int attempts = success + failure + cancelled + skipped + timedOut;
            int incidents = failures.unattributed()
                    + failures.notChangeCaused()
                    + failures.incidents().size();
            return attempts + incidents == 0;
        }
    }

    /** Durations in milliseconds, ascending. */
    public record Times(List<Long> sorted) {
        static Times of(Stream<Long> times) {
            return new Times(times.sorted().toList());
        }

        /** Returns how many there are. */
        public int n() {
            return sorted.size();
        }

        /** Returns the mean. */
        public @Nullable Double mean() {
            return sorted.isEmpty()
                    ? null
                    : sorted.stream().mapToLong(Long::longValue).sum() / (double) sorted.size();
        }

        /** Returns a percentile. */
        public @Nullable Double percentile(int percent) {
            return BatchOracle.percentile(sorted, percent);
        }
    }

    private static final class CommitView {
        final Set<String> parents = new TreeSet<>();
        final Set<String> reverts = new TreeSet<>();
        Parentage parentage = Parentage.UNKNOWN;

        @Nullable
        Instant authored;

        boolean merge() {
            return parentage == Parentage.EXPLICIT && parents.size() > 1;
        }
    }

    /** An attempt with its judgement. */
    public static final class Deployed {
        final String id;
        final String result;
        final @Nullable Instant finished;
        final @Nullable String version;
        final @Nullable String sha;
        final @Nullable String repository;
        final @Nullable String stated;
        final @Nullable Instant queued;
        final @Nullable Instant started;
        final boolean repair;
        final Instant opened;
        final @Nullable String digest;
        final @Nullable String remediates;
        final @Nullable Boolean impact;
        boolean rework;

        @Nullable
        Instant firstTried;

        final Set<String> brought = new TreeSet<>();

        @Nullable
        String kind;

        boolean seed;

        Deployed(
                String id,
                String result,
                @Nullable Instant finished,
                @Nullable String version,
                @Nullable String sha,
                @Nullable String repository,
                @Nullable String stated,
                @Nullable Instant queued,
                @Nullable Instant started,
                boolean repair,
                Instant opened,
                @Nullable String digest,
                @Nullable String remediates,
                @Nullable Boolean impact) {
            this.id = id;
            this.result = result;
            this.finished = finished;
            this.version = version;
            this.sha = sha;
            this.repository = repository;
            this.stated = stated;
            this.queued = queued;
            this.started = started;
            this.repair = repair;
            this.opened = opened;
            this.digest = digest;
            this.remediates = remediates;
            this.impact = impact;
        }

        Instant finishedAt() {
            return Objects.requireNonNull(finished);
        }

        /** Returns id, result, kind, baseline and commits in one line. */
        public String line() {
            return id + " " + result + " " + kind + " " + (seed ? "seed" : "-") + " " + finished + " " + brought.size();
        }
    }

    /**
     * Computes everything.
     *
     * @param events all events, in any order, with repetitions
     * @param asOf the moment of the answer
     */
    public BatchOracle(Collection<DeliveryEvent> events, Instant asOf) {
        this(events, asOf, ZoneOffset.UTC);
    }

    /**
     * The same of services whose days begin in a zone.
     *
     * @param zone the zone of all services
     */
    public BatchOracle(Collection<DeliveryEvent> events, Instant asOf, ZoneId zone) {
        this.asOf = asOf;
        this.zone = zone;
        Map<String, DeliveryEvent> once = new LinkedHashMap<>();
        events.forEach(event -> once.put(event.header().id(), event));
        readCommits(once.values());
        readDeployments(once.values());
        places.values().forEach(this::judge);
        failures = new FailureOracle(this, once.values());
        failures.places().forEach(place -> places.computeIfAbsent(place, key -> new ArrayList<>()));
        pullRequests = new PullRequestOracle(once.values(), this);
    }

    /** Returns what is known of pull requests. */
    public PullRequestOracle pullRequests() {
        return pullRequests;
    }

    /** Returns where anything was deployed, or went wrong. */
    public Set<Place> places() {
        return places.keySet();
    }

    /** Returns the attempts of a place, one line each, by id. */
    public List<String> lines(Place place) {
        return attempts(place).stream().map(Deployed::line).sorted().toList();
    }

    /** Returns the incidents of a place, one line each, by id. */
    public List<String> incidentLines(Place place) {
        return failures.lines(place);
    }

    /** Returns the numbers of the days that end with the day of the answer. */
    public Numbers window(Place place, int days) {
        LocalDate today = LocalDate.ofInstant(asOf, zone);
        return numbers(place, today.minusDays(days - 1L), today.plusDays(1));
    }

    /** Returns the numbers of every week, month and quarter in which something happened, by kind and label. */
    public Map<String, Numbers> periods(Place place) {
        Map<String, Numbers> periods = new TreeMap<>();
        List<Instant> moments = new ArrayList<>(failures.moments(place));
        attempts(place).stream()
                .map(attempt -> attempt.finished)
                .filter(Objects::nonNull)
                .forEach(moments::add);
        for (Instant moment : moments) {
            LocalDate day = LocalDate.ofInstant(moment, zone);
            LocalDate monday = day;
            while (monday.getDayOfWeek() != DayOfWeek.MONDAY) {
                monday = monday.minusDays(1);
            }
            LocalDate month = LocalDate.of(day.getYear(), day.getMonth(), 1);
            LocalDate quarter = LocalDate.of(day.getYear(), (day.getMonthValue() - 1) / 3 * 3 + 1, 1);
            periods.put(
                    String.format(
                            "WEEK %d-W%02d",
                            monday.get(IsoFields.WEEK_BASED_YEAR), monday.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)),
                    numbers(place, monday, monday.plusDays(7)));
            periods.put(
                    String.format("MONTH %d-%02d", month.getYear(), month.getMonthValue()),
                    numbers(place, month, month.plusMonths(1)));
            periods.put(
                    String.format("QUARTER %d-Q%d", quarter.getYear(), (quarter.getMonthValue() + 2) / 3),
                    numbers(place, quarter, quarter.plusMonths(3)));
        }
        return periods;
    }

    /** Returns the successful attempts of a place, in their order. */
    List<Deployed> successes(Place place) {
        return successes(attempts(place));
    }

    /** Returns the author time of a commit; null where it was never recorded. */
    @Nullable
    Instant authored(String repository, String sha) {
        return commit(repository, sha).authored;
    }

    List<Deployed> attempts(Place place) {
        return places.getOrDefault(place, List.of());
    }

    private void readCommits(Collection<DeliveryEvent> events) {
        for (DeliveryEvent event : events) {
            if (event instanceof CommitRecorded commit) {
                CommitView view = commit(commit.repository(), commit.sha());
                view.reverts.addAll(commit.reverts());
                if (view.authored == null || commit.authoredAt().isBefore(view.authored)) {
                    view.authored = commit.authoredAt();
                }
                if (commit.parentage().compareTo(view.parentage) > 0) {
                    view.parents.clear();
                    view.parentage = commit.parentage();
                }
                if (commit.parentage() == view.parentage) {
                    view.parents.addAll(commit.parents());
                }
            }
        }
    }

    /** Returns the commits that a commit reverts. */
    Set<String> reverts(String repository, String sha) {
        return commit(repository, sha).reverts;
    }

    private CommitView commit(String repository, String sha) {
        return repositories
                .computeIfAbsent(repository, name -> new HashMap<>())
                .computeIfAbsent(sha, name -> new CommitView());
    }

    private void readDeployments(Collection<DeliveryEvent> events) {
        Map<String, List<DeploymentObserved>> byId = new TreeMap<>();
        for (DeliveryEvent event : events) {
            if (event instanceof DeploymentObserved observed) {
                byId.computeIfAbsent(
                                observed.deploymentId() + " of " + observed.service() + " in " + observed.environment(),
                                id -> new ArrayList<>())
                        .add(observed);
            }
        }
        byId.values().forEach(this::readAttempt);
    }

    private void readAttempt(List<DeploymentObserved> told) {
        List<DeploymentObserved> signs = told.stream()
                .filter(each -> each.state() != DeploymentState.AMENDED)
                .toList();
        long revision =
                signs.stream().mapToLong(DeploymentObserved::revision).max().orElse(-1);
        boolean gone =
                signs.stream().anyMatch(each -> each.revision() == revision && each.state() == DeploymentState.DELETED);
        if (gone || signs.isEmpty()) {
            return;
        }
        List<DeploymentObserved> terminal =
                told.stream().filter(each -> each.state().isTerminal()).toList();
        long judged =
                terminal.stream().mapToLong(DeploymentObserved::revision).max().orElse(-1);
        List<DeploymentObserved> byTime = terminal.stream()
                .filter(each -> each.revision() == judged)
                .sorted(Comparator.comparing(
                                (DeploymentObserved each) -> each.header().occurredAt())
                        .thenComparing(each -> each.header().id()))
                .toList();
        List<DeploymentObserved> byAuthority = told.stream()
                .sorted(Comparator.comparing(DeploymentObserved::revision)
                        .thenComparing(DeploymentObserved::rank)
                        .thenComparing(each -> each.header().occurredAt())
                        .thenComparing(each -> each.header().id())
                        .reversed())
                .toList();
        DeploymentObserved highest = byAuthority.get(0);
        String result;
        Instant finished;
        if (byTime.isEmpty()) {
            Instant first = signs.stream()
                    .map(each -> each.header().occurredAt())
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
            Instant givenUp = first.plus(24, ChronoUnit.HOURS);
            boolean over = !asOf.isBefore(givenUp);
            result = over ? "TIMED_OUT" : "IN_PROGRESS";
            finished = over ? givenUp : null;
        } else {
            int last = byTime.size() - 1;
            DeploymentState state = byTime.get(last).state();
            int from = last;
            while (from > 0 && byTime.get(from - 1).state() == state) {
                from--;
            }
            result = state.name();
            finished = byTime.get(from).header().occurredAt();
        }
        places.computeIfAbsent(new Place(highest.service(), highest.environment()), place -> new ArrayList<>())
                .add(new Deployed(
                        highest.deploymentId(),
                        result,
                        finished,
                        said(byAuthority, DeploymentObserved::version),
                        said(byAuthority, DeploymentObserved::sha),
                        said(byAuthority, DeploymentObserved::repository),
                        said(
                                byAuthority,
                                each -> each.statedKind() == null
                                        ? null
                                        : each.statedKind().name()),
                        least(told, DeploymentState.QUEUED, DeploymentObserved::queuedAt),
                        least(told, DeploymentState.STARTED, DeploymentObserved::startedAt),
                        said(byAuthority, DeploymentObserved::remediates) != null
                                || "false"
                                        .equals(said(
                                                byAuthority,
                                                each -> each.planned() == null
                                                        ? null
                                                        : each.planned().toString())),
                        signs.stream()
                                .flatMap(each ->
                                        Stream.of(each.header().occurredAt(), each.queuedAt(), each.startedAt()))
                                .filter(Objects::nonNull)
                                .min(Comparator.naturalOrder())
                                .orElseThrow(),
                        said(byAuthority, DeploymentObserved::digest),
                        said(byAuthority, DeploymentObserved::remediates),
                        said(
                                                byAuthority,
                                                each -> each.impact() == null
                                                        ? null
                                                        : each.impact().toString())
                                        == null
                                ? null
                                : Boolean.valueOf(said(
                                        byAuthority,
                                        each -> each.impact() == null
                                                ? null
                                                : each.impact().toString()))));
    }

    /** The least time at which a state was entered, by those who speak with the highest revision of it. */
    private static @Nullable Instant least(
            List<DeploymentObserved> told,
            DeploymentState state,
            Function<DeploymentObserved, @Nullable Instant> stated) {
        Map<Long, Instant> leastOfRevision = new TreeMap<>();
        for (DeploymentObserved each : told) {
            Instant time = stated.apply(each);
            if (time == null && each.state() == state) {
                time = each.header().occurredAt();
            }
            if (time != null) {
                leastOfRevision.merge(each.revision(), time, (one, other) -> one.isBefore(other) ? one : other);
            }
        }
        Instant least = null;
        for (Instant time : leastOfRevision.values()) {
            least = time;
        }
        return least;
    }

    private static @Nullable String said(
            List<DeploymentObserved> byAuthority, Function<DeploymentObserved, @Nullable String> field) {
        return byAuthority.stream()
                .map(field)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static List<Deployed> successes(List<Deployed> attempts) {
        return attempts.stream()
                .filter(each -> each.result.equals("SUCCESS"))
                .sorted(Comparator.comparing(Deployed::finishedAt).thenComparing(each -> each.id))
                .toList();
    }

    private void judge(List<Deployed> attempts) {
        List<Deployed> successes = successes(attempts);
        Set<String> deployedCommits = new HashSet<>();
        Set<String> ranBefore = new HashSet<>();
        Set<String> baselines = new HashSet<>();
        Set<String> current = Set.of();
        for (int i = 0; i < successes.size(); i++) {
            Deployed each = successes.get(i);
            if (each.sha != null && each.repository != null) {
                each.seed = baselines.add(each.repository);
                for (String sha : reachable(each.repository, each.sha)) {
                    if (deployedCommits.add(sha)) {
                        each.brought.add(sha);
                    }
                }
            }
            String runs = each.version != null ? "v" + each.version : each.sha == null ? null : "s" + each.sha;
            if (each.stated != null) {
                each.kind = each.stated;
            } else if (runs != null && current.contains(runs)) {
                each.kind = "REDEPLOY";
            } else if (runs != null && ranBefore.contains(runs)) {
                each.kind = "ROLLBACK";
            } else {
                each.kind = each.brought.isEmpty() ? "CONFIG" : "FORWARD";
            }
            current = new HashSet<>();
            if (each.version != null) {
                current.add("v" + each.version);
            }
            if (each.sha != null) {
                current.add("s" + each.sha);
            }
            ranBefore.addAll(current);
        }
        judgeRework(attempts, successes);
    }

    private void judgeRework(List<Deployed> attempts, List<Deployed> successes) {
        Map<String, Integer> broughtAt = new HashMap<>();
        Set<String> succeeded = new HashSet<>();
        for (int i = 0; i < successes.size(); i++) {
            Deployed each = successes.get(i);
            for (String sha : each.brought) {
                broughtAt.put(each.repository + " " + sha, i);
            }
            String runs = each.version != null ? "v" + each.version : each.sha == null ? null : "s" + each.sha;
            if (runs != null && !succeeded.contains(runs)) {
                each.firstTried = attempts.stream()
                        .filter(other -> other == each
                                || (isBefore(other, each)
                                        && !other.result.equals("SKIPPED")
                                        && !other.result.equals("SUCCESS")
                                        && (runs.equals("v" + other.version) || runs.equals("s" + other.sha))))
                        .map(other -> other.started)
                        .filter(Objects::nonNull)
                        .min(Comparator.naturalOrder())
                        .orElse(null);
            }
            if (each.version != null) {
                succeeded.add("v" + each.version);
            }
            if (each.sha != null) {
                succeeded.add("s" + each.sha);
            }
        }
        for (int i = 0; i < successes.size(); i++) {
            Deployed each = successes.get(i);
            int place = i;
            boolean revert = each.brought.stream()
                    .flatMap(sha -> commit(Objects.requireNonNull(each.repository), sha).reverts.stream())
                    .anyMatch(sha -> broughtAt.getOrDefault(each.repository + " " + sha, Integer.MAX_VALUE) < place);
            each.rework = "ROLLBACK".equals(each.kind) || (!"REDEPLOY".equals(each.kind) && (each.repair || revert));
        }
    }

    private static boolean isBefore(Deployed one, Deployed other) {
        if (one.finished == null) {
            return false;
        }
        int order = one.finished.compareTo(other.finishedAt());
        return order < 0 || (order == 0 && one.id.compareTo(other.id) < 0);
    }

    private Set<String> reachable(String repository, String from) {
        Set<String> seen = new HashSet<>();
        var open = new ArrayDeque<>(List.of(from));
        while (!open.isEmpty()) {
            String sha = open.pop();
            if (seen.add(sha)) {
                open.addAll(commit(repository, sha).parents);
            }
        }
        return seen;
    }

    private Numbers numbers(Place place, LocalDate from, LocalDate to) {
        Instant start = from.atStartOfDay(zone).toInstant();
        Instant end = to.atStartOfDay(zone).toInstant();
        List<Deployed> inRange = attempts(place).stream()
                .filter(each -> each.finished != null && !each.finished.isBefore(start) && each.finished.isBefore(end))
                .toList();
        List<Deployed> counted = inRange.stream()
                .filter(each -> "FORWARD".equals(each.kind) || "CONFIG".equals(each.kind))
                .toList();
        List<Long> leads = new ArrayList<>();
        int skew = 0;
        int incomplete = 0;
        for (Deployed each : inRange) {
            if (!each.result.equals("SUCCESS") || each.seed) {
                continue;
            }
            boolean unknown = false;
            for (String sha : each.brought) {
                CommitView commit = commit(Objects.requireNonNull(each.repository), sha);
                unknown |= commit.parentage == Parentage.UNKNOWN;
                if (commit.authored == null || commit.merge()) {
                    continue;
                }
                long lead = each.finishedAt().toEpochMilli() - commit.authored.toEpochMilli();
                if (lead < 0) {
                    skew++;
                } else {
                    leads.add(lead);
                }
            }
            if (unknown) {
                incomplete++;
            }
        }
        leads.sort(Comparator.naturalOrder());
        return new Numbers(
                counted.size(),
                counted.size() / (Duration.between(start, end).toMillis() / 86_400_000.0),
                (int) counted.stream()
                        .map(each -> LocalDate.ofInstant(each.finishedAt(), zone))
                        .distinct()
                        .count(),
                kind(inRange, "ROLLBACK"),
                kind(inRange, "REDEPLOY"),
                leads.size(),
                percentile(leads, 50),
                percentile(leads, 90),
                skew,
                incomplete,
                result(inRange, "SUCCESS"),
                result(inRange, "FAILURE"),
                result(inRange, "CANCELLED"),
                result(inRange, "SKIPPED"),
                result(inRange, "TIMED_OUT"),
                deployDaysOfWeeks(counted, from, to).size(),
                percentile(deployDaysOfWeeks(counted, from, to), 50),
                gaps(counted).percentile(50),
                (int) inRange.stream()
                        .filter(each -> each.kind != null && !each.kind.equals("REDEPLOY"))
                        .count(),
                (int) inRange.stream().filter(each -> each.rework).count(),
                times(inRange, each -> each.started, Deployed::finishedAt),
                (int) inRange.stream()
                        .filter(each -> each.result.equals("SUCCESS"))
                        .filter(each -> each.started == null || each.started.isAfter(each.finishedAt()))
                        .count(),
                times(inRange, each -> each.queued, each -> each.started),
                times(inRange, each -> each.firstTried, Deployed::finishedAt),
                leads,
                failures.numbers(place, start, end),
                pullRequests.numbers(place, start, end));
    }

    private List<Long> deployDaysOfWeeks(List<Deployed> counted, LocalDate from, LocalDate to) {
        List<Long> weeks = new ArrayList<>();
        for (LocalDate day = from; !day.plusDays(7).isAfter(to); day = day.plusDays(1)) {
            if (day.getDayOfWeek() == DayOfWeek.MONDAY) {
                LocalDate monday = day;
                weeks.add(counted.stream()
                        .map(each -> LocalDate.ofInstant(each.finishedAt(), zone))
                        .filter(deployed -> !deployed.isBefore(monday) && deployed.isBefore(monday.plusDays(7)))
                        .distinct()
                        .count());
            }
        }
        weeks.sort(Comparator.naturalOrder());
        return weeks;
    }

    private static Times gaps(List<Deployed> counted) {
        List<Long> ends = counted.stream()
                .map(each -> each.finishedAt().toEpochMilli())
                .sorted()
                .toList();
        return Times.of(Stream.iterate(1, i -> i < ends.size(), i -> i + 1).map(i -> ends.get(i) - ends.get(i - 1)));
    }

    private static Times times(
            List<Deployed> attempts,
            Function<Deployed, @Nullable Instant> from,
            Function<Deployed, @Nullable Instant> to) {
        List<Long> times = new ArrayList<>();
        for (Deployed each : attempts) {
            Instant start = from.apply(each);
            Instant end = to.apply(each);
            if (each.result.equals("SUCCESS") && start != null && end != null && !start.isAfter(end)) {
                times.add(end.toEpochMilli() - start.toEpochMilli());
            }
        }
        return Times.of(times.stream());
    }

    private static int kind(List<Deployed> attempts, String kind) {
        return (int) attempts.stream().filter(each -> kind.equals(each.kind)).count();
    }

    private static int result(List<Deployed> attempts, String result) {
        return (int) Stream.of(attempts)
                .flatMap(List::stream)
                .filter(each -> result.equals(each.result))
                .count();
    }

    private static @Nullable Double percentile(List<Long> sorted, int percent) {
        if (sorted.isEmpty()) {
            return null;
        }
        double position = (sorted.size() - 1) * percent / 100.0;
        int rank = (int) position;
        double part = position - rank;
        double lower = sorted.get(rank);
        return part == 0 ? lower : lower * (1 - part) + sorted.get(rank + 1) * part;
    }
}
