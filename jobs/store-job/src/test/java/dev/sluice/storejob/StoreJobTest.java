package dev.sluice.storejob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.store.ClickHouseSettings;
import dev.sluice.storejob.state.StoreLine;
import java.net.URI;
import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.runtime.PojoSerializer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;

class StoreJobTest {
    @Test
    void buildsWithoutGenericTypes_withAUidOnEachOperator() {
        var flink = new Configuration();
        flink.set(PipelineOptions.GENERIC_TYPES, false);
        flink.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);

        StoreJob.build(env, StoreJobConfig.of("127.0.0.1:1", ClickHouseSettings.at(URI.create("http://127.0.0.1:1"))));

        StreamGraph graph = env.getStreamGraph();
        graph.getJobGraph();
        List<String> uids = graph.getStreamNodes().stream()
                .map(StreamNode::getTransformationUID)
                .toList();
        assertThat(uids).containsExactlyInAnyOrder("rows", "records", "clickhouse");
        assertThat(graph.getStreamNodes()).allMatch(node -> node.getMaxParallelism() == 720);
    }

    @Test
    void lineHasASerializerOfItsOwn() {
        var config = new ExecutionConfig();

        assertThat(TypeInformation.of(StoreLine.class).createSerializer(config.getSerializerConfig()))
                .isInstanceOf(PojoSerializer.class);
    }
}
