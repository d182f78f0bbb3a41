package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.CanaryConfigs;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Control;
import dev.sluice.wire.KnownDocuments;
import dev.sluice.wire.SampleBatch.Learner;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The configs of tenants that learn between runs. */
final class LearningConfigs {
    private final NamedConfigs named;
    private final KnownDocuments<JsonNode, Read> known;

    private record Read(CanarySelection selection, String learned) {}

    LearningConfigs(NamedConfigs named, CanaryConfigs configs) {
        this.named = named;
        this.known = new KnownDocuments<>(document -> Optional.ofNullable(
                        configs.read(document, List.of()).selection())
                .map(selection -> new Read(selection, CanaryConfigs.learned(document))));
    }

    /**
     * A config that learns.
     *
     * @param learner its name, and what it learns
     * @param saved when it was saved
     * @param selection which series it takes
     */
    record Learning(Learner learner, Instant saved, CanarySelection selection) {}

    /** Returns those of a tenant, by name. */
    List<Learning> of(String tenant) {
        return named.learning(tenant)
                .sorted(Comparator.comparing(Control::id))
                .flatMap(config -> read(config).map(read -> learning(config, read)).stream())
                .toList();
    }

    private synchronized Optional<Read> read(Control config) {
        return known.of(config.key(), config.document());
    }

    private static Learning learning(Control config, Read read) {
        return new Learning(new Learner(config.tenant(), config.id(), read.learned()), config.at(), read.selection());
    }
}
