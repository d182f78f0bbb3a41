package dev.sluice.canaryjob.learn;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.Json;
import dev.sluice.wire.KnownDocuments;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads configs that learn. */
final class SavedConfigs {
    private final CanaryConfigs configs = CanaryConfigs.load();
    private final KnownDocuments<byte[], SavedConfig> known =
            new KnownDocuments<>(document -> read(Json.read(document, JsonNode.class)));

    /**
     * Reads a saved config.
     *
     * @param key of the config
     * @return null where nothing can be judged by it: the API takes none of these
     */
    @Nullable
    SavedConfig of(String key, byte[] document) {
        return known.of(key, document).orElse(null);
    }

    /** Reads the config of a run. */
    Optional<SavedConfig> read(JsonNode document) {
        return Optional.ofNullable(configs.read(document, List.of()).config())
                .map(config -> SavedConfig.of(document, config));
    }
}
