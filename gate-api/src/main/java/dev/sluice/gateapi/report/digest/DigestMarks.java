package dev.sluice.gateapi.report.digest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.kafka.LogAppender;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Topic;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;

/** Until when each digest is dealt with: in the log, so that all replicas know it, and each that is started later. */
final class DigestMarks {
    private static final String THROUGH = "through";
    private static final String WHO = "sluice";

    private final Views views;
    private final LogAppender control;

    DigestMarks(Views views, LogAppender control) {
        this.views = views;
        this.control = control;
    }

    /** Returns whether this replica has read them all. */
    boolean areRead() {
        return views.hasRead(Topic.CONTROL);
    }

    /** Returns until when a digest is dealt with; nothing if it has never been seen. */
    Optional<Instant> through(Digest digest) {
        return views.control(digest.scope().tenant(), Control.DIGEST, digest.id())
                .map(Held::row)
                .map(mark -> Instant.parse(mark.document().path(THROUGH).asText()));
    }

    /**
     * Notes that a digest is dealt with.
     *
     * @param digest the digest
     * @param through until when
     * @param now the moment
     * @return ends when this replica has read it back
     */
    CompletableFuture<Void> mark(Digest digest, Instant through, Instant now) {
        ObjectNode document = Json.mapper().createObjectNode().put(THROUGH, through.toString());
        var mark = new Control(digest.scope().tenant(), Control.DIGEST, digest.id(), WHO, now, false, document);
        return control.append(mark.key(), Map.of(), Json.bytes(mark))
                .thenCompose(
                        place -> views.readBack(new TopicPartition(place.topic(), place.partition()), place.offset()));
    }
}
