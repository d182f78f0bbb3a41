package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.sources.metrics.pull.SourceUnavailableException;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Tells which accounts there are, and which metrics they have. */
final class AccountHandler {
    private static final int MOST_NAMES = 1_000;

    private final Accounts accounts;

    AccountHandler(Accounts accounts) {
        this.accounts = accounts;
    }

    /** Handles {@code GET /credentials}. */
    void list(Context ctx) {
        Reply.at(ctx, () -> {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            accounts.all(Routes.principal(ctx).tenant()).forEach(account -> list.add(json(account)));
            return Reply.ok(list);
        });
    }

    private static ObjectNode json(Accounts.Account account) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("name", account.name())
                .put("type", account.type());
        json.set("supportedTypes", texts(account.supportedTypes()));
        json.set("locations", texts(account.locations()));
        json.set("recommendedLocations", texts(account.recommendedLocations()));
        return json;
    }

    private static JsonNode texts(List<String> texts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        texts.forEach(list::add);
        return list;
    }

    /** Handles {@code GET /metadata/metricsService}: the names of the account's metrics that have the filter in them. */
    void metrics(Context ctx) {
        Reply.to(ctx, () -> {
            String filter = optional(ctx, "filter").orElse("").toLowerCase(Locale.ROOT);
            MetricSource source = accounts.metrics(Routes.principal(ctx).tenant(), optional(ctx, "metricsAccountName"));
            return source.names().handle((names, failure) -> {
                if (failure != null) {
                    throw unavailable(source, failure);
                }
                return Reply.ok(names.stream()
                        .filter(name -> name.toLowerCase(Locale.ROOT).contains(filter))
                        .limit(MOST_NAMES)
                        .map(Named::new)
                        .toList());
            });
        });
    }

    private static RuntimeException unavailable(MetricSource source, Throwable failure) {
        return failure instanceof SourceUnavailableException unavailable
                ? new ApiException(ErrorType.UNAVAILABLE, source.name() + " " + unavailable.problem(), failure)
                : new CompletionException(failure);
    }

    /** Returns a query parameter; nothing if it is absent or empty, as user interfaces send it. */
    static Optional<String> optional(Context ctx, String name) {
        return Optional.ofNullable(ctx.queryParam(name))
                .filter(value -> !value.isBlank())
                .flatMap(value -> Requests.query(ctx, name));
    }

    /** The name of a metric. */
    record Named(String name) {}
}
