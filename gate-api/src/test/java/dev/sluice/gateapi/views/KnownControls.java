package dev.sluice.gateapi.views;

import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import java.time.Clock;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/** Views of a replica that has read what is set up. */
public final class KnownControls {
    private KnownControls() {}

    /** Returns views that know these and nothing else. */
    public static Views of(Clock clock, Control... controls) {
        var views = new Views(clock);
        var partition = new TopicPartition(Topic.CONTROL.topicName(), 0);
        views.follow(List.of(partition));
        for (int i = 0; i < controls.length; i++) {
            views.controlTable()
                    .put(new Held<>(controls[i], controls[i].key(), partition.topic(), partition.partition(), i, 1));
        }
        views.caughtUp(partition, clock.instant());
        return views;
    }
}
