package dev.sluice.gateapi.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * The part of the API by which documents of one kind are set up by name, shown and deleted. A change is answered when this replica has read
 * it back from the log. Each tenant sees its own only.
 */
public final class SetupApi {
    private static final int OK = 200;
    private static final int MAX_BYTES = 64 << 10;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final Kind kind;
    private final SetupForm form;
    private final Views views;
    private final ControlLog log;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates the part.
     *
     * @param kind what is set up
     * @param form how it is written
     * @param views follows what is set up
     * @param log writes what is set up
     * @param answers runs what follows
     * @param clock the time
     */
    public SetupApi(Kind kind, SetupForm form, Views views, ControlLog log, Executor answers, Clock clock) {
        this.kind = kind;
        this.form = form;
        this.views = views;
        this.log = log;
        this.answers = answers;
        this.clock = clock;
    }

    /**
     * What is set up.
     *
     * @param list last part of the path, and the name of the list in an answer, e.g. {@code github-apps}
     * @param control as {@link Control} names it
     * @param toRead what lists it
     * @param toChange what sets it up and deletes it
     */
    public record Kind(String list, String control, Verb toRead, Verb toChange) {}

    /** Adds the routes. */
    public void addTo(Routes routes) {
        String all = "/v1/" + kind.list();
        String one = all + "/{name}";
        routes.add(HandlerType.GET, all, kind.toRead(), this::list);
        routes.add(HandlerType.PUT, one, kind.toChange(), this::put);
        routes.add(HandlerType.DELETE, one, kind.toChange(), this::delete);
    }

    private Principal principal(Context ctx) {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
        Principal principal = Routes.principal(ctx);
        principal.requireFullReach();
        return principal;
    }

    private void list(Context ctx) {
        Principal principal = principal(ctx);
        List<Shown> shown = views.controls(kind.control())
                .map(Held::row)
                .filter(control -> control.tenant().equals(principal.tenant()))
                .map(this::shown)
                .sorted(Comparator.comparing(Shown::name))
                .toList();
        Requests.answer(ctx, OK, Map.of(kind.list().replace('-', '_'), shown));
    }

    private void put(Context ctx) {
        Principal principal = principal(ctx);
        String name = ctx.pathParam("name");
        if (!NAME.matcher(name).matches()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST,
                    "a name must be up to 63 small letters, digits and dashes, the first of them no dash");
        }
        JsonNode json = Requests.document(ctx, MAX_BYTES);
        Members body = Members.of(json);
        Optional<ObjectNode> document = form.read(principal.tenant(), body, json);
        body.requireRight();
        form.requireFree(principal.tenant(), name);
        var set = new Control(
                principal.tenant(), kind.control(), name, principal.id(), now(), false, document.orElseThrow());
        append(ctx, set, shown(set));
    }

    private void delete(Context ctx) {
        Principal principal = principal(ctx);
        String name = ctx.pathParam("name");
        Control present = log.find(new ControlLog.Thing(principal.tenant(), kind.control(), name))
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "nothing is set up under this name"));
        form.requireUnused(principal.tenant(), name);
        append(ctx, present.deletedBy(principal.id(), now()), shown(present));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void append(Context ctx, Control changed, Shown answer) {
        CompletableFuture<Void> done =
                log.append(changed).thenRunAsync(() -> Requests.answer(ctx, OK, answer), answers);
        ctx.future(() -> done);
    }

    private Shown shown(Control control) {
        return new Shown(control.id(), control.principal(), control.at(), form.shown(control));
    }

    /**
     * A document as answers show it.
     *
     * @param name its name
     * @param changedBy who has set it up
     * @param changedAt when
     * @param document what is set up: the body of a PUT that would set it up
     */
    record Shown(String name, String changedBy, Instant changedAt, JsonNode document) {}
}
