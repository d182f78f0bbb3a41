package dev.sluice.simulation;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.simulation.BatchOracle.Place;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Configuration drift by its definition alone: all checks in memory, everything from scratch, times in milliseconds of the
 * epoch. It shares no code with the stream; it is slow and plain on purpose.
 */
public final class DriftOracle {
    private static final long DAY = 86_400_000L;
    private static final long LONGEST = 90 * DAY;

    private final Map<Place, Map<String, List<DriftChecked>>> checks = new TreeMap<>();
    private final Map<Place, List<Stretch>> observed = new TreeMap<>();
    private final Map<Place, List<Episode>> episodes = new TreeMap<>();

    /** The numbers of a range. */
    public record Numbers(long observedMs, long driftedMs, int checks, int episodes, List<Long> reconcileTimes) {
        /** Returns whether the checks tell of anything. */
        public boolean isEmpty() {
            return observedMs == 0 && checks == 0;
        }
    }

    /** A time that a check tells of. */
    private record Stretch(String resource, long from, long to) {}

    /** An episode; it closes at the end of time where it is open. */
    private record Episode(String resource, long opened, long closed, List<DriftChecked> seen) {
        boolean isOpen() {
            return closed == Long.MAX_VALUE;
        }

        String line() {
            return String.join(
                    " ",
                    resource,
                    Instant.ofEpochMilli(opened).toString(),
                    isOpen() ? "open" : Instant.ofEpochMilli(closed).toString(),
                    Long.toString(isOpen() ? -1 : closed - opened),
                    seen.get(seen.size() - 1).header().occurredAt().toString(),
                    Integer.toString(seen.size()),
                    seen.stream()
                            .flatMap(check -> Stream.ofNullable(check.fingerprint()))
                            .distinct()
                            .limit(20)
                            .toList()
                            .toString(),
                    seen.stream()
                            .map(check -> check.header().source())
                            .distinct()
                            .toList()
                            .toString());
        }
    }

    /**
     * Computes everything.
     *
     * @param events all events, in any order, with repetitions
     */
    public DriftOracle(Collection<DeliveryEvent> events) {
        Map<Place, Map<String, DriftChecked>> counting = new TreeMap<>();
        for (DeliveryEvent event : events) {
            if (event instanceof DriftChecked check) {
                counting.computeIfAbsent(new Place(check.service(), check.environment()), place -> new TreeMap<>())
                        .merge(check.checkId(), check, DriftOracle::winner);
            }
        }
        counting.forEach((place, words) -> {
            Map<String, List<DriftChecked>> resources = new TreeMap<>();
            for (DriftChecked check : words.values()) {
                if (!check.deleted()) {
                    resources
                            .computeIfAbsent(check.resource(), name -> new ArrayList<>())
                            .add(check);
                }
            }
            resources
                    .values()
                    .forEach(list -> list.sort(Comparator.comparing(
                                    (DriftChecked check) -> check.header().occurredAt())
                            .thenComparing(check -> check.checkId())));
            checks.put(place, resources);
            observed.put(place, new ArrayList<>());
            episodes.put(place, new ArrayList<>());
            resources.forEach((name, list) -> {
                observe(place, name, list);
                judge(place, name, list);
            });
        });
    }

    private static DriftChecked winner(DriftChecked one, DriftChecked other) {
        if (one.revision() != other.revision()) {
            return one.revision() > other.revision() ? one : other;
        }
        if (one.deleted() != other.deleted()) {
            return one.deleted() ? one : other;
        }
        if (at(one) != at(other)) {
            return at(one) > at(other) ? one : other;
        }
        return one.header().id().compareTo(other.header().id()) > 0 ? one : other;
    }

    private static long at(DriftChecked check) {
        return check.header().occurredAt().toEpochMilli();
    }

    private void observe(Place place, String resource, List<DriftChecked> list) {
        for (int i = 0; i < list.size(); i++) {
            long at = at(list.get(i));
            long end = at + LONGEST;
            Duration interval = list.get(i).interval();
            if (interval != null) {
                end = Math.min(end, at + interval.toMillis());
            } else {
                long before = list.stream()
                        .mapToLong(DriftOracle::at)
                        .filter(other -> other < at)
                        .max()
                        .orElse(-1);
                if (before >= 0) {
                    end = Math.min(end, at + (at - before));
                } else if (i == list.size() - 1) {
                    end = at;
                }
            }
            if (i + 1 < list.size()) {
                end = Math.min(end, at(list.get(i + 1)));
            }
            stretches(place).add(new Stretch(resource, at, end));
        }
    }

