package dev.sluice.simulation;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import dev.sluice.simulation.BatchOracle.Deployed;
import dev.sluice.simulation.BatchOracle.Place;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Incidents, failed deployments and recoveries by the definitions alone, from all events at once. It shares no code with
 * the stream.
 */
final class FailureOracle {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WINDOW = Duration.ofDays(3);
    private static final Duration WEEK = Duration.ofDays(7);

    private final BatchOracle deployments;
    private final Map<Place, List<Trouble>> troubles = new TreeMap<>();
    private final Map<Place, List<Failed>> failed = new TreeMap<>();

    /** The numbers of one range of days. */
    record Numbers(
            int counted,
            int failed,
            int linkedByTime,
            int failedWithinDay,
            int failedWithinThreeDays,
            int failedWithinWeek,
            int unattributed,
            int notChangeCaused,
            int skew,
            @Nullable Instant provisionalUntil,
            List<Long> recoveries,
            List<Long> lifetimes,
            List<Long> incidents) {}

    /** An incident with what it makes failed. */
    private static final class Trouble {
        final String id;
        final Place place;
        final Instant began;
        final @Nullable Instant over;
        final boolean changeCaused;
        final @Nullable List<String> references;
        final @Nullable String repository;
        final @Nullable String rootCause;
        String verdict = "";

        Trouble(
                String id,
                Place place,
                Instant began,
                @Nullable Instant over,
                boolean changeCaused,
                @Nullable List<String> references,
                @Nullable String repository,
                @Nullable String rootCause) {
            this.id = id;
            this.place = place;
            this.began = began;
            this.over = over;
            this.changeCaused = changeCaused;
            this.references = references;
            this.repository = repository;
            this.rootCause = rootCause;
        }
    }

    /** A deployment that counts, with what is said of it. */
    private static final class Failed {
        final Deployed deployed;
        boolean otherwise;
        final List<Long> distances = new ArrayList<>();
        final List<Trouble> troubles = new ArrayList<>();
        final List<Instant> repairs = new ArrayList<>();

        Failed(Deployed deployed) {
            this.deployed = deployed;
        }

        boolean within(Duration window) {
            return otherwise || distances.stream().anyMatch(distance -> distance <= window.toMillis());
        }

        Instant began() {
            Instant end = deployed.finishedAt();
            Instant earliest = deployed.started != null ? deployed.started : deployed.queued;
            if (earliest == null || earliest.isAfter(end)) {
                earliest = end;
            }
            Instant first = troubles.stream()
                    .map(trouble -> trouble.began)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
            return first == null ? end : first.isBefore(earliest) ? earliest : first;
        }

