package dev.sluice.catalogue;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CatalogueKind;
import dev.sluice.delivery.EnvironmentClass;
import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.ServiceDescribed;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the catalogue has of one name: of a service what is set for it, its environments, and its teams by time; of a team
 * its groups, of an environment its classes. It depends on the set of the words alone, not on the order in which they came:
 * of two words on the same the one with the higher (revision, time, event id) counts.
 */
public final class CatalogueEntry {
    /** Key of {@link CatalogueTables#description()}. */
    public static final String DESCRIPTION = "description";

    private final String tenant;
    private final CatalogueKind kind;
    private final String subject;
    private final ServiceSettings usual;
    private final CatalogueTables tables;

    /**
     * Creates the entry over its tables.
     *
     * @param tenant whose data
     * @param kind what the name is one of: a service is known by its kind {@link CatalogueKind#SERVICE_TEAM}
     * @param subject the name
     * @param usualZone the zone of what has none of its own
     * @param usualLinkWindow the link window of a service that has none of its own
     * @param tables what it remembers
     */
    public CatalogueEntry(
            String tenant,
            CatalogueKind kind,
            String subject,
            ZoneId usualZone,
            Duration usualLinkWindow,
            CatalogueTables tables) {
        this.tenant = tenant;
        this.kind = kind;
        this.subject = subject;
        this.usual = new ServiceSettings(usualZone, usualLinkWindow);
        this.tables = tables;
    }

    /**
     * Adds a description of the service.
     *
     * @return the environments whose series must be told what is set now; none where that is as before
     */
    public List<String> describe(ServiceDescribed said) {
        ServiceSettings before = settings();
        ServiceDescribed known = tables.description().get(DESCRIPTION);
        if (known == null || isNewer(said.revision(), said.header(), known.revision(), known.header())) {
            tables.description().put(DESCRIPTION, said);
        }
        return settings().equals(before) ? List.of() : environments();
    }

    /**
     * Notes that something is known of the service in an environment.
     *
     * @return whether that is new, and its series must be told what is set
     */
    public boolean isIn(String environment) {
        if (tables.environments().get(environment) != null) {
            return false;
        }
        tables.environments().put(environment, Boolean.TRUE);
        return !settings().equals(ServiceSettings.USUAL);
    }

    /** Adds a word on an assignment; one that another one overrules changes nothing. */
    public void assign(CatalogueAssigned said) {
        String key = said.from().toString();
        CatalogueAssigned known = tables.assignments().get(key);
        if (known == null || isNewer(said.revision(), said.header(), known.revision(), known.header())) {
            tables.assignments().put(key, said);
        }
    }

    /** Returns what is set for the service. */
    public ServiceSettings settings() {
        ServiceDescribed said = tables.description().get(DESCRIPTION);
        return said == null || said.deleted()
                ? ServiceSettings.USUAL
                : new ServiceSettings(said.zone(), said.linkWindow());
    }

    /**
     * Returns what is set for the service, as readers see it; null where nothing ever was.
     *
     * @param now progress
     */
    public @Nullable ServiceSettingsFact settingsFact(Instant now) {
        ServiceDescribed said = tables.description().get(DESCRIPTION);
        return said == null
                ? null
                : new ServiceSettingsFact(
                        tenant, subject, zone().getId(), linkWindow().toMillis(), said.deleted(), now);
    }

    /**
     * Returns all assignments, by day, those that were taken back too.
     *
     * @param now progress
     */
    public List<AssignmentFact> assignments(Instant now) {
        var days = new TreeSet<LocalDate>();
        tables.assignments().keys().forEach(day -> days.add(LocalDate.parse(day)));
        var facts = new ArrayList<AssignmentFact>();
        Instant next = null;
        for (LocalDate day : days.descendingSet()) {
            CatalogueAssigned said = Objects.requireNonNull(tables.assignments().get(day.toString()));
            Instant start = said.deleted() ? null : day.atStartOfDay(zone()).toInstant();
            facts.add(0, fact(said, start, said.deleted() ? null : next, now));
            next = start == null ? next : start;
        }
        return facts;
    }

    /**
     * Returns the classes of the environment, as the gate sees them; null where none was ever assigned, or this is no environment.
     *
     * @param now progress
     */
    public @Nullable EnvironmentClassRow environmentClasses(Instant now) {
        List<AssignmentFact> assignments = kind == CatalogueKind.ENVIRONMENT_CLASS ? assignments(now) : List.of();
        if (assignments.isEmpty()) {
            return null;
        }
        var classes = new ArrayList<EnvironmentClassRow.Span>();
        for (AssignmentFact assignment : assignments) {
            if (assignment.value() != null && assignment.validFrom() != null) {
                classes.add(new EnvironmentClassRow.Span(
                        EnvironmentClass.valueOf(assignment.value()), assignment.validFrom(), assignment.validTo()));
            }
        }
        return new EnvironmentClassRow(tenant, subject, classes, classes.isEmpty(), now);
    }

    private AssignmentFact fact(
            CatalogueAssigned said, @Nullable Instant validFrom, @Nullable Instant validTo, Instant now) {
        return new AssignmentFact(
                tenant,
                kind.name(),
                subject,
                said.from(),
                said.deleted() ? null : said.value(),
                validFrom,
                validTo,
                said.deleted(),
                now);
    }

    private ZoneId zone() {
        ZoneId own = settings().zone();
        return own == null ? Objects.requireNonNull(usual.zone()) : own;
    }

    private Duration linkWindow() {
        Duration own = settings().linkWindow();
        return own == null ? Objects.requireNonNull(usual.linkWindow()) : own;
    }

    private List<String> environments() {
        var environments = new TreeSet<String>();
        tables.environments().keys().forEach(environments::add);
        return List.copyOf(environments);
    }

    private static boolean isNewer(long revision, EventHeader header, long otherRevision, EventHeader other) {
        if (revision != otherRevision) {
            return revision > otherRevision;
        }
        int byTime = header.occurredAt().compareTo(other.occurredAt());
        return byTime == 0 ? header.id().compareTo(other.id()) > 0 : byTime > 0;
    }
}
