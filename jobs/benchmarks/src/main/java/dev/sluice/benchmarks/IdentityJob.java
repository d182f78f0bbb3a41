package dev.sluice.benchmarks;

import dev.sluice.delivery.CatalogueAssigned;
import dev.sluice.delivery.CommitRecorded;
import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.DriftChecked;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.PullRequestObserved;
import dev.sluice.delivery.ServiceDescribed;
import dev.sluice.streams.InRecord;
import dev.sluice.streams.KafkaEnds;
import dev.sluice.streams.OutRecord;
import dev.sluice.wire.EventCodec;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.Topic;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * What the dora-job is compared with: the same source, events read and written as JSON by the same code, the same sink and
 * progress; no state and no thought between. It writes a record for each commit and each started attempt, about as many
 * as the dora-job writes facts.
 */
final class IdentityJob {
    static final String NAME = "identity";

    private IdentityJob() {}

    static void build(StreamExecutionEnvironment env, String bootstrap, int partitions, List<Topic> outputs) {
        var rows = KafkaEnds.source(env, bootstrap, NAME, List.of(Topic.EVENTS), partitions)
                .flatMap(IdentityJob::copy)
                .returns(OutRecord.class)
                .name(NAME)
                .uid(NAME);
        KafkaEnds.sink(rows, bootstrap, NAME, outputs, partitions);
    }

    private static void copy(InRecord record, Collector<OutRecord> out) {
        if (record.isHeartbeat()) {
            return;
        }
        DeliveryEvent event = EventCodec.decode(record.value());
        if (isCopied(event)) {
            out.collect(new OutRecord(
                    Topic.FACTS.topicName(),
                    OutRecord.BY_KEY,
                    EventCodec.key(event),
                    EventCodec.encode(event),
                    Map.of(RecordHeaders.GENERATION, "1")));
        }
    }

    private static boolean isCopied(DeliveryEvent event) {
        return event.accept(new DeliveryEvent.Visitor<Boolean>() {
            @Override
            public Boolean commitRecorded(CommitRecorded commit) {
                return true;
            }

            @Override
            public Boolean deploymentObserved(DeploymentObserved deployment) {
                return deployment.state() == DeploymentState.STARTED;
            }

            @Override
            public Boolean incidentObserved(IncidentObserved incident) {
                return true;
            }

            @Override
            public Boolean pullRequestObserved(PullRequestObserved pullRequest) {
                return true;
            }

            @Override
            public Boolean driftChecked(DriftChecked check) {
                return true;
            }

            @Override
            public Boolean serviceDescribed(ServiceDescribed service) {
                return true;
            }

            @Override
            public Boolean catalogueAssigned(CatalogueAssigned assigned) {
                return true;
            }
        });
    }
}
