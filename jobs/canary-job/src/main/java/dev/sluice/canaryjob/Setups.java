package dev.sluice.canaryjob;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what is set of runs; remembers what it has read of those that were asked for last, since it is asked with every point. */
final class Setups {
    private static final int MOST = 10_000;

    private final CanaryConfigs configs = CanaryConfigs.load();
    private final Map<String, Read> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read> eldest) {
            return size() > MOST;
        }
    };

    private record Read(byte[] document, @Nullable Setup setup) {}

    /**
     * Reads a document.
     *
     * @param key of the run
     * @return null where its config cannot be judged by: the API takes none of these
     */
    @Nullable
    Setup of(String key, byte[] document) {
        Read read = known.get(key);
        if (read == null || !Arrays.equals(read.document(), document)) {
            read = new Read(document, read(document));
            known.put(key, read);
        }
        return read.setup();
    }

    private @Nullable Setup read(byte[] json) {
        CanaryRunDocument document = Json.read(json, CanaryRunDocument.class);
        CanaryConfigs.Result read = configs.read(document.config(), List.of());
        CanaryConfig config = read.config();
        if (config == null) {
            return null;
        }
        CanarySelection selection = read.selection();
        return new Setup(document, config, selection, CanarySelection.clock(selection, config.bucket()));
    }
}
