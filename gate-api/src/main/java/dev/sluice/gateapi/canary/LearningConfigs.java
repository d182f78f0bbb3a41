package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Control;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configs of tenants that learn between runs; remembers what it has read of them, since it is asked with every push. */
final class LearningConfigs {
    private static final int MOST_KEPT = 10_000;

    private final NamedConfigs named;
    private final CanaryConfigs configs;
    private final Map<String, Read> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
            return size() > MOST_KEPT;
        }
    };

    private record Read(JsonNode document, Optional<CanarySelection> selection) {}

    LearningConfigs(NamedConfigs named, CanaryConfigs configs) {
        this.named = named;
        this.configs = configs;
    }

    /**
     * A config that learns.
     *
     * @param record as it was saved
     * @param selection which series it takes
     */
    record Learning(Control record, CanarySelection selection) {}

    /** Returns those of a tenant, in no order. */
    List<Learning> of(String tenant) {
        return named.learning(tenant)
                .flatMap(control -> selection(control).map(of -> new Learning(control, of)).stream())
                .toList();
    }

    private synchronized Optional<CanarySelection> selection(Control control) {
        Read read = known.get(control.key());
        if (read == null || !read.document().equals(control.document())) {
            read = new Read(
                    control.document(),
                    Optional.ofNullable(
                            configs.read(control.document(), List.of()).selection()));
            known.put(control.key(), read);
        }
        return read.selection();
    }
}
