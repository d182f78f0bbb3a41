package dev.sluice.gateapi.callers.asked;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
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
 * The part of the API by which callers of one kind are set up, shown and deleted. A change is answered when this replica has read it back
 * from the log. Answers show where secrets are and never what they are, and each tenant its own only.
 *
 * @param <T> what is set up
 */
public final class SetupApi<T> {
    private static final int OK = 200;
    private static final int MAX_BYTES = 64 << 10;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final String list;
    private final Setups<T> setups;
    private final Views views;
    private final ControlLog log;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates the part.
     *
     * @param list last part of the path, and the name of the list in an answer, e.g. {@code github-apps}
     * @param setups what there is
     * @param views follows what is set up
     * @param log writes what is set up
     * @param answers runs what follows
     * @param clock the time
     */
    public SetupApi(String list, Setups<T> setups, Views views, ControlLog log, Executor answers, Clock clock) {
        this.list = list;
        this.setups = setups;
        this.views = views;
        this.log = log;
        this.answers = answers;
        this.clock = clock;
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        String one = "/v1/" + list + "/{name}";
        routes.add(HandlerType.GET, "/v1/" + list, Verb.ADMIN, this::list);
        routes.add(HandlerType.PUT, one, Verb.ADMIN, this::put);
        routes.add(HandlerType.DELETE, one, Verb.ADMIN, this::delete);
    }

    private Principal administrator(Context ctx) {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
        Principal principal = Routes.principal(ctx);
        principal.requireFullReach();
        return principal;
    }

    private void list(Context ctx) {
        Principal principal = administrator(ctx);
        List<Shown> shown = views.controls(setups.kind())
                .map(Held::row)
                .filter(control -> control.tenant().equals(principal.tenant()))
                .map(Shown::of)
                .sorted(Comparator.comparing(Shown::name))
                .toList();
        Requests.answer(ctx, OK, Map.of(list.replace('-', '_'), shown));
    }

    private void put(Context ctx) {
        Principal principal = administrator(ctx);
        String name = ctx.pathParam("name");
        if (!NAME.matcher(name).matches()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST,
                    "a name must be up to 63 small letters, digits and dashes, the first of them no dash");
        }
        JsonNode json = Requests.document(ctx, MAX_BYTES);
        Members body = Members.of(json);
        Optional<T> document = setups.form().read(body, json);
        body.requireRight();
        if (setups.named(name).stream().anyMatch(held -> !held.row().tenant().equals(principal.tenant()))) {
            throw new ApiException(
                    ErrorType.CONFLICT,
                    "the name is taken: it is a part of the path of a webhook, one for all tenants");
        }
        Control set = new Control(
                principal.tenant(),
                setups.kind(),
                name,
                principal.id(),
                now(),
                false,
                setups.form().json(document.orElseThrow()));
        append(ctx, set, Shown.of(set));
    }

    private void delete(Context ctx) {
        Principal principal = administrator(ctx);
        Control present = log.find(new ControlLog.Thing(principal.tenant(), setups.kind(), ctx.pathParam("name")))
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "nothing is set up under this name"));
        append(ctx, present.deletedBy(principal.id(), now()), Shown.of(present));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void append(Context ctx, Control changed, Shown answer) {
        CompletableFuture<Void> done =
                log.append(changed).thenRunAsync(() -> Requests.answer(ctx, OK, answer), answers);
        ctx.future(() -> done);
    }

    /**
     * What is set up, as answers show it.
     *
     * @param name its name
     * @param changedBy who has set it up
     * @param changedAt when
     * @param document what is set up: the body of a PUT that would set it up
     */
    record Shown(String name, String changedBy, Instant changedAt, JsonNode document) {
        static Shown of(Control control) {
            return new Shown(control.id(), control.principal(), control.at(), control.document());
        }
    }
}
