package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.wire.Json;
import dev.sluice.wire.RollbackRow;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is said to an endpoint.
 *
 * @param id names it among all, the same each time that it is tried
 * @param type what it is
 * @param subject the service and the environment
 * @param at when what it tells came about
 * @param data what it tells
 * @param body all of it, as JSON
 */
public record Message(String id, String type, String subject, Instant at, JsonNode data, String body) {
    /** Type of an order. */
    static final String ORDERED = "dev.sluice.rollback.ordered.v1";

    /** Type of the word that people must look at an order. */
    static final String ESCALATED = "dev.sluice.rollback.escalated.v1";

    /** Returns the order as it is told to whoever rolls back. */
    static Message order(RollbackRow row, RollbackOrder order) {
        ObjectNode data = data(row, order);
        data.put("acknowledge", "/v1/rollbacks/" + order.id() + "/acknowledgement");
        return message(Word.ORDER.id(order), ORDERED, row, order.orderedAt(), data);
    }

    /** Returns the word that people must look at an order. */
    static Message escalation(RollbackRow row, RollbackOrder order) {
        ObjectNode data = data(row, order);
        data.put("state", order.state().name().toLowerCase(Locale.ROOT));
        data.put("why", order.steps().get(order.steps().size() - 1).words());
        return message(Word.ESCALATION.id(order), ESCALATED, row, order.since(), data);
    }

    private static Message message(String id, String type, RollbackRow row, Instant at, ObjectNode data) {
        return of(id, type, row.service() + "/" + row.environment(), at, data);
    }

    /**
     * Returns a message.
     *
     * @param id names it among all, the same each time that it is tried
     * @param type what it is
     * @param subject what it is about
     * @param at when what it tells came about
     * @param data what it tells
     */
    public static Message of(String id, String type, String subject, Instant at, JsonNode data) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.put("type", type);
        body.put("timestamp", at.toString());
        body.set("data", data);
        return new Message(id, type, subject, at, data, body.toString());
    }

    private static ObjectNode data(RollbackRow row, RollbackOrder order) {
        ObjectNode data = Json.mapper().createObjectNode();
        data.put("order", order.id());
        data.put("service", row.service());
        data.put("environment", row.environment());
        data.put("reason", order.trigger().reason());
        data.put("trigger", order.trigger().kind().name().toLowerCase(Locale.ROOT));
        data.put("trigger_id", order.trigger().id());
        data.put("trigger_at", order.trigger().at().toString());
        data.put("action", order.concernsCanaryBeside() ? "abort_canary" : "roll_back");
        data.put("from_version", order.from());
        data.set("expected", deployment(order.fence()));
        data.set("target", deployment(order.to()));
        data.put("ordered_at", order.orderedAt().toString());
        data.put("expires_at", order.expiresAt().toString());
        return data;
    }

    private static @Nullable ObjectNode deployment(@Nullable KnownDeployment deployment) {
        if (deployment == null) {
            return null;
        }
        return Json.mapper()
                .createObjectNode()
                .put("deployment", deployment.id())
                .put("version", deployment.version())
                .put("sha", deployment.sha())
                .put("digest", deployment.digest());
    }
}
