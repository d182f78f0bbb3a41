package dev.sluice.canaryjob;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanaryRunDocument;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import dev.sluice.wire.KnownDocuments;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what is set of runs. */
final class Setups {
    private final CanaryConfigs configs = CanaryConfigs.load();
    private final KnownDocuments<byte[], Setup> known = new KnownDocuments<>(this::read);

    /**
     * Reads a document.
     *
     * @param key of the run
     * @return null where its config cannot be judged by: the API takes none of these
     */
    @Nullable
    Setup of(String key, byte[] document) {
        return known.of(key, document).orElse(null);
    }

    private Optional<Setup> read(byte[] json) {
        CanaryRunDocument document = Json.read(json, CanaryRunDocument.class);
        CanaryConfigs.Result read = configs.read(document.config(), List.of());
        CanaryConfig config = read.config();
        if (config == null) {
            return Optional.empty();
        }
        CanarySelection selection = read.selection();
        return Optional.of(new Setup(document, config, selection, CanarySelection.clock(selection, config.bucket())));
    }
}
