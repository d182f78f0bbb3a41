package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.ErrorBudgetDocument;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.MalformedRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was said, by service: made anew when something that is set up has changed, and asked without looking at all of it. */
final class StatementIndex {
    private static final Logger LOGGER = LoggerFactory.getLogger(StatementIndex.class);
    private static final Map<String, Class<? extends Statement>> KINDS = Map.of(
            Control.VALIDATION, Statement.ValidationStatement.class,
            Control.ARTIFACT, Statement.ArtifactStatement.class,
            Control.DRILL, Statement.DrillStatement.class,
            Control.ERROR_BUDGET, Statement.BudgetStatement.class,
            Control.APPROVAL, Statement.ApprovalStatement.class);

    private final Views views;
    private volatile Content content = new Content(-1, Map.of(), Map.of(), Map.of(), Map.of(), List.of());

    StatementIndex(Views views) {
        this.views = views;
    }

    /** Returns what was said of a service of a tenant. */
    List<Said> of(String tenant, String service) {
        return content().said().getOrDefault(Keys.of(tenant, service), List.of());
    }

    /** Returns the freezes of a tenant. */
    List<NamedFreeze> freezes(String tenant) {
        return content().freezes().getOrDefault(tenant, List.of());
    }

    /** Returns the schedules of drills of all tenants. */
    List<KeptSchedule> schedules() {
        return content().schedules();
    }

    /** Returns who has which role in a tenant, by its name. */
    Map<String, Set<String>> roles(String tenant) {
        return content().roles().getOrDefault(tenant, Map.of());
    }

    /** Returns who has a role. */
    static Set<String> members(Control role) {
        var members = new TreeSet<String>();
        role.document().path("members").forEach(member -> members.add(member.asText()));
        return members;
    }

    /** Returns the ids of the canary runs of a service of a tenant. */
    List<String> canaries(String tenant, String service) {
        return content().canaries().getOrDefault(Keys.of(tenant, service), List.of());
    }

    private Content content() {
        Content made = content;
        long changes = views.controlChanges();
        return made.changes() == changes ? made : made(changes);
    }

    /** One makes it for all who wait. */
    private synchronized Content made(long changes) {
        Content made = content;
        if (made.changes() < changes) {
            made = make(views.controlChanges());
            content = made;
        }
        return made;
    }

    /** Made of what can be seen now, under the number of before: what changes meanwhile makes it anew. */
    private Content make(long changes) {
        Map<String, List<Said>> said = new HashMap<>();
        KINDS.forEach((kind, type) -> views.controls(kind).map(Held::row).forEach(control -> {
            try {
                Statement statement = Json.read(Json.bytes(control.document()), type);
                said.computeIfAbsent(Keys.of(control.tenant(), statement.service()), none -> new ArrayList<>())
                        .add(new Said(control.id(), control.principal(), statement));
            } catch (MalformedRecordException e) {
                unreadable(control);
            }
        }));
        Map<String, List<NamedFreeze>> freezes = new HashMap<>();
        views.controls(Control.FREEZE)
                .map(Held::row)
                .forEach(control -> freezes.computeIfAbsent(control.tenant(), none -> new ArrayList<>())
                        .add(freeze(control)));
        Map<String, List<String>> canaries = new HashMap<>();
        views.controls(Control.CANARY)
                .map(Held::row)
                .forEach(control -> canaries.computeIfAbsent(
                                Keys.of(
                                        control.tenant(),
                                        control.document().path("service").asText()),
                                none -> new ArrayList<>())
                        .add(control.id()));
        Map<String, Map<String, Set<String>>> roles = new HashMap<>();
        views.controls(Control.ROLE)
                .map(Held::row)
                .forEach(control -> roles.computeIfAbsent(control.tenant(), none -> new HashMap<>())
                        .put(control.id(), members(control)));
        List<KeptSchedule> schedules = views.controls(Control.DRILL_SCHEDULE)
                .flatMap(held -> schedule(held).stream())
                .toList();
        return new Content(changes, said, freezes, canaries, roles, schedules);
    }

    private static Optional<KeptSchedule> schedule(Held<Control> held) {
        try {
            return Optional.of(KeptSchedule.of(held));
        } catch (MalformedRecordException e) {
            unreadable(held.row());
            return Optional.empty();
        }
    }

    /** One that cannot be read is in force, for all: it may be of a later release. */
    private static NamedFreeze freeze(Control control) {
        try {
            return new NamedFreeze(control.id(), FreezeDocument.of(control.document()));
        } catch (MalformedRecordException e) {
            unreadable(control);
            return new NamedFreeze(control.id(), FreezeDocument.UNREADABLE);
        }
    }

    private static void unreadable(Control control) {
        LOGGER.atWarn()
                .addKeyValue("kind", control.kind())
                .addKeyValue("id", control.id())
                .log("statement cannot be read");
    }

    /**
     * What somebody has said.
     *
     * @param id what it is kept by
     * @param principal name of the credential
     * @param statement what
     */
    record Said(String id, String principal, Statement statement) {
        /** Returns the name by which a policy believes it: of a CI system the name of the rule, for each of its tokens has one of its own. */
        String source() {
            return ErrorBudgetDocument.source(principal);
        }
    }

    /** A freeze by its name. */
    record NamedFreeze(String name, FreezeDocument freeze) {}

    /**
     * A schedule of drills by its name.
     *
     * @param tenant whose
     * @param name its name
     * @param partition where its record is
     * @param schedule what was set up
     */
    record KeptSchedule(String tenant, String name, int partition, DrillSchedule schedule) {
        static KeptSchedule of(Held<Control> held) {
            Control control = held.row();
            return new KeptSchedule(
                    control.tenant(), control.id(), held.partition(), DrillSchedule.of(control.document()));
        }
    }

    private record Content(
            long changes,
            Map<String, List<Said>> said,
            Map<String, List<NamedFreeze>> freezes,
            Map<String, List<String>> canaries,
            Map<String, Map<String, Set<String>>> roles,
            List<KeptSchedule> schedules) {}
}
