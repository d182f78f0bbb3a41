package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The canary configs of tenants, with all members that they were given, whether they mean something here or not. */
final class StoredConfigs {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_,-]{1,200}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._~-]{1,200}");
    private static final String CREATED = "createdTimestamp";
    private static final String UPDATED = "updatedTimestamp";
    private static final String ISO = "Iso";

    private final ControlLog log;
    private final Views views;
    private final Clock clock;

    StoredConfigs(ControlLog log, Views views, Clock clock) {
        this.log = log;
        this.views = views;
        this.clock = clock;
    }

    /**
     * Returns normally if this replica knows all that was set up.
     *
     * @throws ApiException 503 if it has not read it yet
     */
    void requireRead() {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was set up has not been read from the log yet");
        }
    }

    private static Thing thing(String tenant, String id) {
        return new Thing(tenant, Control.KAYENTA_CONFIG, id);
    }

    /**
     * Returns a config.
     *
     * @return fails with an {@link ApiException} 404 if the tenant has none of this id
     * @throws ApiException 503 if that is not known yet
     */
    CompletableFuture<JsonNode> find(String tenant, String id) {
        requireRead();
        Optional<Control> found = log.find(thing(tenant, id));
        CompletableFuture<Optional<Control>> known =
                found.isPresent() ? CompletableFuture.completedFuture(found) : log.newest(thing(tenant, id));
        return known.thenApply(control -> control.map(Control::document).orElseThrow(() -> notFound(id)));
    }

    private static ApiException notFound(String id) {
        return new ApiException(ErrorType.NOT_FOUND, "there is no canary config " + id);
    }

    /** Returns all configs of a tenant, in no order. */
    Stream<JsonNode> of(String tenant) {
        requireRead();
        return views.controls(Control.KAYENTA_CONFIG)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant))
                .map(Control::document);
    }

    /**
     * Keeps a new config.
     *
     * @param who keeps it
     * @param given the config; without an id it is given one
     * @return the id; fails with an {@link ApiException} 400 if there is one of this id
     * @throws ApiException 400 if it has no name, or no application
     */
    CompletableFuture<String> create(Principal who, JsonNode given) {
        requireRead();
        Members config = checked(given);
        String id = config.text("id").orElseGet(() -> UUID.randomUUID().toString());
        if (!ID.matcher(id).matches()) {
            throw Members.problem(
                    "the id of a canary config must be 1 to 200 letters, digits, dots, dashes and underscores");
        }
        ObjectNode document = given.deepCopy();
        Instant now = now();
        return log.change(thing(who.tenant(), id), who.id(), present -> {
                    if (present.isPresent()) {
                        throw Members.problem("a canary config " + id + " already exists");
                    }
                    stamp(document, CREATED, now);
                    stamp(document, UPDATED, now);
                    return Optional.of(Content.of(document.put("id", id)));
                })
                .thenApply(created -> id);
    }

    /**
     * Replaces a config.
     *
     * @return fails with an {@link ApiException} 400 if there is none of this id
     * @throws ApiException 400 if it has no name, or no application
     */
    CompletableFuture<String> replace(Principal who, String id, JsonNode given) {
        requireRead();
        checked(given);
        ObjectNode document = given.deepCopy();
        Instant now = now();
        return log.change(thing(who.tenant(), id), who.id(), present -> {
                    JsonNode before = present.map(Control::document)
                            .orElseThrow(() -> Members.problem("a canary config " + id + " does not exist"));
                    for (String member : new String[] {CREATED, CREATED + ISO}) {
                        if (before.has(member)) {
                            document.set(member, before.get(member));
                        }
                    }
                    stamp(document, UPDATED, now);
                    return Optional.of(Content.of(document.put("id", id)));
                })
                .thenApply(replaced -> id);
    }

    /** Deletes a config; fails with an {@link ApiException} 404 if the tenant has none of this id. */
    CompletableFuture<Boolean> delete(Principal who, String id) {
        requireRead();
        return log.change(thing(who.tenant(), id), who.id(), present -> {
            if (present.isEmpty()) {
                throw notFound(id);
            }
            return Optional.of(Content.deletion());
        });
    }

    /** What must be there to keep a config is less than what must be there to judge by it. */
    private static Members checked(JsonNode given) {
        Members config = Members.of(given);
        String name = config.requiredText("name");
        if (!NAME.matcher(name).matches()) {
            throw Members.problem(
                    "the name of a canary config must be 1 to 200 letters, digits, dashes and underscores");
        }
        if (config.texts("applications").isEmpty()) {
            throw Members.problem("a canary config must have at least one application");
        }
        return config;
    }

    private static void stamp(ObjectNode document, String member, Instant now) {
        document.put(member, now.toEpochMilli()).put(member + ISO, now.toString());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
