package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ApiException.FieldError;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Control;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/**
 * Keeps canary configs by their names, for runs to be started by. A run has the config as it was at its start: a change is for the
 * runs after it. A change is answered when this replica has read it back from the log. Each tenant sees its own configs only.
 */
public final class ConfigHandler {
    private static final int OK = 200;
    private static final int MAX_BYTES = 256 << 10;
    private static final int MOST_LEARNING = 100;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    private final CanaryRuns runs;
    private final NamedConfigs named;
    private final CanaryConfigs configs;
    private final ControlLog log;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates a handler.
     *
     * @param runs tells whether this replica knows what is set up
     * @param named what there is
     * @param configs tells which configs are valid
     * @param log writes changes
     * @param answers runs what follows a change
     * @param clock tells when a change was made
     */
    public ConfigHandler(
            CanaryRuns runs, NamedConfigs named, CanaryConfigs configs, ControlLog log, Executor answers, Clock clock) {
        this.runs = runs;
        this.named = named;
        this.configs = configs;
        this.log = log;
        this.answers = answers;
        this.clock = clock;
    }

    /** Handles {@code GET /v1/canary-configs}. */
    public void list(Context ctx) {
        runs.requireRead();
        List<Shown> shown = named.of(Routes.principal(ctx).tenant())
                .map(Shown::of)
                .sorted(Comparator.comparing(Shown::name))
                .toList();
        Requests.answer(ctx, OK, new Listed(shown));
    }

    /** Handles {@code GET /v1/canary-configs/{name}}. */
    public void read(Context ctx) {
        runs.requireRead();
        Requests.answer(ctx, OK, Shown.of(own(Routes.principal(ctx), ctx.pathParam("name"))));
    }

    /** Handles {@code PUT /v1/canary-configs/{name}}. */
    public void put(Context ctx) {
        runs.requireRead();
        String name = ctx.pathParam("name");
        if (!NAME.matcher(name).matches()) {
            throw new ApiException(
                    ErrorType.BAD_REQUEST,
                    "the name of a config must be up to 63 small letters, digits and dashes, the first of them no dash");
        }
        JsonNode config = Requests.document(ctx, MAX_BYTES);
        List<FieldError> errors = new ArrayList<>(
                Bodies.errors("", configs.read(config, List.of()).violations()));
        errors.addAll(ConfigPlaceholders.check(config));
        Bodies.requireNone(errors);
        Principal principal = Routes.principal(ctx);
        if (CanaryConfigs.learns(config)) {
            requireRoom(principal.tenant(), name);
        }
        append(ctx, new Control(principal.tenant(), Control.CANARY_CONFIG, name, principal.id(), now(), false, config));
    }

    /** With each push it is looked at what each config that learns selects. */
    private void requireRoom(String tenant, String name) {
        long others = named.learning(tenant)
                .filter(config -> !config.id().equals(name))
                .count();
        if (others >= MOST_LEARNING) {
            throw new ApiException(
                    ErrorType.CONFLICT,
                    "there are " + others + " canary configs that learn between runs already, " + MOST_LEARNING
                            + " are the most: delete one, or save it without learn");
        }
    }

    /** Handles {@code DELETE /v1/canary-configs/{name}}. Runs that were started by it go on. */
    public void delete(Context ctx) {
        runs.requireRead();
        Principal principal = Routes.principal(ctx);
        append(ctx, own(principal, ctx.pathParam("name")).deletedBy(principal.id(), now()));
    }

    private void append(Context ctx, Control changed) {
        CompletableFuture<Void> done =
                log.append(changed).thenRunAsync(() -> Requests.answer(ctx, OK, Shown.of(changed)), answers);
        ctx.future(() -> done);
    }

    private Control own(Principal principal, String name) {
        return named.find(principal.tenant(), name)
                .orElseThrow(() -> new ApiException(ErrorType.NOT_FOUND, "there is no such canary config"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** All configs of a tenant, by name. */
    record Listed(List<Shown> canaryConfigs) {}

    /**
     * A config as answers show it.
     *
     * @param name its name
     * @param changedBy who has put or deleted it
     * @param changedAt when
     * @param config the config
     */
    record Shown(String name, String changedBy, Instant changedAt, JsonNode config) {
        static Shown of(Control control) {
            return new Shown(control.id(), control.principal(), control.at(), control.document());
        }
    }
}
