package dev.sluice.canary.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes counters that grow since their process began into what they have grown by, from reading to reading. A reading is all that a
 * target, a pod, said at one time.
 *
 * <ul>
 *   <li>The first reading says only where the counters stand. Of a counter that says that it began just before it, all counts.
 *   <li>A counter that was not there before, in a reading that has all others, was born since: all of it counts, as the counter of
 *       an error is that had not occurred yet. Only in the first minute of a target it may just come later than the others did.
 *   <li>A reading that lacks a counter is left out; the next one that is whole has what it had. After {@value #PATIENCE} of them the
 *       counter is believed to be gone, and what is new then is a counter under another name: nobody knows what of it is new.
 *   <li>Where a counter has fallen its process has begun anew, once a further reading goes on from there: all that it has counts.
 *       If instead it is back where it was before, two senders are of one name, and the one whose counters fell is not heard. Where
 *       that happens again and again, neither is.
 *   <li>A counter that says that it began after it was read last has begun anew, whatever it has. One that says that it began before
 *       the one that was read last is another sender's: if that one is heard no more, what it counts from then on does.
 * </ul>
 */
public final class Counters {
    /** So many readings in a row may lack a counter. */
    static final int PATIENCE = 3;
    /** So often counters may fall for a single reading before nobody believes them. */
    static final int MOST_UNSTEADY = 2;

    /** So many readings may be left out before that is more than what gets lost on the way. */
    static final int MOST_LEFT_OUT = 6;
    /** A target may say the parts of a reading one after the other. */
    private static final Duration ONE_READING = Duration.ofSeconds(1);

    private static final Duration FIRST = Duration.ofMinutes(1);

    private final Map<String, Target> targets;
    private final Map<String, Restart> restarts = new HashMap<>();

    /**
     * Begins with what is known.
     *
     * @param targets by {@link SamplePoint#targetKey}
     */
    public Counters(Map<String, Target> targets) {
        this.targets = new HashMap<>(targets);
    }

    /** Returns what is known of the targets. */
    public Map<String, Target> targets() {
        return Collections.unmodifiableMap(targets);
    }

    /** Returns the last restart of each target whose process has begun anew, or may have. */
    public Map<String, Restart> restarts() {
        return Collections.unmodifiableMap(restarts);
    }

    /** Returns the targets whose counters cannot be believed. */
    public SortedSet<String> disbelieved() {
        SortedSet<String> names = new TreeSet<>();
        targets.forEach((name, target) -> {
            if (isDisbelieved(target)) {
                names.add(name);
            }
        });
        return names;
    }

    private static boolean isDisbelieved(Target target) {
        return target.unsteady() > MOST_UNSTEADY
                || (target.leftOut() > MOST_LEFT_OUT && 2 * target.leftOut() > target.readings());
    }

    /**
     * Returns the points, of counters what they have grown by.
     *
     * @param points each (arm, series, part, time) once, none of a time before one of an earlier call
     * @param since of a target that is read for the first time, counters that began then or after count with all that they have
     */
    List<SamplePoint> grown(Collection<SamplePoint> points, Instant since) {
        List<SamplePoint> grown = new ArrayList<>();
        Map<String, List<SamplePoint>> byTarget = new TreeMap<>();
        for (SamplePoint point : points) {
            if (point.measure().isContainedInLater()) {
                byTarget.computeIfAbsent(point.targetKey(), target -> new ArrayList<>())
                        .add(point);
            } else {
                grown.add(point);
            }
        }
        byTarget.forEach((target, of) -> readings(of).forEach(reading -> read(target, reading, since, grown)));
        return grown;
    }

    /** Returns the readings of a target: what comes within a second of the first of them, as long as no counter is there twice. */
    private static List<SortedMap<String, SamplePoint>> readings(List<SamplePoint> points) {
        List<SamplePoint> inOrder = points.stream()
                .sorted(Comparator.comparing(SamplePoint::at).thenComparing(SamplePoint::seriesKey))
                .toList();
        List<SortedMap<String, SamplePoint>> readings = new ArrayList<>();
        SortedMap<String, SamplePoint> reading = new TreeMap<>();
        Instant begin = Instant.EPOCH;
        for (SamplePoint point : inOrder) {
            if (reading.containsKey(point.seriesKey()) || point.at().isAfter(begin.plus(ONE_READING))) {
                reading = new TreeMap<>();
                readings.add(reading);
                begin = point.at();
            }
            reading.put(point.seriesKey(), point);
        }
        return readings;
    }

    private void read(String key, SortedMap<String, SamplePoint> reading, Instant since, List<SamplePoint> grown) {
        Instant at = reading.values().stream()
                .map(SamplePoint::at)
                .max(Comparator.naturalOrder())
                .orElseThrow();
        Target target = targets.get(key);
        if (target == null) {
            reading.values().stream()
                    .filter(point -> Beginnings.isSince(point, since))
                    .forEach(point -> grown.add(whole(point)));
            targets.put(key, Target.first(at, reading));
            return;
        }
        if (!at.isAfter(target.at())) {
            return; // another sender's, who stands in now
        }
        Optional<Instant> begin = begin(reading, target);
        begin.ifPresent(first -> restarts.put(key, new Restart(target.at(), first)));
        if (begin.isPresent() && !goesOn(reading, target)) {
            Target begun = target.begin(at, reading);
            if (begun.unsteady() <= MOST_UNSTEADY) {
                reading.values().forEach(point -> grown.add(whole(point)));
            }
            targets.put(key, begun);
            return;
        }
        Map<String, SamplePoint> anew = target.anew();
        if (hasFallen(reading, target::before)) {
            if (anew == null || hasFallen(reading, anew::get)) {
                targets.put(key, target.fall(reading));
            } else {
                restarts.put(key, restart(target, anew));
                grown.addAll(sinceFall(reading, target, anew));
                targets.put(key, target.restart(at, reading));
            }
            return;
        }
        int unsteady = target.unsteady() + (anew == null ? 0 : 1);
        if (anew != null) {
            restarts.put(key, restart(target, anew)); // or it began anew, and has more than before by now
        }
        Optional<List<SamplePoint>> growth = growth(reading, target);
        if (growth.isEmpty()) {
            targets.put(key, target.skip());
            return;
        }
        if (unsteady <= MOST_UNSTEADY) {
            grown.addAll(growth.get());
        }
        targets.put(key, target.read(at, reading, unsteady));
    }

    /** Returns when the first counter began of those that have begun anew since the last reading; empty if none says so. */
    private static Optional<Instant> begin(SortedMap<String, SamplePoint> reading, Target target) {
        return reading.values().stream()
                .filter(point -> isAnew(point, target))
                .flatMap(point -> Stream.ofNullable(point.start()))
                .filter(start -> start.isAfter(target.at()))
                .min(Comparator.naturalOrder());
    }

    private static boolean isAnew(SamplePoint point, Target target) {
        SamplePoint then = target.before(point.seriesKey());
        return then != null && Beginnings.isAnew(point, then);
    }

    /** Returns whether a counter was there before and has not begun anew: then the process has not either. */
    private static boolean goesOn(SortedMap<String, SamplePoint> reading, Target target) {
        return reading.values().stream()
                .anyMatch(point -> target.before(point.seriesKey()) != null && !isAnew(point, target));
    }

    /** Returns what the counters have that fell; of another sender's, which were there before, what they have grown by. */
    private static List<SamplePoint> sinceFall(
            SortedMap<String, SamplePoint> reading, Target target, Map<String, SamplePoint> anew) {
        boolean isEarlier = reading.values().stream().anyMatch(point -> isEarlier(point, target));
        List<SamplePoint> grown = new ArrayList<>();
        for (SamplePoint point : reading.values()) {
            SamplePoint then = anew.get(point.seriesKey());
            if (!isEarlier) {
                grown.add(whole(point));
            } else if (then != null) {
                Growth.between(point.measure(), then.measure()).ifPresent(of -> grown.add(with(point, of)));
            }
        }
        return grown;
    }

    private static boolean isEarlier(SamplePoint point, Target target) {
        SamplePoint then = target.before(point.seriesKey());
        return then != null && Beginnings.isEarlier(point, then);
    }

    private static Restart restart(Target target, Map<String, SamplePoint> anew) {
        Instant after = anew.values().stream()
                .map(SamplePoint::at)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        return new Restart(target.at(), after);
    }

    /** Tells how a counter stood. */
    private interface Before {
        @Nullable
        SamplePoint of(String key);
    }

    private static boolean hasFallen(SortedMap<String, SamplePoint> reading, Before before) {
        return reading.entrySet().stream().anyMatch(entry -> {
            SamplePoint now = entry.getValue();
            SamplePoint then = before.of(entry.getKey());
            return then != null
                    && !Beginnings.isAnew(now, then)
                    && (Growth.hasFallen(now.measure(), then.measure()) || Beginnings.isEarlier(now, then));
        });
    }

    /** Returns what has grown; empty if the reading is to be left out. */
    private static Optional<List<SamplePoint>> growth(SortedMap<String, SamplePoint> reading, Target target) {
        boolean isWhole = target.last().entrySet().stream()
                .allMatch(then -> isAllOf(then.getValue(), reading.get(then.getKey())));
        boolean isPatient = target.skipped() < PATIENCE;
        if (!isWhole && isPatient) {
            return Optional.empty();
        }
        List<SamplePoint> grown = new ArrayList<>();
        for (var entry : reading.entrySet()) {
            SamplePoint then = target.before(entry.getKey());
            SamplePoint now = entry.getValue();
            if (then == null ? Beginnings.isSince(now, target.at()) : Beginnings.isAnew(now, then)) {
                grown.add(whole(now));
            } else if (then != null) {
                Optional<Measure> growth = Growth.between(now.measure(), then.measure());
                if (growth.isEmpty() && isPatient) {
                    return Optional.empty();
                }
                growth.ifPresent(of -> grown.add(with(now, of)));
            } else if (isWhole && !now.at().isBefore(target.since().plus(FIRST))) {
                grown.add(whole(now));
            }
        }
        return Optional.of(grown);
    }

    /** Returns whether a counter is there with all that it had before: a histogram with all its bounds. */
    private static boolean isAllOf(SamplePoint then, @Nullable SamplePoint now) {
        if (now == null || Beginnings.isAnew(now, then)) {
            return now != null;
        }
        return !(then.measure() instanceof Measure.Distribution before)
                || !(now.measure() instanceof Measure.Distribution of)
                || of.bounds().size() >= before.bounds().size()
                || !before.bounds().containsAll(of.bounds());
    }

    private static SamplePoint whole(SamplePoint point) {
        return with(point, Growth.whole(point.measure()));
    }

    private static SamplePoint with(SamplePoint point, Measure measure) {
        return new SamplePoint(point.metric(), point.arm(), point.series(), point.at(), measure);
    }
}
