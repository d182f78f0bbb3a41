package dev.sluice.gateapi.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever ends a request into {@code application/problem+json} (RFC 9457) and a line in the log. */
final class ProblemAnswers {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProblemAnswers.class);
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private ProblemAnswers() {}

    static void register(RoutesConfig routes) {
        routes.exception(ApiException.class, (e, ctx) -> answer(ctx, e, e));
        routes.exception(HttpResponseException.class, (e, ctx) -> answer(ctx, framework(e), e));
        routes.exception(
                Exception.class,
                (e, ctx) -> answer(
                        ctx,
                        new ApiException(ErrorType.INTERNAL, "the request failed because of a defect; see the log"),
                        e));
    }

    private static ApiException framework(HttpResponseException e) {
        return switch (e.getStatus()) {
            case 404 -> new ApiException(ErrorType.NOT_FOUND, "there is nothing at this path");
            case 405 -> new ApiException(ErrorType.METHOD_NOT_ALLOWED, "this path does not take this method");
            case 413 -> new ApiException(ErrorType.TOO_LARGE, "the body is too large");
            default ->
                e.getStatus() >= CLIENT_ERROR && e.getStatus() < SERVER_ERROR
                        ? new ApiException(ErrorType.BAD_REQUEST, "the request cannot be read")
                        : new ApiException(ErrorType.INTERNAL, "the request failed; see the log");
        };
    }

    private static void answer(Context ctx, ApiException problem, Throwable cause) {
        ErrorType type = problem.type();
        String instance = "urn:uuid:" + UUID.randomUUID();
        log(ctx, type, instance, cause);
        problem.retryAfterSeconds().ifPresent(seconds -> ctx.header("Retry-After", Long.toString(seconds)));
        if (Routes.isPage(ctx)) {
            ProblemPage.answer(ctx, problem, instance);
            return;
        }
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("type", type.uri());
        body.put("title", type.title());
        body.put("status", type.status());
        body.put("detail", problem.detail());
        body.put("instance", instance);
        List<ApiException.FieldError> errors = problem.errors();
        if (!errors.isEmpty()) {
            body.put("pointer", errors.get(0).pointer());
            ArrayNode list = body.putArray("errors");
            errors.forEach(
                    error -> list.addObject().put("pointer", error.pointer()).put("detail", error.detail()));
        }
        if (type == ErrorType.UNAUTHENTICATED) {
            ctx.header("WWW-Authenticate", "Bearer realm=\"sluice\"");
        }
        ctx.status(type.status());
        ctx.contentType("application/problem+json");
        ctx.result(Json.bytes(body));
    }

    private static void log(Context ctx, ErrorType type, String instance, @Nullable Throwable cause) {
        var line = switch (type) {
            case INTERNAL -> LOGGER.atError().setCause(cause);
            case UNAVAILABLE, BUSY -> LOGGER.atWarn().addKeyValue("cause", rootCause(cause));
            default -> LOGGER.atDebug();
        };
        line.addKeyValue("instance", instance)
                .addKeyValue("problem", type.uri())
                .addKeyValue("method", ctx.method().name())
                .addKeyValue("path", ctx.path())
                .log("request ended with a problem");
    }

    private static String rootCause(@Nullable Throwable thrown) {
        Throwable cause = thrown;
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause);
    }
}
