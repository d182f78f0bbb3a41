package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.sources.Delivery;
import dev.sluice.sources.Outcome;
import dev.sluice.sources.registry.Sources;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;

/**
 * A generated event as a sender tells it, and as Sluice understands it.
 *
 * @param cloudEvent what is sent
 * @param understood what the ingest job makes of it; its identity follows from what was sent
 */
record SentEvent(ObjectNode cloudEvent, DeliveryEvent understood) {
    /** Where the revisions of corrections begin; events have lower ones. */
    private static final long CORRECTIONS = 1L << 50;
    /** Above what generated sources say, so that corrections outrank them as events too. */
    private static final long OUTRANKING = 1000;

    private static final Sources SOURCES = Sources.of(Map.of());

    /** Returns how an event is sent. */
    static SentEvent of(DeliveryEvent event) {
        ObjectNode sent = cloudEvent(event);
        Outcome outcome = SOURCES.adapt(new Delivery(
                "default",
                Sources.CLOUDEVENTS,
                "events",
                "d-0-1",
                event.header().id(),
                "",
                "somebody",
                "application/cloudevents+json",
                Instant.now(),
                Map.of(),
                Json.bytes(sent)));
        assertThat(outcome).as("%s", sent).isInstanceOf(Outcome.Events.class);
        return new SentEvent(sent, ((Outcome.Events) outcome).events().get(0));
    }

    private static ObjectNode cloudEvent(DeliveryEvent event) {
        ObjectNode envelope = Json.read(EventCodec.encode(event), ObjectNode.class);
        var names = new ArrayList<String>();
        envelope.fieldNames().forEachRemaining(names::add);
        names.stream().filter(name -> name.startsWith("sluice")).forEach(envelope::remove);
        if (!(event instanceof CommitRecorded) && !(event instanceof PullRequestObserved)) {
            // Sluice puts source and native id together; a sender tells them apart
            String identity = envelope.path("subject").asText();
            int slash = identity.indexOf('/');
            String source = identity.substring(0, slash);
            String nativeId = identity.substring(slash + 1);
            envelope.put("source", source).put("subject", nativeId);
            ObjectNode data = envelope.withObject("/data");
            data.withObject("/context").put("source", source);
            ObjectNode subject = data.withObject("/subject").put("id", nativeId);
            ObjectNode content = subject.withObject("/content");
            long revision = content.path("revision").asLong();
            if (revision >= CORRECTIONS) {
                content.put("revision", revision - CORRECTIONS + OUTRANKING);
            }
        }
        return envelope;
    }
}
