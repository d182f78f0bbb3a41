package dev.sluice.canaryjob.learn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.canary.CanaryConfig;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads configs; remembers what it has read of those that were asked for last, since it is asked with every point. */
final class SavedConfigs {
    private static final int MOST = 10_000;

    private final CanaryConfigs configs = CanaryConfigs.load();
    private final Map<String, Read> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
            return size() > MOST;
        }
    };

    private record Read(byte[] document, @Nullable SavedConfig config) {}

    /**
     * Reads a saved config.
     *
     * @param key of the config
     * @return null where nothing can be judged by it: the API takes none of these
     */
    @Nullable
    SavedConfig of(String key, byte[] document) {
        Read read = known.get(key);
        if (read == null || !Arrays.equals(read.document(), document)) {
            read = new Read(document, read(Json.read(document, JsonNode.class)));
            known.put(key, read);
        }
        return read.config();
    }

    /** Reads the config of a run. */
    @Nullable
    SavedConfig read(JsonNode document) {
        CanaryConfig config = configs.read(document, List.of()).config();
        return config == null ? null : SavedConfig.of(document, config);
    }
}
