package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.util.Comparator;
import java.util.List;

/** Keeps canary configs. */
final class ConfigHandler {
    private static final int MAX_BYTES = 256 << 10;
    private static final String ID = "id";
    private static final List<String> LISTED =
            List.of("id", "name", "updatedTimestamp", "updatedTimestampIso", "applications");

    private final StoredConfigs configs;
    private final Judges judges;

    ConfigHandler(StoredConfigs configs, Judges judges) {
        this.configs = configs;
        this.judges = judges;
    }

    /** Handles {@code GET /canaryConfig}: all configs, or those of one of some applications. */
    void list(Context ctx) {
        Reply.at(ctx, () -> {
            List<String> applications = ctx.queryParams("application").stream()
                    .filter(name -> !name.isBlank())
                    .toList();
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            configs.of(Routes.principal(ctx).tenant())
                    .filter(config -> applications.isEmpty() || isOfOne(applications, config))
                    .sorted(Comparator.comparing(
                                    (JsonNode config) -> config.path("name").asText())
                            .thenComparing(config -> config.path(ID).asText()))
                    .forEach(config -> list.add(listed(config)));
            return Reply.ok(list);
        });
    }

    private static boolean isOfOne(List<String> applications, JsonNode config) {
        for (JsonNode application : config.path("applications")) {
            if (applications.contains(application.asText())) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode listed(JsonNode config) {
        ObjectNode listed = JsonNodeFactory.instance.objectNode();
        LISTED.forEach(member -> listed.set(member, config.path(member)));
        return listed;
    }

    /** Handles {@code GET /canaryConfig/{id}}. */
    void read(Context ctx) {
        Reply.to(
                ctx,
                () -> configs.find(Routes.principal(ctx).tenant(), ctx.pathParam(ID))
                        .thenApply(Reply::ok));
    }

    /** Handles {@code POST /canaryConfig}. */
    void create(Context ctx) {
        Reply.to(ctx, () -> configs.create(Routes.principal(ctx), config(ctx)).thenApply(ConfigHandler::kept));
    }

    /** Handles {@code PUT /canaryConfig/{id}}. */
    void replace(Context ctx) {
        Reply.to(
                ctx,
                () -> configs.replace(Routes.principal(ctx), ctx.pathParam(ID), config(ctx))
                        .thenApply(ConfigHandler::kept));
    }

    private JsonNode config(Context ctx) {
        JsonNode config = Reply.body(ctx, MAX_BYTES);
        judges.checkKept(config);
        return config;
    }

    private static Reply kept(String id) {
        return Reply.ok(JsonNodeFactory.instance.objectNode().put("canaryConfigId", id));
    }

    /** Handles {@code DELETE /canaryConfig/{id}}. */
    void delete(Context ctx) {
        Reply.to(
                ctx,
                () -> configs.delete(Routes.principal(ctx), ctx.pathParam(ID)).thenApply(deleted -> Reply.noContent()));
    }
}
