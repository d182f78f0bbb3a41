package dev.sluice.gateapi.report.digest;

import dev.sluice.gateapi.deliver.Ownership;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which one of several replicas does something: the one to which a consumer group gives the first partition of a topic. Two may
 * believe it for the moment in which one of them is stuck or cut off. For one thread.
 */
final class Leadership implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Leadership.class);
    private static final Duration JOINING = Duration.ofSeconds(1);

    private final Ownership ownership;

    /**
     * Joins the others.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param group the consumer group, by which the replicas know each other
     * @param topic a topic that exists
     */
    Leadership(String bootstrap, String group, String topic) {
        this.ownership = new Ownership(bootstrap, group, topic);
    }

    /** Returns whether it is this one; ask every few seconds, or another one takes over. */
    boolean held() {
        try {
            ownership.await(ownership.isIdle() ? JOINING : Duration.ZERO);
            return ownership.has(0);
        } catch (KafkaException e) {
            LOGGER.atWarn().setCause(e).log("not known which replica it is");
            return false;
        }
    }

    @Override
    public void close() {
        ownership.close();
    }
}
