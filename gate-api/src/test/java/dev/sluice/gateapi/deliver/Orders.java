package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Orders as endpoints are told them. */
final class Orders {
    static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    private Orders() {}

    /** Back from one to another. */
    static Message back(Artifact expected, Artifact target) {
        return message("roll_back", expected.version(), expected, target);
    }

    /** A canary beside what runs is to go. */
    static Message abort(String canary, Artifact runs) {
        return message("abort_canary", canary, runs, runs);
    }

    static Artifact version(String version) {
        return new Artifact(version, null, null);
    }

    private static Message message(String action, @Nullable String from, Artifact expected, Artifact target) {
        ObjectNode data = Json.mapper().createObjectNode();
        data.put("order", "order-1").put("action", action).put("from_version", from);
        data.set("expected", deployment("github/42", expected));
        data.set("target", deployment("github/41", target));
        return Message.of("order-1", Message.ORDERED, "checkout/production", NOON, data);
    }

    private static ObjectNode deployment(String id, Artifact artifact) {
        return Json.mapper()
                .createObjectNode()
                .put("deployment", id)
                .put("version", artifact.version())
                .put("sha", artifact.sha())
                .put("digest", artifact.digest());
    }
}
