package dev.sluice.dorajob;

import dev.sluice.dorajob.state.CatalogueInput;
import dev.sluice.dorajob.state.DeliveryInput;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Tells the catalogue in which environments something is known of a service, once for each as long as it remembers: to tell
 * it again changes nothing.
 */
final class AnnounceFunction extends RichFlatMapFunction<DeliveryInput, CatalogueInput> {
    private static final int REMEMBERED = 10_000;

    private transient Map<String, Boolean> announced;

    @Override
    public void open(OpenContext openContext) {
        announced = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    @Override
    public void flatMap(DeliveryInput input, Collector<CatalogueInput> out) {
        if (announced.put(input.key(), Boolean.TRUE) == null) {
            out.collect(CatalogueInput.of(input.tenant(), input.service(), input.environment()));
        }
    }
}
