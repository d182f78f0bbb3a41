package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.governance.Statement.DrillStatement;
import dev.sluice.gateapi.governance.StatementIndex.KeptSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The schedules of drills, and how each stands by the drills that are recorded. */
final class DrillBook {
    private final StatementIndex index;

    DrillBook(StatementIndex index) {
        this.index = index;
    }

    /** Returns the schedules of all tenants. */
    List<KeptSchedule> schedules() {
        return index.schedules();
    }

    /** Returns a schedule by its name; nothing if there is none. */
    Optional<KeptSchedule> find(String tenant, String name) {
        return index.schedules().stream()
                .filter(kept -> kept.tenant().equals(tenant) && kept.name().equals(name))
                .findFirst();
    }

    /** Returns how a schedule stands, as far back as is asked for. */
    DrillStanding standing(KeptSchedule kept, Duration back, Instant now) {
        return standing(kept.tenant(), kept.schedule(), back, now);
    }

    /** Returns how a schedule of a tenant stands, or would. */
    DrillStanding standing(String tenant, DrillSchedule schedule, Duration back, Instant now) {
        List<Instant> drills = index.of(tenant, schedule.service()).stream()
                .map(said -> said.statement())
                .flatMap(said -> said instanceof DrillStatement drill
                                && drill.environment().equals(schedule.environment())
                        ? Stream.of(drill.at())
                        : Stream.empty())
                .toList();
        return DrillStanding.of(schedule, drills, back, now);
    }

    /** Returns of how many schedules something holds. */
    double count(Predicate<DrillStanding> what, Instant now) {
        return schedules().stream()
                .filter(kept -> what.test(standing(kept, DrillStanding.ALL, now)))
                .count();
    }
}
