package dev.sluice.gateapi.callers.kayenta;

import static dev.sluice.gateapi.callers.kayenta.AccountHandler.optional;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.gateapi.callers.kayenta.Executions.Order;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Judges canaries for Spinnaker and Argo Rollouts, which ask how that goes until it is done. */
final class ExecutionHandler {
    private static final int MAX_BYTES = 256 << 10;
    private static final String AD_HOC = "ad-hoc";
    private static final String NO_PARENT = "no-parent-pipeline-execution";
    private static final String ID = "id";
    private static final int LISTED = 20;
    private static final int MOST_LISTED = 100;

    private final Executions executions;
    private final StoredConfigs configs;
    private final Accounts accounts;

    ExecutionHandler(Executions executions, StoredConfigs configs, Accounts accounts) {
        this.executions = executions;
        this.configs = configs;
        this.accounts = accounts;
    }

    /** Handles {@code POST /canary/{id}}: judges by a config that is kept. */
    void start(Context ctx) {
        Reply.to(ctx, () -> {
            Members request = Members.of(Reply.body(ctx, MAX_BYTES));
            String id = ctx.pathParam(ID);
            return configs.find(Routes.principal(ctx).tenant(), id)
                    .thenApply(document -> KayentaConfig.read(Members.of(document)))
                    .thenCompose(config -> start(
                            ctx,
                            new Asking(
                                    optional(ctx, "application").orElse(AD_HOC),
                                    optional(ctx, "parentPipelineExecutionId").orElse(NO_PARENT),
                                    Optional.of(id)),
                            config,
                            request));
        });
    }

    /** Handles {@code POST /canary}: judges by the config that the request has. */
    void startAdHoc(Context ctx) {
        Reply.to(ctx, () -> {
            Members body = Members.of(Reply.body(ctx, MAX_BYTES));
            return start(
                    ctx,
                    new Asking(
                            optional(ctx, "application").orElse(AD_HOC),
                            optional(ctx, "parentPipelineExecutionId").orElse(AD_HOC),
                            Optional.empty()),
                    KayentaConfig.read(body.requiredObject("canaryConfig")),
                    body.requiredObject("executionRequest"));
        });
    }

    private record Asking(String application, String parent, Optional<String> configId) {}

    private CompletableFuture<Reply> start(Context ctx, Asking asking, KayentaConfig config, Members request) {
        MetricSource source = accounts.metrics(Routes.principal(ctx).tenant(), optional(ctx, "metricsAccountName"));
        var order = new Order(
                asking.application(),
                asking.parent(),
                asking.configId(),
                config,
                ExecutionRequest.read(request, config),
                new Execution.Named(
                        source.name(),
                        optional(ctx, "storageAccountName").orElse(Accounts.STORE),
                        optional(ctx, "configurationAccountName").orElse(Accounts.STORE)),
                source);
        Routes.principal(ctx).requireFullReach();
        return executions
                .start(Routes.principal(ctx), order)
                .thenApply(id -> Reply.ok(JsonNodeFactory.instance.objectNode().put("canaryExecutionId", id)));
    }

    /** Handles {@code GET /canary/{id}}. */
    void read(Context ctx) {
        Reply.to(ctx, () -> {
            configs.requireRead();
            String id = ctx.pathParam(ID);
            return executions
                    .find(Routes.principal(ctx).tenant(), id)
                    .thenApply(execution -> Reply.ok(execution.status(id)));
        });
    }

    /** Handles {@code PUT /pipelines/{id}/cancel}. */
    void cancel(Context ctx) {
        Reply.to(ctx, () -> {
            configs.requireRead();
            Routes.principal(ctx).requireFullReach();
            return executions.cancel(Routes.principal(ctx), ctx.pathParam(ID)).thenApply(done -> Reply.accepted());
        });
    }

    /** Handles {@code GET /canary/executions}: those of an application, the newest first. */
    void list(Context ctx) {
        Reply.at(ctx, () -> {
            configs.requireRead();
            String application = optional(ctx, "application")
                    .orElseThrow(() -> Members.problem("query parameter application is required"));
            int limit = number(ctx, "limit", LISTED, MOST_LISTED);
            int page = number(ctx, "page", 1, Integer.MAX_VALUE);
            Set<String> states = states(ctx);
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            executions
                    .list(
                            Routes.principal(ctx).tenant(),
                            one -> one.application().equals(application)
                                    && (states.isEmpty()
                                            || states.contains(one.state().word())),
                            (page - 1L) * limit,
                            limit)
                    .forEach(one -> list.add(one.execution().status(one.id())));
            return Reply.ok(list);
        });
    }

    /** Returns the states that are asked for; none for all. One that no judgement has is one that it may have in Kayenta. */
    private static Set<String> states(Context ctx) {
        Set<String> states = new HashSet<>();
        for (String given : ctx.queryParams("statuses")) {
            Arrays.stream(given.split(",", -1))
                    .map(word -> word.strip().toLowerCase(Locale.ROOT))
                    .filter(word -> !word.isEmpty())
                    .forEach(states::add);
        }
        return states;
    }

    private static int number(Context ctx, String name, int otherwise, int most) {
        Optional<String> text = optional(ctx, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text.get());
            if (number >= 1) {
                return Math.min(number, most);
            }
        } catch (NumberFormatException e) {
            // told below, like one that is too small
        }
        throw Members.problem("query parameter " + name + " must be a whole number from 1 on");
    }

    /** Handles {@code GET /metricSetPairList/{id}}: the values that were compared. */
    void values(Context ctx) {
        Reply.to(ctx, () -> {
            configs.requireRead();
            return executions
                    .values(Routes.principal(ctx).tenant(), ctx.pathParam(ID))
                    .thenApply(Reply::ok);
        });
    }
}
