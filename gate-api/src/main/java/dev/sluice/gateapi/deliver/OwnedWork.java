package dev.sluice.gateapi.deliver;

import dev.sluice.wire.Topic;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that does over and over what is to be done about rows in memory, each in one of several replicas: the one to which a consumer
 * group gives the partition of the row. It goes on whatever happens.
 */
public abstract class OwnedWork implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(OwnedWork.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration ENDING = Duration.ofSeconds(3);

    private final String bootstrap;
    private final String name;
    private final Topic topic;
    private final Duration tick;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /**
     * Creates it; {@link #start} starts it.
     *
     * @param name of the work: {@code sluice-name} is the group
     * @param bootstrap Kafka's bootstrap servers
     * @param topic whose partitions are shared out
     * @param tick from one look to the next
     */
    protected OwnedWork(String name, String bootstrap, Topic topic, Duration tick) {
        this.name = name;
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.tick = tick;
        this.thread = new Thread(this::run, "gate-api-" + name);
        thread.setDaemon(true);
    }

    /** Returns whether there can be anything to do: before, no group is joined. */
    protected abstract boolean isNeeded();

    /** Does what is to be done now, without waiting for anything. */
    protected abstract void look(Ownership ownership);

    /** Starts to work. */
    public void start() {
        thread.start();
    }

    private void run() {
        while (isOpen()) {
            if (isNeeded()) {
                share();
            }
            pause();
        }
    }

    private void share() {
        try (var ownership = new Ownership(bootstrap, "sluice-" + name, topic.topicName())) {
            while (isOpen()) {
                ownership.await(tick);
                look(ownership);
            }
        } catch (KafkaException e) {
            LOGGER.atWarn().addKeyValue("work", name).setCause(e).log("work interrupted; going on");
        } catch (RuntimeException e) { // the edge of the thread: without it the work would end for good
            LOGGER.atError().addKeyValue("work", name).setCause(e).log("work failed; going on");
        }
    }

    private boolean isOpen() {
        return closed.getCount() > 0;
    }

    private void pause() {
        try {
            var unused = closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(ENDING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