        @Nullable
        Instant over() {
            if (troubles.isEmpty()) {
                return repairs.stream().min(Comparator.naturalOrder()).orElse(null);
            }
            if (troubles.stream().anyMatch(trouble -> trouble.over == null)) {
                return null;
            }
            return troubles.stream()
                    .map(trouble -> Objects.requireNonNull(trouble.over))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    FailureOracle(BatchOracle deployments, Collection<DeliveryEvent> events) {
        this.deployments = deployments;
        Map<String, List<IncidentObserved>> byId = new TreeMap<>();
        for (DeliveryEvent event : events) {
            if (event instanceof IncidentObserved observed) {
                byId.computeIfAbsent(observed.incidentId(), id -> new ArrayList<>())
                        .add(observed);
            }
        }
        byId.values().forEach(this::readIncident);
        judge();
    }

    Set<Place> places() {
        return troubles.keySet();
    }

    /** Returns the incidents of a place, one line each, by id. */
    List<String> lines(Place place) {
        return troubles.getOrDefault(place, List.of()).stream()
                .map(each -> each.id + " " + each.began + " " + each.over + " " + each.verdict)
                .sorted()
                .toList();
    }

    /** Returns the moments of a place beside the ends of its deployments at which something happened. */
    List<Instant> moments(Place place) {
        List<Instant> moments = new ArrayList<>();
        for (Trouble trouble : troubles.getOrDefault(place, List.of())) {
            moments.add(trouble.began);
            if (trouble.over != null) {
                moments.add(trouble.over);
            }
        }
        for (Failed each : failed.getOrDefault(place, List.of())) {
            Instant over = isFailed(each, WINDOW) ? each.over() : null;
            if (over != null) {
                moments.add(over);
            }
        }
        return moments;
    }

    // ---- incidents

    private void readIncident(List<IncidentObserved> told) {
        List<IncidentObserved> byAuthority = told.stream()
                .sorted(Comparator.comparing(IncidentObserved::revision)
                        .thenComparing(IncidentObserved::rank)
                        .thenComparing(each -> each.header().occurredAt())
                        .thenComparing(each -> each.header().id())
                        .reversed())
                .toList();
        List<IncidentObserved> signs = byAuthority.stream()
                .filter(each -> each.state() != IncidentState.AMENDED)
                .toList();
        if (signs.isEmpty()) {
            return;
        }
        long last = signs.get(0).revision();
        boolean gone = signs.stream()
                .filter(each -> each.revision() == last)
                .anyMatch(each -> each.state() == IncidentState.DELETED || each.state() == IncidentState.MERGED);
        boolean beginningTold = told.stream()
                .anyMatch(each -> each.startedAt() != null
                        || each.state() == IncidentState.DETECTED
                        || each.state() == IncidentState.ACKNOWLEDGED);
        if (gone || !beginningTold) {
            return;
        }
        var place = new Place(
                or(said(byAuthority, IncidentObserved::service)), or(said(byAuthority, IncidentObserved::environment)));
        troubles.computeIfAbsent(place, key -> new ArrayList<>())
                .add(new Trouble(
                        told.get(0).incidentId(),
                        place,
                        began(told, signs),
                        over(signs),
                        !Boolean.FALSE.equals(said(byAuthority, IncidentObserved::changeCaused)),
                        said(byAuthority, IncidentObserved::deployments),
                        said(byAuthority, IncidentObserved::repository),
                        said(byAuthority, IncidentObserved::rootCause)));
    }

    private static String or(@Nullable String said) {
        return said == null ? "unknown" : said;
    }

    private static Instant began(List<IncidentObserved> told, List<IncidentObserved> signs) {
        long revision = told.stream()
                .filter(each -> each.startedAt() != null)
                .mapToLong(IncidentObserved::revision)
                .max()
                .orElse(-1);
        return told.stream()
                .filter(each -> each.startedAt() != null && each.revision() == revision)
                .map(each -> Objects.requireNonNull(each.startedAt()))
                .min(Comparator.naturalOrder())
                .orElseGet(() -> signs.stream()
                        .map(each -> each.header().occurredAt())
                        .min(Comparator.naturalOrder())
                        .orElseThrow());
    }

    private static @Nullable Instant over(List<IncidentObserved> signs) {
        List<IncidentObserved> course = signs.stream()
                .filter(each -> Set.of(
                                IncidentState.DETECTED,
                                IncidentState.ACKNOWLEDGED,
                                IncidentState.RESOLVED,
                                IncidentState.REOPENED)
                        .contains(each.state()))
                .toList();
        long revision =
                course.stream().mapToLong(IncidentObserved::revision).max().orElse(-1);
        List<IncidentObserved> inTime = course.stream()
                .filter(each -> each.revision() == revision && each.state() != IncidentState.ACKNOWLEDGED)
                .sorted(Comparator.comparing(
                                (IncidentObserved each) -> each.header().occurredAt())
                        .thenComparing(IncidentObserved::rank)
                        .thenComparing(each -> each.header().id()))
                .toList();
        int from = inTime.size();
        while (from > 0 && inTime.get(from - 1).state() == IncidentState.RESOLVED) {
            from--;
        }
        return from == inTime.size() ? null : time(inTime.get(from));
    }

    private static Instant time(IncidentObserved each) {
        return each.state() == IncidentState.RESOLVED && each.resolvedAt() != null
                ? each.resolvedAt()
                : each.header().occurredAt();
    }

    private static <T> @Nullable T said(
            List<IncidentObserved> byAuthority, Function<IncidentObserved, @Nullable T> field) {
        for (IncidentObserved each : byAuthority) {
            T value = field.apply(each);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    // ---- what failed

    private Stream<Trouble> all() {
        return troubles.values().stream().flatMap(List::stream);
    }

    private void judge() {
        Map<Trouble, List<Found>> named = new HashMap<>();
        all().filter(trouble -> trouble.changeCaused && trouble.references != null)
                .forEach(trouble -> named.put(trouble, named(trouble)));
        Set<Deployed> suspects = new HashSet<>();
        named.values().stream().flatMap(List::stream).map(Found::deployed).forEach(suspects::add);
        for (Place place : deployments.places()) {
            for (Deployed each : deployments.attempts(place)) {
                if (isCounted(each, suspects)) {
                    failed.computeIfAbsent(place, key -> new ArrayList<>()).add(new Failed(each));
                }
            }
        }
        named.forEach((trouble, targets) -> targets.forEach(target -> everyOne(repeated(target), each -> {
            each.otherwise = true;
            each.troubles.add(trouble);
        })));
        for (Place place : deployments.places()) {
            repaired(place);
        }
        all().forEach(trouble -> judge(trouble, named.getOrDefault(trouble, List.of()), suspects));
    }

    private static boolean isCounted(Deployed each, Set<Deployed> suspects) {
        if (each.result.equals("SUCCESS")) {
            return "FORWARD".equals(each.kind) || "CONFIG".equals(each.kind);
        }
        return each.result.equals("FAILURE")
                && !Boolean.FALSE.equals(each.impact)
                && (Boolean.TRUE.equals(each.impact) || suspects.contains(each));
    }

    private void everyOne(@Nullable Deployed target, Consumer<Failed> action) {
        if (target != null) {
            failed.values().stream()
                    .flatMap(List::stream)
                    .filter(each -> each.deployed == target)
                    .forEach(action);
        }
    }

    /** What a reference means, and where it was deployed. */
    private record Found(Place place, Deployed deployed) {}

    /** The deployment that brought what another one repeats. */
    private Deployed repeated(Found found) {
        List<Deployed> successes = successes(found.place());
        int index = successes.indexOf(found.deployed());
        Deployed before = "REDEPLOY".equals(found.deployed().kind) ? runningBefore(successes, index) : found.deployed();
        return before == null ? found.deployed() : before;
    }

    private List<Found> named(Trouble trouble) {
        List<Found> found = new ArrayList<>();
        for (String reference : Objects.requireNonNull(trouble.references)) {
            Found best = best(
                    reference, trouble.place, each -> each.id.equals(reference) || !each.opened.isAfter(trouble.began));
            if (best != null) {
                found.add(best);
            }
        }
        return found;
    }

    /** The latest deployment with a name, of the environment if there is one. */
    private @Nullable Found best(String reference, Place asker, Predicate<Deployed> condition) {
        Comparator<Map.Entry<Place, Deployed>> order = Comparator.comparing((Map.Entry<Place, Deployed> each) ->
                        each.getKey().environment().equals(asker.environment()))
                .thenComparing(each -> each.getKey().equals(asker))
                .thenComparing(each -> each.getValue().opened)
                .thenComparing(each -> each.getValue().id + "\n" + each.getKey().service() + "\n"
                        + each.getKey().environment());
        List<Map.Entry<Place, Deployed>> candidates = new ArrayList<>();
        for (Place place : deployments.places()) {
            for (Deployed each : deployments.attempts(place)) {
                Set<String> names = new TreeSet<>(Set.of(each.id));
                boolean wentLiveOrFailed = each.result.equals("SUCCESS") || each.result.equals("FAILURE");
                if (each.version != null && wentLiveOrFailed) {
                    names.add(place.service() + "@" + each.version);
                }
                if (each.digest != null && wentLiveOrFailed) {
                    names.add(each.digest);
                }
                if (names.contains(reference) && condition.test(each)) {
                    candidates.add(Map.entry(place, each));
                }
            }
        }
        return candidates.stream()
                .max(order)
                .map(found -> new Found(found.getKey(), found.getValue()))
                .orElse(null);
    }

    /** What the deployments of a place say of others: by name, by going back, by taking commits back. */
    private void repaired(Place place) {
        List<Deployed> successes = successes(place);
        for (int i = 0; i < successes.size(); i++) {
            Deployed each = successes.get(i);
            Instant end = each.finishedAt();
            Found repaired = target(place, each);
            everyOne(repaired == null ? null : repeated(repaired), one -> {
                one.otherwise = true;
                one.repairs.add(end);
            });
            if ("ROLLBACK".equals(each.kind)) {
                everyOne(runningBefore(successes, i), one -> {
                    one.otherwise = true;
                    one.repairs.add(end);
                });
            }
            for (int k = 0; k < i; k++) {
                Deployed earlier = successes.get(k);
                boolean takesBack = Objects.equals(earlier.repository, each.repository)
                        && each.brought.stream()
                                .flatMap(sha ->
                                        deployments.reverts(Objects.requireNonNull(each.repository), sha).stream())
                                .anyMatch(earlier.brought::contains);
                if (takesBack) {
                    everyOne(earlier, one -> {
                        one.otherwise = true;
                        one.repairs.add(end);
                    });
                }
            }
        }
        for (Deployed each : deployments.attempts(place)) {
            if (each.result.equals("FAILURE")) {
                successes.stream()
                        .filter(success -> isBefore(each, success))
                        .findFirst()
                        .ifPresent(success -> everyOne(each, one -> one.repairs.add(success.finishedAt())));
            }
            if (Boolean.TRUE.equals(each.impact)) {
                everyOne(each, one -> one.otherwise = true);
            }
        }
    }

    /** The deployment that a deployment says that it repairs. */
    private @Nullable Found target(Place place, Deployed repair) {
        return repair.remediates == null
                ? null
                : best(repair.remediates, place, each -> each.opened.isBefore(repair.opened) && each != repair);
    }

    private static @Nullable Deployed runningBefore(List<Deployed> successes, int index) {
        for (int k = index - 1; k >= 0; k--) {
            if (!"REDEPLOY".equals(successes.get(k).kind)) {
                return successes.get(k);
            }
        }
        return null;
    }

    private static @Nullable Deployed running(List<Deployed> successes, Instant moment) {
        Deployed running = null;
        for (Deployed each : successes) {
            if (!each.finishedAt().isAfter(moment) && !"REDEPLOY".equals(each.kind)) {
                running = each;
            }
        }
        return running;
    }

    private static boolean canFail(Deployed each, Set<Deployed> suspects) {
        return isCounted(each, suspects) && !Boolean.FALSE.equals(each.impact);
    }

    private List<Deployed> successes(Place place) {
        return deployments.attempts(place).stream()
                .filter(each -> each.result.equals("SUCCESS"))
                .sorted(Comparator.comparing(Deployed::finishedAt).thenComparing(each -> each.id))
                .toList();
    }

    private static boolean isBefore(Deployed one, Deployed other) {
        int order = one.finishedAt().compareTo(other.finishedAt());
        return order < 0 || (order == 0 && one.id.compareTo(other.id) < 0);
    }

    private void judge(Trouble trouble, List<Found> named, Set<Deployed> suspects) {
        if (!trouble.changeCaused) {
            trouble.verdict = "not change caused";
            return;
        }
        if (trouble.references != null && trouble.references.isEmpty()) {
            trouble.verdict = "unattributed";
            return;
        }
        if (!named.isEmpty()) {
            boolean linked = named.stream()
                    .anyMatch(found -> !found.place().equals(trouble.place) || canFail(repeated(found), suspects));
            trouble.verdict = linked ? "linked" : "unattributed";
            return;
        }
        boolean explicit = trouble.references != null;
        List<Deployed> successes = successes(trouble.place);
        if (trouble.rootCause != null && trouble.repository != null) {
            explicit = true;
            for (Deployed each : successes) {
                if (trouble.repository.equals(each.repository) && each.brought.contains(trouble.rootCause)) {
                    link(trouble, each, suspects, null);
                    return;
                }
            }
        }
        for (int i = 0; i < successes.size(); i++) {
            Deployed repair = successes.get(i);
            boolean repairs = trouble.id.equals(repair.remediates) && target(trouble.place, repair) == null;
            if (repairs) {
                Deployed before = trouble.began.isBefore(repair.finishedAt())
                        ? running(successes, trouble.began)
                        : runningBefore(successes, i);
                if (before != null) {
                    link(trouble, before, suspects, null);
                    return;
                }
                break;
            }
        }
        if (explicit) {
            trouble.verdict = "unattributed";
            return;
        }
        Deployed latest = deployments.attempts(trouble.place).stream()
                .filter(each -> each.finished != null
                        && !each.finishedAt().isAfter(trouble.began)
                        && !each.finishedAt().isBefore(trouble.began.minus(WEEK)))
                .filter(each -> each.result.equals("SUCCESS") || isCounted(each, suspects))
                .max(Comparator.comparing(Deployed::finishedAt).thenComparing(each -> each.id))
                .orElse(null);
        if (latest == null) {
            trouble.verdict = "unattributed";
        } else {
            link(
                    trouble,
                    latest,
                    suspects,
                    Duration.between(latest.finishedAt(), trouble.began).toMillis());
        }
    }

    private void link(Trouble trouble, Deployed target, Set<Deployed> suspects, @Nullable Long distance) {
        boolean near = distance == null || distance <= WINDOW.toMillis();
        boolean fits = canFail(target, suspects);
        trouble.verdict = near && fits ? "linked" : "unattributed";
        if (!fits) {
            return;
        }
        everyOne(target, each -> {
            if (distance == null) {
                each.otherwise = true;
            } else {
                each.distances.add(distance);
            }
            if (near) {
                each.troubles.add(trouble);
            }
        });
    }

    // ---- what that amounts to

    Numbers numbers(Place place, Instant start, Instant end) {
        Function<@Nullable Instant, Boolean> holds =
                moment -> moment != null && !moment.isBefore(start) && moment.isBefore(end);
        List<Failed> counted = failed.getOrDefault(place, List.of()).stream()
                .filter(each -> holds.apply(each.deployed.finished))
                .toList();
        List<Failed> restored = failed.getOrDefault(place, List.of()).stream()
                .filter(each -> isFailed(each, WINDOW) && holds.apply(each.over()))
                .toList();
        List<Trouble> here = troubles.getOrDefault(place, List.of());
        List<Long> recoveries = restored.stream()
                .map(each -> millis(each.began(), Objects.requireNonNull(each.over())))
                .toList();
        return new Numbers(
                counted.size(),
                count(counted, WINDOW),
                (int) counted.stream()
                        .filter(each -> isFailed(each, WINDOW) && !each.otherwise)
                        .count(),
                count(counted, DAY),
                count(counted, WINDOW),
                count(counted, WEEK),
                (int) here.stream()
                        .filter(each -> holds.apply(each.began) && each.verdict.equals("unattributed"))
                        .count(),
                (int) here.stream()
                        .filter(each -> holds.apply(each.began) && each.verdict.equals("not change caused"))
                        .count(),
                (int) recoveries.stream().filter(time -> time < 0).count(),
                counted.stream()
                        .map(each -> each.deployed.finishedAt().plus(WINDOW))
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                recoveries.stream().filter(time -> time >= 0).sorted().toList(),
                restored.stream()
                        .map(each -> millis(each.deployed.finishedAt(), Objects.requireNonNull(each.over())))
                        .filter(time -> time >= 0)
                        .sorted()
                        .toList(),
                here.stream()
                        .filter(each -> holds.apply(each.over))
                        .map(each -> millis(each.began, Objects.requireNonNull(each.over)))
                        .filter(time -> time >= 0)
                        .sorted()
                        .toList());
    }

    private static boolean isFailed(Failed each, Duration window) {
        return !Boolean.FALSE.equals(each.deployed.impact) && each.within(window);
    }

    private static int count(List<Failed> counted, Duration window) {
        return (int) counted.stream().filter(each -> isFailed(each, window)).count();
    }

    private static long millis(Instant from, Instant to) {
        return to.toEpochMilli() - from.toEpochMilli();
    }
}
