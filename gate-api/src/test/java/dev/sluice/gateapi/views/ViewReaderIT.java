package dev.sluice.gateapi.views;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ViewReaderIT {
    @TempDir
    private Path directory = Path.of("");

    /** Another replica creates the topics, and the broker that is asked has heard of all but one of them. */
    @Test
    void aTopicThatIsNotThereYetIsWaitedFor_andNotLeftOut() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(KafkaBrokerConfig.in(directory));
                Admin admin =
                        Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers()))) {
            Set<Topic> early =
                    Views.TOPICS.stream().filter(topic -> topic != Topic.DORA).collect(Collectors.toSet());
            create(admin, early);
            var views = new Views(Clock.systemUTC());
            var asked = new SimpleMeterRegistry();
            try (var reader = new ViewReader(broker.bootstrapServers(), views, Clock.systemUTC(), () -> {}, asked)) {
                reader.start();
                // what is left out would be known to be read by now
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
                assertThat(views.missing()).isNotEmpty();

                create(admin, Set.of(Topic.DORA));

                long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
                while (!views.missing().isEmpty() && System.nanoTime() - deadline < 0) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
                assertThat(views.missing()).isEmpty();
                assertThat(views.hasRead(Topic.DORA)).isTrue();
            }
        }
    }

    private static void create(Admin admin, Set<Topic> topics) throws Exception {
        admin.createTopics(topics.stream()
                        .map(topic -> new NewTopic(topic.topicName(), 2, (short) 1))
                        .toList())
                .all()
                .get(30, TimeUnit.SECONDS);
    }
}
