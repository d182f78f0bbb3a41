package dev.sluice.gateapi.receive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.TenantSecrets;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sets connections up, shows and deletes them. A change is answered when this replica has read it back from the log; the
 * others follow. Answers show where secrets are and never what they are, and each tenant its own connections only.
 */
public final class ConnectionHandler {
    private static final int OK = 200;
    private static final int MAX_BYTES = 64 << 10;
    private static final String JSON = "application/json";

    private final AllConnections connections;
    private final TenantSecrets secrets;
    private final ControlLog control;
    private final Executor answers;
    private final Clock clock;

    /**
     * Creates a handler.
     *
     * @param connections what there is
     * @param secrets from where secrets may be taken
     * @param control writes changes to the log
     * @param answers runs what follows
     * @param clock tells when a change was made
     */
    public ConnectionHandler(
            AllConnections connections, TenantSecrets secrets, ControlLog control, Executor answers, Clock clock) {
        this.connections = connections;
        this.secrets = secrets;
        this.control = control;
        this.answers = answers;
        this.clock = clock;
    }

    /** Handles {@code GET /v1/connections}. */
    public void list(Context ctx) {
        connections.requireRead();
        String tenant = Routes.principal(ctx).tenant();
        List<Shown> shown = Stream.concat(
                        connections.ofFile().of(tenant).map(Shown::of),
                        connections.ofApiFor(tenant).stream()
                                .filter(one ->
                                        connections.ofFile().find(one.id()).isEmpty())
                                .map(Shown::of))
                .sorted(Comparator.comparing(Shown::id))
                .toList();
        Requests.answer(ctx, OK, new Listed(shown));
    }

    /** Handles {@code GET /v1/connections/{id}}. */
    public void read(Context ctx) {
        connections.requireRead();
        Principal principal = Routes.principal(ctx);
        String id = ctx.pathParam("id");
        Optional<Connections.Configured> ofFile = connections.ofFile().find(id);
        Shown shown = ofFile.isPresent()
                ? ofFile.filter(one -> one.connection().tenant().equals(principal.tenant()))
                        .map(Shown::of)
                        .orElseThrow(ConnectionHandler::notFound)
                : Shown.of(own(principal, id));
        Requests.answer(ctx, OK, shown);
    }

    /** Handles {@code PUT /v1/connections/{id}}. */
    public void put(Context ctx) {
        connections.requireRead();
        Principal principal = Routes.principal(ctx);
        String id = Connections.name(ctx.pathParam("id"))
                .orElseThrow(() -> new ApiException(
                        ErrorType.BAD_REQUEST, "the id of a connection must be " + Connections.NAME_EXPECTED));
        ConnectionDocument document = document(ctx, secrets.of(principal.tenant()));
        requireFree(principal, id);
        var changed =
                new Control(principal.tenant(), Control.CONNECTION, id, principal.id(), now(), false, document.json());
        append(ctx, changed);
    }

    /** Handles {@code DELETE /v1/connections/{id}}. */
    public void delete(Context ctx) {
        connections.requireRead();
        Principal principal = Routes.principal(ctx);
        String id = ctx.pathParam("id");
        requireNotOfFile(principal, id, notFound());
        append(ctx, own(principal, id).deletedBy(principal.id(), now()));
    }

    private static ConnectionDocument document(Context ctx, SecretPlaces places) {
        Requests.requireMediaType(ctx, JSON);
        JsonNode body = EventDocuments.read(Requests.body(ctx, MAX_BYTES));
        try {
            new Place(body, "").encodable();
        } catch (Rejection e) {
            throw EventDocuments.invalid(e, "");
        }
        var errors = new ArrayList<ApiException.FieldError>();
        Optional<ConnectionDocument> document = ConnectionDocument.read(
                body, (pointer, message) -> errors.add(new ApiException.FieldError(pointer, message)));
        document.ifPresent(found -> found.secrets()
                .resolve(places, (pointer, message) -> errors.add(new ApiException.FieldError(pointer, message))));
        if (!errors.isEmpty()) {
            throw ApiException.invalidDocument(errors);
        }
        return document.orElseThrow();
    }

    private void requireFree(Principal principal, String id) {
        var taken = new ApiException(
                ErrorType.CONFLICT, "the id is taken: it is the path of a webhook, one for all tenants");
        requireNotOfFile(principal, id, taken);
        if (connections.ofApi(id).stream().anyMatch(held -> !held.row().tenant().equals(principal.tenant()))) {
            throw taken;
        }
    }

    /** Ends a request that would change a connection of the file; with another problem if it is another tenant's. */
    private void requireNotOfFile(Principal principal, String id, ApiException otherTenant) {
        connections.ofFile().find(id).ifPresent(found -> {
            throw found.connection().tenant().equals(principal.tenant())
                    ? new ApiException(
                            ErrorType.CONFLICT,
                            "the connection " + id + " is set up by the file of connections: change it there")
                    : otherTenant;
        });
    }

    private Control own(Principal principal, String id) {
        return connections.ofApiFor(principal.tenant()).stream()
                .filter(control -> control.id().equals(id))
                .findFirst()
                .orElseThrow(ConnectionHandler::notFound);
    }

    private static ApiException notFound() {
        return new ApiException(ErrorType.NOT_FOUND, "there is no such connection");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private void append(Context ctx, Control changed) {
        byte[] answer = Json.bytes(Shown.of(changed));
        CompletableFuture<Void> done =
                control.append(changed).thenRunAsync(() -> Requests.answerJson(ctx, OK, answer), answers);
        ctx.future(() -> done);
    }

    /** All connections of a tenant, by id. */
    record Listed(List<Shown> connections) {}

    /**
     * A connection as answers show it.
     *
     * @param id its id
     * @param origin {@code file} or {@code api}
     * @param changedBy who has set it up or deleted it; null for one of the file
     * @param changedAt when; null for one of the file
     * @param document what is configured: the body of a PUT that would set it up
     */
    record Shown(
            String id,
            String origin,
            @Nullable String changedBy,
            @Nullable Instant changedAt,
            JsonNode document) {
        static Shown of(Control control) {
            return new Shown(control.id(), "api", control.principal(), control.at(), control.document());
        }

        static Shown of(Connections.Configured ofFile) {
            return new Shown(
                    ofFile.connection().id(),
                    "file",
                    null,
                    null,
                    ofFile.document().json());
        }
    }
}
