package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Starts pipelines of Spinnaker by {@code POST $GATE/webhooks/webhook/SOURCE}. Spinnaker does not authenticate webhooks: the pipeline
 * wants {@code secret} as a payload constraint. What it is told are {@code parameters}.
 */
final class SpinnakerWebhook extends PipelineStart {
    @Override
    List<Integer> refusals() {
        return List.of();
    }

    @Override
    OutboundRequest request(Endpoint endpoint, Message message, List<byte[]> keys, Instant now) {
        ObjectNode body = Json.mapper().createObjectNode().put("secret", Token.text(keys.get(0)));
        ObjectNode parameters = body.putObject("parameters");
        told(message).forEach(parameters::put);
        return new OutboundRequest(
                "POST", endpoint.url(), Map.of("Content-Type", "application/json"), Json.bytes(body));
    }
}
