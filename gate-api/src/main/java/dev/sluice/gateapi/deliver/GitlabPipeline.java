package dev.sluice.gateapi.deliver;

import dev.sluice.gateapi.egress.OutboundRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Starts a pipeline of GitLab CI by {@code POST /api/v4/projects/ID/trigger/pipeline} with a trigger token; what it is told are variables that begin
 * with {@code SLUICE_}. GitLab answers with 201, and with 400 where the ref has no pipeline.
 */
final class GitlabPipeline extends PipelineStart {
    @Override
    List<Integer> refusals() {
        return List.of(400);
    }

    @Override
    OutboundRequest request(Endpoint endpoint, Message message, List<byte[]> keys, Instant now) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("token", Token.text(keys.get(0)));
        form.put("ref", endpoint.setting("ref"));
        told(message)
                .forEach((name, value) -> form.put("variables[SLUICE_" + name.toUpperCase(Locale.ROOT) + "]", value));
        String body = form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
        return new OutboundRequest(
                "POST",
                URI.create(endpoint.base() + "/api/v4/projects/" + encoded(endpoint.setting("project"))
                        + "/trigger/pipeline"),
                Map.of("Content-Type", "application/x-www-form-urlencoded"),
                body.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
