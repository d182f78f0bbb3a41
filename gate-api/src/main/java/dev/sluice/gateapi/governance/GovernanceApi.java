package dev.sluice.gateapi.governance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.governance.Statement.ApprovalStatement;
import dev.sluice.gateapi.governance.StatementIndex.Said;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of the API by which people and pipelines say what gates go by: freezes, approvals, validations, artifacts, rollback drills and
 * counts of objectives. What is said is answered when this replica has read it back from the log. Each tenant sees its own only.
 */
public final class GovernanceApi {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final int NEXT_FREEZES = 3;

    private final Views views;
    private final EvidenceView evidence;
    private final Approvals approvals;
    private final OldStatements old;
    private final ControlLog log;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates the part.
     *
     * @param views what is known
     * @param evidence what gates make of it
     * @param approvals who approves of what
     * @param log writes what is said
     * @param answers runs what follows
     * @param clock the time
     */
    public GovernanceApi(
            Views views, EvidenceView evidence, Approvals approvals, ControlLog log, Executor answers, Clock clock) {
        this.views = views;
        this.evidence = evidence;
        this.approvals = approvals;
        this.old = new OldStatements(evidence.index(), log);
        this.log = log;
        this.answers = answers;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.GET, "/v1/freezes", Verb.READ, this::freezes);
        routes.add(HandlerType.PUT, "/v1/freezes/{name}", Verb.MANAGE_FREEZE, this::freeze);
        routes.add(HandlerType.DELETE, "/v1/freezes/{name}", Verb.MANAGE_FREEZE, this::thaw);
        routes.add(HandlerType.GET, "/v1/roles", Verb.READ, this::roles);
        routes.add(HandlerType.PUT, "/v1/roles/{name}", Verb.ADMIN, this::role);
        routes.add(HandlerType.DELETE, "/v1/roles/{name}", Verb.ADMIN, this::noRole);
        routes.add(HandlerType.POST, "/v1/approvals", Verb.APPROVE, this::approve);
        routes.add(HandlerType.GET, "/v1/approvals", Verb.READ, ctx -> list(ctx, ApprovalStatement.class));
        routes.add(
                HandlerType.POST,
                "/v1/validations",
                Verb.RECEIVE,
                ctx -> say(ctx, Control.VALIDATION, StatementBodies::validation));
        routes.add(
                HandlerType.GET, "/v1/validations", Verb.READ, ctx -> list(ctx, Statement.ValidationStatement.class));
        routes.add(
                HandlerType.POST,
                "/v1/artifacts",
                Verb.RECEIVE,
                ctx -> say(ctx, Control.ARTIFACT, StatementBodies::artifactFact));
        routes.add(HandlerType.GET, "/v1/artifacts", Verb.READ, ctx -> list(ctx, Statement.ArtifactStatement.class));
        routes.add(
                HandlerType.POST,
                "/v1/rollback-drills",
                Verb.RECEIVE,
                ctx -> say(ctx, Control.DRILL, StatementBodies::drill));
        routes.add(HandlerType.GET, "/v1/rollback-drills", Verb.READ, ctx -> list(ctx, Statement.DrillStatement.class));
        routes.add(
                HandlerType.POST,
                "/v1/error-budgets",
                Verb.RECEIVE,
                ctx -> say(ctx, Control.ERROR_BUDGET, StatementBodies::budget));
        routes.add(HandlerType.GET, "/v1/error-budgets", Verb.READ, ctx -> list(ctx, Statement.BudgetStatement.class));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void requireRead() {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
    }

    private void freezes(Context ctx) {
        requireRead();
        Instant now = now();
        List<ShownFreeze> shown = evidence.index().freezes(Routes.principal(ctx).tenant()).stream()
                .map(named -> ShownFreeze.of(named.name(), named.freeze(), now))
                .sorted(Comparator.comparing(ShownFreeze::name))
                .toList();
        Requests.answer(ctx, OK, new Freezes(shown));
    }

    /** Returns the freezes of a tenant by name, as the API shows them, each with the next times at which it holds. */
    public JsonNode plannedFreezes(String tenant) {
        requireRead();
        Instant now = now();
        return Json.mapper()
                .valueToTree(evidence.index().freezes(tenant).stream()
                        .sorted(Comparator.comparing(StatementIndex.NamedFreeze::name))
                        .map(named -> new PlannedFreeze(
                                ShownFreeze.of(named.name(), named.freeze(), now),
                                named.freeze().next(now, NEXT_FREEZES)))
                        .toList());
    }

    private void freeze(Context ctx) {
        answer(ctx, OK, freeze(Routes.principal(ctx), ctx.pathParam("name"), Members.of(ctx)));
    }

    /**
     * Sets a freeze up.
     *
     * @param principal who does
     * @param name its name
     * @param body as the API takes it
     * @return what is set up, when this replica has read it back
     */
    public CompletableFuture<?> freeze(Principal principal, String name, Members body) {
        requireRead();
        principal.requireFullReach();
        requireName(name);
        Optional<FreezeDocument> freeze = FreezeDocument.read(body);
        body.requireRight();
        FreezeDocument document = freeze.orElseThrow();
        return log.append(control(principal, Control.FREEZE, name, document.json()))
                .thenApply(done -> ShownFreeze.of(name, document, now()));
    }

