package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** Sends events in batches and shows how far it has come. */
final class EventSender {
    private static final String BATCH = "application/cloudevents-batch+json";

    private final ApiClient api;
    private final Console console;
    private final int batchSize;

    EventSender(ApiClient api, Console console, int batchSize) {
        this.api = api;
        this.console = console;
        this.batchSize = batchSize;
    }

    /**
     * Sends all events, in order.
     *
     * @return when Sluice received the last of them
     */
    Instant send(String task, List<ObjectNode> events) {
        Instant received = Instant.EPOCH;
        try (var progress = new Progress(console, task, events.size())) {
            api.onRetry(progress::note);
            for (int from = 0; from < events.size(); from += batchSize) {
                int to = Math.min(from + batchSize, events.size());
                ArrayNode batch = JsonNodeFactory.instance.arrayNode();
                batch.addAll(events.subList(from, to));
                JsonNode receipt = api.post("/v1/events", BATCH, Documents.bytes(batch))
                        .require("sending the events %d to %d".formatted(from + 1, to));
                Instant at = Instant.parse(receipt.path("received_at").asText());
                received = at.isAfter(received) ? at : received;
                progress.note("");
                progress.step(to - from);
            }
        }
        return received;
    }
}
