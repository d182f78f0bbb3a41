package dev.sluice.gateapi.http;

import dev.sluice.gateapi.access.Access;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Sessions;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.access.Visitor;
import io.javalin.Javalin;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.router.ParsedEndpoint;
import io.javalin.security.Roles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The routes of the API, each with the verb that a caller needs. {@link #requireVerbs} refuses to start with a route
 * that has none.
 */
public final class Routes {
    private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";
    private static final String POSITION = "Sluice-Position";
    private static final String AFTER = "Sluice-After";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    /** Each holds a thread for as long. */
    private static final int MOST_WAITING = 6;

    private static final int FIRST_ERROR = 400;
    private static final String PRINCIPAL = "sluice.principal";
    private static final String VISITOR = "sluice.visitor";
    private static final String FORM = "sluice.form";
    private static final String PAGE = "sluice.page";

    private final RoutesConfig routes;
    private final RequestSlots slots;
    private final ReadPosition position;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final List<Route> all = new ArrayList<>();
    /** Who has signed in, by the routes where that counts. */
    private final Map<String, Sessions> pages = new HashMap<>();

    /**
     * Creates the routes of a server that is being configured.
     *
     * @param routes the server's
     * @param access who may come in
     * @param slots how many requests may hold a thread at once, health excepted
     * @param position how far this replica has read what was set up
     */
    public Routes(RoutesConfig routes, Access access, int slots, ReadPosition position) {
        this.routes = routes;
        this.slots = new RequestSlots(slots);
        this.position = position;
        ProblemAnswers.register(routes);
        routes.before(Routes::addSecurityHeaders);
        routes.before(Routes::refuseOtherMethod);
        routes.beforeMatched(ctx -> authorise(ctx, access, pages));
        routes.after(this::addPosition);
    }

    /**
     * Adds a route.
     *
     * @param method HTTP method
     * @param path path with {@code {parameters}}
     * @param verb what a caller needs
     * @param handler may block for a bounded time only; longer work goes into a future
     */
    public void add(HandlerType method, String path, Verb verb, Handler handler) {
        all.add(new Route(method.name(), path, verb));
        routes.addHttpHandler(
                method, path, verb == Verb.HEALTH ? handler : inSlot(verb.isPublic() ? handler : after(handler)), verb);
    }

    /**
     * Adds a page, which people see who have signed in. No other route takes what their browser sends by itself.
     *
     * @param path path with {@code {parameters}}
     * @param verb what a caller needs
     * @param sessions who has signed in
     * @param handler shows it
     */
    public void addPage(String path, Verb verb, Sessions sessions, Handler handler) {
        pages.put(name(HandlerType.GET, path), sessions);
        add(HandlerType.GET, path, verb, handler);
    }

    /**
     * Adds where a form of a page is sent. What another site sends is refused, and of somebody whose browser sends by itself who they are
     * what does not carry the token of their pages.
     *
     * @param path path with {@code {parameters}}
     * @param verb what a caller needs
     * @param sessions who has signed in
     * @param handler takes it: see {@link #form}
     */
    public void addForm(String path, Verb verb, Sessions sessions, Handler handler) {
        pages.put(name(HandlerType.POST, path), sessions);
        add(HandlerType.POST, path, verb, ctx -> {
            Sessions.requireSameSite(ctx.req());
            Form form = Form.of(ctx);
            if (!verb.isPublic()) {
                Sessions.requireOwn(visitor(ctx), form.token());
            }
            ctx.attribute(FORM, form);
            handler.handle(ctx);
        });
    }

    private static String name(HandlerType method, String path) {
        return method.name() + " " + path;
    }

    /** Returns who looks at a page that needs somebody known. */
    public static Visitor visitor(Context ctx) {
        Visitor visitor = ctx.attribute(VISITOR);
        if (visitor == null) {
            throw new IllegalStateException("the route " + ctx.path() + " has no visitor");
        }
        return visitor;
    }

    /** Returns the form that was sent. */
    public static Form form(Context ctx) {
        Form form = ctx.attribute(FORM);
        if (form == null) {
            throw new IllegalStateException("the route " + ctx.path() + " takes no form");
        }
        return form;
    }

    /** Returns whether a request is one for a page, of somebody who reads HTML. */
    static boolean isPage(Context ctx) {
        String accepted = ctx.header("Accept");
        return ctx.attribute(PAGE) != null && accepted != null && accepted.contains("text/html");
    }

    /** Returns the routes that were added, in that order. */
    public List<Route> all() {
        return List.copyOf(all);
    }

    /** Returns who asks; of a request to a route that needs a principal. */
    public static Principal principal(Context ctx) {
        Principal principal = ctx.attribute(PRINCIPAL);
        if (principal == null) {
            throw new IllegalStateException("the route " + ctx.path() + " has no principal");
        }
        return principal;
    }

    /**
     * Returns normally if each route has exactly one verb.
     *
     * @throws IllegalStateException naming the first one that has not
     */
    public static void requireVerbs(Javalin server) {
        List<ParsedEndpoint> endpoints = server.unsafe.internalRouter.allHttpHandlers();
        for (ParsedEndpoint parsed : endpoints) {
            HandlerType method = parsed.endpoint.method;
            if (method.isHttpMethod() && verb(parsed.endpoint.metadata(Roles.class)) == null) {
                throw new IllegalStateException(
                        "route " + method.name() + " " + parsed.endpoint.path + " declares no verb");
            }
        }
    }

    private static @Nullable Verb verb(@Nullable Roles roles) {
        return roles != null
                        && roles.getRoles().size() == 1
                        && roles.getRoles().iterator().next() instanceof Verb verb
                ? verb
                : null;
    }

    private Handler inSlot(Handler handler) {
        return ctx -> {
            RequestSlots.Slot slot = slots.take();
            try (slot) {
                handler.handle(ctx);
            }
        };
    }

    /** The method is what the request line says; who stands in between has looked at that one. */
    private static void refuseOtherMethod(Context ctx) {
        if (ctx.req().getHeader(METHOD_OVERRIDE) != null) {
            throw new ApiException(ErrorType.BAD_REQUEST, "the header " + METHOD_OVERRIDE + " is not taken");
        }
    }

    /** Who has been told of a change by one replica may ask another one to have read it, too; few at once wait for that. */
    private Handler after(Handler handler) {
        return ctx -> {
            String after = ctx.header(AFTER);
            if (after != null) {
                awaitPosition(after);
            }
            handler.handle(ctx);
        };
    }

    private void awaitPosition(String after) {
        if (!waiting.tryAcquire()) {
            throw new ApiException(ErrorType.BUSY, "too many wait for this replica to have read so far");
        }
        CompletableFuture<Void> reached;
        try {
            reached = position.reached(after);
        } catch (ApiException e) {
            waiting.release();
            throw e;
        }
        try {
            reached.get(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new ApiException(ErrorType.UNAVAILABLE, "this replica has not read so far yet; try again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(ErrorType.UNAVAILABLE, "this replica is stopping", e);
        } finally {
            reached.cancel(false);
            waiting.release();
        }
    }

    private void addPosition(Context ctx) {
        boolean changes = !ctx.method().equals(HandlerType.GET) && !ctx.method().equals(HandlerType.HEAD);
        if (changes && ctx.status().getCode() < FIRST_ERROR) {
            ctx.header(POSITION, position.now());
        }
    }

    private static void authorise(Context ctx, Access access, Map<String, Sessions> pages) {
        if (ctx.routeRoles().isEmpty()) {
            // HEAD of a path that takes GET: no route of ours
            throw new ApiException(ErrorType.METHOD_NOT_ALLOWED, "this path does not take this method");
        }
        Verb verb = (Verb) ctx.routeRoles().iterator().next();
        @Nullable
        Sessions sessions = pages.get(name(ctx.method(), ctx.endpoints().matchedHttpEndpoint().path));
        if (sessions != null) {
            ctx.attribute(PAGE, true);
        }
        if (verb.isPublic()) {
            return;
        }
        if (sessions == null) {
            ctx.attribute(PRINCIPAL, access.authorise(ctx.req(), verb));
            return;
        }
        Visitor visitor = sessions.visit(ctx.req(), verb);
        ctx.attribute(VISITOR, visitor);
        ctx.attribute(PRINCIPAL, visitor.principal());
    }

    private static void addSecurityHeaders(Context ctx) {
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("X-Frame-Options", "DENY");
        ctx.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        ctx.header("Referrer-Policy", "no-referrer");
        ctx.header("Cache-Control", "no-store");
    }

    /**
     * A route.
     *
     * @param method HTTP method
     * @param path path with {@code {parameters}}
     * @param verb what a caller needs
     */
    public record Route(String method, String path, Verb verb) {}
}