    static String name(Context ctx) {
        String name = ctx.pathParam("name");
        requireName(name);
        return name;
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST,
                    "a name must be up to 63 small letters, digits and dashes, the first of them no dash");
        }
    }

    private void thaw(Context ctx) {
        answer(ctx, OK, thaw(Routes.principal(ctx), ctx.pathParam("name")));
    }

    /**
     * Ends a freeze.
     *
     * @param principal who does
     * @param name its name
     * @return what it was, when this replica has read that it has ended
     */
    public CompletableFuture<?> thaw(Principal principal, String name) {
        return delete(principal, Control.FREEZE, name)
                .thenApply(present -> ShownFreeze.of(present.id(), FreezeDocument.of(present.document()), now()));
    }

    private CompletableFuture<Control> delete(Principal principal, String kind, String name) {
        requireRead();
        principal.requireFullReach();
        Control present = log.find(new ControlLog.Thing(principal.tenant(), kind, name))
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such " + kind));
        return log.append(present.deletedBy(principal.id(), now())).thenApply(done -> present);
    }

    private void answer(Context ctx, int status, CompletableFuture<?> shown) {
        CompletableFuture<Void> done = shown.thenAcceptAsync(answer -> Requests.answer(ctx, status, answer), answers);
        ctx.future(() -> done);
    }

    private void roles(Context ctx) {
        requireRead();
        String tenant = Routes.principal(ctx).tenant();
        List<ShownRole> shown = evidence.index().roles(tenant).entrySet().stream()
                .map(role -> new ShownRole(role.getKey(), new TreeSet<>(role.getValue())))
                .sorted(Comparator.comparing(ShownRole::name))
                .toList();
        Requests.answer(ctx, OK, new Roles(shown));
    }

    private void role(Context ctx) {
        requireRead();
        Routes.principal(ctx).requireFullReach();
        String name = name(ctx);
        Members body = Members.of(ctx);
        Set<String> members = body.texts("members", StatementBodies.MOST);
        body.rejectUnknown();
        if (members.isEmpty()) {
            body.wrong("members", "members must name at least one owner of a credential");
        }
        body.requireRight();
        var role = new ShownRole(name, new TreeSet<>(members));
        JsonNode document =
                Json.mapper().createObjectNode().set("members", Json.mapper().valueToTree(role.members()));
        append(ctx, OK, Control.ROLE, name, document, role);
    }

    private void noRole(Context ctx) {
        answer(
                ctx,
                OK,
                delete(Routes.principal(ctx), Control.ROLE, ctx.pathParam("name"))
                        .thenApply(present -> new ShownRole(present.id(), StatementIndex.members(present))));
    }

    private void approve(Context ctx) {
        answer(ctx, CREATED, approvals.approve(Routes.principal(ctx), Members.of(ctx)));
    }

    private <T extends Statement> void say(Context ctx, String kind, BiFunction<Members, Instant, Optional<T>> reader) {
        requireRead();
        Principal principal = Routes.principal(ctx);
        Members body = Members.of(ctx);
        Optional<T> read = reader.apply(body, now());
        body.requireRight();
        T statement = read.orElseThrow();
        statement.requireReach(principal);
        String source = new Said("", principal.id(), statement).source();
        String id = statement.id() + "-" + source;
        old.forget(principal, kind, id, statement, now());
        append(ctx, CREATED, kind, id, statement.json(), new Shown<>(id, principal.id(), statement));
    }

    private void append(Context ctx, int status, String kind, String id, JsonNode document, Object answer) {
        answer(
                ctx,
                status,
                log.append(control(Routes.principal(ctx), kind, id, document)).thenApply(done -> answer));
    }

    private Control control(Principal principal, String kind, String id, JsonNode document) {
        return new Control(principal.tenant(), kind, id, principal.id(), now(), false, document);
    }

    private void list(Context ctx, Class<? extends Statement> type) {
        requireRead();
        String service = Requests.requiredQuery(ctx, "service");
        List<Shown<Statement>> shown = evidence.index().of(Routes.principal(ctx).tenant(), service).stream()
                .filter(said -> type.isInstance(said.statement()))
                .sorted(Comparator.comparing((Said said) -> said.statement().at())
                        .reversed()
                        .thenComparing(Said::id))
                .map(said -> new Shown<>(said.id(), said.principal(), said.statement()))
                .toList();
        Requests.answer(ctx, OK, new Listed(shown));
    }

    /** The roles of a tenant, by name. */
    record Roles(List<ShownRole> roles) {}

    /**
     * Who has a role.
     *
     * @param name its name
     * @param members the owners of credentials who have it
     */
    record ShownRole(String name, Set<String> members) {}

    /** What was said of a service, the newest first. */
    record Listed(List<Shown<Statement>> statements) {}

    /**
     * What somebody has said.
     *
     * @param id what it is kept by
     * @param principal name of the credential
     * @param statement what
     */
    record Shown<T extends Statement>(String id, String principal, T statement) {}

    /**
     * A freeze and when it holds next.
     *
     * @param shown the freeze
     * @param next the next times, the first one first
     */
    record PlannedFreeze(ShownFreeze shown, List<Recurrence.Occurrence> next) {}

    /** The freezes of a tenant, by name. */
    record Freezes(List<ShownFreeze> freezes) {}

    /**
     * A freeze.
     *
     * @param name its name
     * @param inForce whether it is in force now
     * @param endsAt when it ends, if it is in force
     * @param freeze what was set up
     */
    record ShownFreeze(
            String name, boolean inForce, @Nullable Instant endsAt, FreezeDocument freeze) {
        static ShownFreeze of(String name, FreezeDocument freeze, Instant now) {
            Optional<Instant> end = freeze.endOfCurrent(now);
            return new ShownFreeze(name, end.isPresent(), end.orElse(null), freeze);
        }
    }
}
