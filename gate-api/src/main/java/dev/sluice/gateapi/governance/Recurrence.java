package dev.sluice.gateapi.governance;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.Freq;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.jspecify.annotations.Nullable;

/**
 * Times that recur by the clock on the wall, as an RRULE (RFC 5545) says. Where a clock is put forward a time that is skipped begins with the
 * hour that follows, and ends after it; where it is put back, a time that comes twice begins with the first and ends with the second: a
 * freeze is never shorter than the clock on the wall shows.
 *
 * @param rule the RRULE
 * @param start when the first begins, by the clock on the wall
 * @param end when the first ends
 * @param zone where the wall is
 * @param until the moment from which none begins any more; null for never
 */
record Recurrence(
        String rule,
        LocalDateTime start,
        LocalDateTime end,
        ZoneId zone,
        @Nullable Instant until) {
    /** Longer ones are no recurring times any more. */
    static final Duration LONGEST = Duration.ofDays(62);

    private static final Set<Freq> FREQUENCIES = EnumSet.of(Freq.DAILY, Freq.WEEKLY, Freq.MONTHLY, Freq.YEARLY);
    /** No clock is put forward or back by more. */
    private static final Duration MARGIN = Duration.ofDays(1);

    /** So many may overlap at one moment: each begins on a day of its own. */
    private static final int MOST = 100;

    /** Returns what is wrong with it; nothing if it can be used. */
    Optional<String> problem() {
        if (!end.isAfter(start) || Duration.between(start, end).compareTo(LONGEST) > 0) {
            return Optional.of("end must be after start, by at most " + LONGEST.toDays() + " days");
        }
        try {
            RecurrenceRule parsed = parsed();
            if (!FREQUENCIES.contains(parsed.getFreq())) {
                return Optional.of("rrule must recur DAILY, WEEKLY, MONTHLY or YEARLY");
            }
            if (Stream.of(RecurrenceRule.Part.BYHOUR, RecurrenceRule.Part.BYMINUTE, RecurrenceRule.Part.BYSECOND)
                    .anyMatch(parsed::hasPart)) {
                return Optional.of("rrule must not have BYHOUR, BYMINUTE or BYSECOND: start says the time of the day");
            }
            if (parsed.getUntil() != null) {
                return Optional.of("rrule must not have UNTIL: say until beside it");
            }
            return parsed.iterator(local(start)).hasNext() ? Optional.empty() : Optional.of("rrule never comes true");
        } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
            return Optional.of("rrule is no recurrence rule (RFC 5545)");
        }
    }

    /**
     * Returns when the occurrence that goes on at a moment ends; of several the last end. Nothing if none goes on.
     *
     * @throws IllegalStateException if the rule is none: see {@link #problem}
     */
    Optional<Instant> endOfCurrent(Instant now) {
        LocalDateTime wall = LocalDateTime.ofInstant(now, zone);
        RecurrenceRuleIterator occurrences =
                from(wall.minus(Duration.between(start, end)).minus(MARGIN));
        @Nullable Instant last = null;
        for (int i = 0; i < MOST && occurrences.hasNext(); i++) {
            LocalDateTime begins = next(occurrences);
            if (begins.isAfter(wall.plus(MARGIN))) {
                break;
            }
            Instant from = earliest(begins);
            Instant to = latest(begins.plus(Duration.between(start, end)));
            if (!isOver(from) && !now.isBefore(from) && now.isBefore(to) && (last == null || to.isAfter(last))) {
                last = to;
            }
        }
        return Optional.ofNullable(last);
    }

    /** A time that recurs, once. */
    record Occurrence(Instant from, Instant to) {}

    /**
     * Returns the next times that begin after a moment, the first one first.
     *
     * @param most how many at most
     * @throws IllegalStateException if the rule is none: see {@link #problem}
     */
    List<Occurrence> next(Instant after, int most) {
        RecurrenceRuleIterator occurrences =
                from(LocalDateTime.ofInstant(after, zone).minus(MARGIN));
        var found = new ArrayList<Occurrence>();
        while (found.size() < most && occurrences.hasNext()) {
            LocalDateTime begins = next(occurrences);
            Instant from = earliest(begins);
            if (isOver(from)) {
                break;
            }
            if (from.isAfter(after)) {
                found.add(new Occurrence(from, latest(begins.plus(Duration.between(start, end)))));
            }
        }
        return found;
    }

    /**
     * Returns when those begin that begin after a moment and not after another, the earliest first.
     *
     * @throws IllegalStateException if the rule is none: see {@link #problem}
     */
    List<Instant> beginnings(Instant after, Instant through) {
        RecurrenceRuleIterator occurrences =
                from(LocalDateTime.ofInstant(after, zone).minus(MARGIN));
        var found = new ArrayList<Instant>();
        while (occurrences.hasNext()) {
            Instant begins = earliest(next(occurrences));
            if (begins.isAfter(through) || isOver(begins)) {
                break;
            }
            if (begins.isAfter(after)) {
                found.add(begins);
            }
        }
        return found;
    }

    /**
     * Returns when the first begins that begins after a moment; nothing if none does.
     *
     * @throws IllegalStateException if the rule is none: see {@link #problem}
     */
    Optional<Instant> next(Instant after) {
        return next(after, 1).stream().map(Occurrence::from).findFirst();
    }

    private boolean isOver(Instant begins) {
        return until != null && !begins.isBefore(until);
    }

    private RecurrenceRuleIterator from(LocalDateTime first) {
        try {
            RecurrenceRuleIterator occurrences = parsed().iterator(local(start));
            occurrences.fastForward(local(first));
            return occurrences;
        } catch (InvalidRecurrenceRuleException e) {
            throw new IllegalStateException("no recurrence rule: " + rule, e);
        }
    }

    private static LocalDateTime next(RecurrenceRuleIterator occurrences) {
        return LocalDateTime.ofEpochSecond(occurrences.nextMillis() / 1000, 0, ZoneOffset.UTC);
    }

    private RecurrenceRule parsed() throws InvalidRecurrenceRuleException {
        return new RecurrenceRule(rule);
    }

    /** The rule is followed by the clock on the wall; which moments these are is a question of its own. */
    private static DateTime local(LocalDateTime time) {
        return new DateTime(DateTime.UTC, time.truncatedTo(ChronoUnit.SECONDS).toEpochSecond(ZoneOffset.UTC) * 1000);
    }

    private Instant earliest(LocalDateTime time) {
        @Nullable ZoneOffsetTransition change = zone.getRules().getTransition(time);
        return change != null && change.isGap()
                ? change.getInstant()
                : ZonedDateTime.of(time, zone).withEarlierOffsetAtOverlap().toInstant();
    }

    private Instant latest(LocalDateTime time) {
        return ZonedDateTime.of(time, zone).withLaterOffsetAtOverlap().toInstant();
    }
}
