package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.wire.Json;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Starts workflows of GitHub Actions by {@code POST /repos/OWNER/REPO/dispatches} (event {@value #EVENT}), with a token that may write the
 * repository's contents. GitHub answers with 204.
 */
final class GithubDispatch extends PipelineStart {
    /** The type of the event, by which workflows are chosen. */
    static final String EVENT = "sluice.rollback";

    private static final String VERSION = "2022-11-28";

    @Override
    List<Integer> refusals() {
        return List.of(422);
    }

    @Override
    OutboundRequest request(Endpoint endpoint, Message message, List<byte[]> keys, Instant now) {
        ObjectNode body = Json.mapper().createObjectNode().put("event_type", EVENT);
        ObjectNode payload = body.putObject("client_payload");
        told(message).forEach(payload::put);
        return new OutboundRequest(
                "POST",
                URI.create(endpoint.base() + "/repos/" + endpoint.setting("repository") + "/dispatches"),
                Map.of(
                        "Accept",
                        "application/vnd.github+json",
                        "Authorization",
                        "Bearer " + Token.text(keys.get(0)),
                        "Content-Type",
                        "application/json",
                        "X-GitHub-Api-Version",
                        VERSION),
                Json.bytes(body));
    }
}
