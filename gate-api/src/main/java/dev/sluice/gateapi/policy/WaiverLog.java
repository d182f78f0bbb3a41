package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.control.ControlLog.Content;
import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.ids.TimedIds;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What lifts policies, as the log keeps it: written by one person, let take effect by another, each in a change of its own. */
final class WaiverLog<T> {
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int MOST = 1_000;

    private final String kind;
    private final Function<Control, Optional<T>> reader;
    private final Function<T, JsonNode> writer;
    private final Views views;
    private final ControlLog log;
    private final Executor answers;
    private final Clock clock;

    WaiverLog(
            String kind,
            Function<Control, Optional<T>> reader,
            Function<T, JsonNode> writer,
            Views views,
            ControlLog log,
            Executor answers,
            Clock clock) {
        this.kind = kind;
        this.reader = reader;
        this.writer = writer;
        this.views = views;
        this.log = log;
        this.answers = answers;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Returns all of a tenant, the oldest first; what this release cannot read is left out. */
    <S> List<S> all(String tenant, Shower<T, S> shower) {
        return views.controls(kind)
                .map(Held::row)
                .filter(control -> control.tenant().equals(tenant))
                .sorted(Comparator.comparing(Control::id))
                .flatMap(control -> reader.apply(control).map(document -> shower.show(control.id(), document)).stream())
                .toList();
    }

    /** Writes a new one and answers with it. */
    void create(Context ctx, T document, Shower<T, ?> shower) {
        Principal principal = Routes.principal(ctx);
        if (all(principal.tenant(), (id, known) -> id).size() >= MOST) {
            throw new ApiException(
                    ErrorType.CONFLICT, "there are " + MOST + " of them already: delete those that have expired");
        }
        String id = TimedIds.next(now());
        CompletableFuture<Void> done = log.change(
                        new Thing(principal.tenant(), kind, id),
                        principal.id(),
                        before -> Optional.of(Content.of(writer.apply(document))))
                .thenRunAsync(() -> Requests.answer(ctx, CREATED, shower.show(id, document)), answers);
        ctx.future(() -> done);
    }

    /** Changes one and answers with it; what {@code change} throws is the answer. */
    void change(Context ctx, UnaryOperator<T> change, Shower<T, ?> shower) {
        CompletableFuture<Void> done = change(Routes.principal(ctx), ctx.pathParam("id"), change, shower)
                .thenAccept(shown -> Requests.answer(ctx, OK, shown));
        ctx.future(() -> done);
    }

    /** Changes one; what {@code change} throws is that with which it fails. */
    <S> CompletableFuture<S> change(Principal principal, String id, UnaryOperator<T> change, Shower<T, S> shower) {
        var thing = new Thing(principal.tenant(), kind, id);
        return log.change(
                        thing,
                        principal.id(),
                        before -> Optional.of(Content.of(
                                writer.apply(change.apply(before.flatMap(reader).orElseThrow(this::notFound))))))
                .thenApplyAsync(
                        changed ->
                                shower.show(id, log.find(thing).flatMap(reader).orElseThrow(this::notFound)),
                        answers);
    }

    /** Ends one and answers with it as it was; what {@code permitted} throws is the answer. */
    void delete(Context ctx, Consumer<T> permitted, Shower<T, ?> shower) {
        Principal principal = Routes.principal(ctx);
        var thing = new Thing(principal.tenant(), kind, ctx.pathParam("id"));
        T was = log.find(thing).flatMap(reader).orElseThrow(this::notFound);
        permitted.accept(was);
        CompletableFuture<Void> done = log.change(
                        thing, principal.id(), before -> before.map(control -> new Content(control.document(), true)))
                .thenRunAsync(() -> Requests.answer(ctx, OK, shower.show(thing.id(), was)), answers);
        ctx.future(() -> done);
    }

    private ApiException notFound() {
        return new ApiException(ErrorType.NOT_FOUND, "there is no such " + kind);
    }

    /** Makes what answers show. */
    interface Shower<T, S> {
        S show(String id, T document);
    }

    /** How one stands. */
    static String status(boolean takenEffect, boolean expired) {
        if (expired) {
            return "expired";
        }
        return takenEffect ? "active" : "requested";
    }
}