    private List<Stretch> stretches(Place place) {
        return observed.getOrDefault(place, List.of());
    }

    private void judge(Place place, String resource, List<DriftChecked> list) {
        int i = 0;
        while (i < list.size()) {
            if (!list.get(i).drifted()) {
                i++;
                continue;
            }
            long opened = at(list.get(i));
            List<DriftChecked> seen = new ArrayList<>();
            long closed = Long.MAX_VALUE;
            while (i < list.size() && closed == Long.MAX_VALUE) {
                DriftChecked check = list.get(i++);
                if (check.drifted()) {
                    seen.add(check);
                } else if (at(check) > opened
                        && (seen.stream().allMatch(each -> each.fingerprint() == null)
                                || seen.stream()
                                        .anyMatch(each -> each.header()
                                                .source()
                                                .equals(check.header().source())))) {
                    closed = at(check);
                }
            }
            episodes.getOrDefault(place, List.of()).add(new Episode(resource, opened, closed, seen));
        }
    }

    /** Returns where anything was ever checked. */
    public Set<Place> places() {
        return checks.keySet();
    }

    /** Returns the episodes of a place, one line each. */
    public List<String> lines(Place place) {
        return episodes.getOrDefault(place, List.of()).stream()
                .map(Episode::line)
                .sorted()
                .toList();
    }

    /** Returns whether an episode is open at the end; null where nothing was checked. */
    public @Nullable Boolean drifted(Place place) {
        return lastCheckAt(place) == null
                ? null
                : (Boolean) episodes.getOrDefault(place, List.of()).stream().anyMatch(Episode::isOpen);
    }

    /** Returns when something was checked last; null where nothing was. */
    public @Nullable Instant lastCheckAt(Place place) {
        return all(place).stream()
                .map(check -> check.header().occurredAt())
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    private List<DriftChecked> all(Place place) {
        return checks.getOrDefault(place, Map.of()).values().stream()
                .flatMap(List::stream)
                .toList();
    }

    /** Returns the numbers of the days of a zone from one to before another. */
    public Numbers numbers(Place place, LocalDate from, LocalDate to, ZoneId zone) {
        return numbers(
                place,
                from.atStartOfDay(zone).toInstant(),
                to.atStartOfDay(zone).toInstant());
    }

    /** Returns the numbers of a range of time. */
    public Numbers numbers(Place place, Instant from, Instant to) {
        long start = from.toEpochMilli();
        long end = to.toEpochMilli();
        long observedMs = 0;
        long driftedMs = 0;
        for (Stretch stretch : stretches(place)) {
            long begin = Math.max(start, stretch.from());
            long finish = Math.min(end, stretch.to());
            observedMs += Math.max(0, finish - begin);
            for (Episode episode : episodes.getOrDefault(place, List.of())) {
                if (episode.resource().equals(stretch.resource())) {
                    driftedMs += Math.max(0, Math.min(finish, episode.closed()) - Math.max(begin, episode.opened()));
                }
            }
        }
        List<Long> reconciled = new ArrayList<>();
        int opened = 0;
        for (Episode episode : episodes.getOrDefault(place, List.of())) {
            opened += episode.opened() >= start && episode.opened() < end ? 1 : 0;
            if (episode.closed() >= start && episode.closed() < end) {
                reconciled.add(episode.closed() - episode.opened());
            }
        }
        reconciled.sort(Comparator.naturalOrder());
        int made = (int) all(place).stream()
                .filter(check -> at(check) >= start && at(check) < end)
                .count();
        return new Numbers(observedMs, driftedMs, made, opened, reconciled);
    }

    /** Returns the days of a zone that the checks of a place tell of. */
    public Set<LocalDate> days(Place place, ZoneId zone) {
        Set<LocalDate> days = new TreeSet<>();
        for (Stretch stretch : stretches(place)) {
            LocalDate last = day(Math.max(stretch.from(), stretch.to() - 1), zone);
            for (LocalDate day = day(stretch.from(), zone); !day.isAfter(last); day = day.plusDays(1)) {
                days.add(day);
            }
        }
        return days;
    }

    private static LocalDate day(long at, ZoneId zone) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(at), zone);
    }
}
