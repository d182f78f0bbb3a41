package dev.sluice.gateapi;

import static java.util.Objects.requireNonNull;

import dev.sluice.rollback.KnownDeployment;
import dev.sluice.rollback.RollbackBook;
import dev.sluice.rollback.RollbackDesk;
import dev.sluice.rollback.RollbackOrder;
import dev.sluice.rollback.RollbackTrigger;
import dev.sluice.rollback.Series;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.RollbackPlanDocument;
import dev.sluice.wire.RollbackRow;
import dev.sluice.wire.Topic;
import java.time.Instant;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the rollback job publishes when a canary of a service has failed, whose plan the log has. */
final class FailedCanary {
    private FailedCanary() {}

    /** Publishes an order from version 2 to version 1 in production; returns its id. */
    static String ordered(String bootstrap, KafkaProducer<String, byte[]> jobs, String service) throws Exception {
        Instant now = Instant.now();
        var series = new Series(GateApiFixture.TENANT, service, "production");
        var desk = new RollbackDesk(series, RollbackBook.EMPTY);
        Control plan = GateApiFixture.records(bootstrap, Topic.CONTROL).stream()
                .filter(found -> found.value() != null && found.key().contains("/" + Control.ROLLBACK_PLAN + "/"))
                .map(found -> Json.read(found.value(), Control.class))
                .filter(control -> control.id().equals(Keys.of(service, "production")))
                .findFirst()
                .orElseThrow();
        desk.plan(RollbackPlanDocument.of(plan).toDomain(), plan.at(), now);
        for (int i = 0; i < 2; i++) {
            // the second is what GateApiFixture#running says
            var deployed = new KnownDeployment(
                    "github/" + i, "v" + (i + 1), null, null, now.minusSeconds(120 - 60 * i), false);
            desk.succeeded(deployed, now);
            desk.runs(deployed, now);
        }
        desk.trigger(RollbackTrigger.failedCanary(service + "-run", now, "errors: 3 %", "v1", "v2", false), now);
        RollbackOrder order = requireNonNull(desk.book().order(), "order");
        RollbackRow row = RollbackRow.of(series, order);
        jobs.send(new ProducerRecord<>(Topic.ROLLBACKS.topicName(), row.key(), Json.bytes(row)))
                .get();
        return order.id();
    }
}
