package dev.sluice.sources.json;

import dev.sluice.sources.ConnectionMapping;
import dev.sluice.sources.MappingDocument;
import dev.sluice.sources.Reason;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.SourceOptions;
import java.util.Set;

/** What a connection of source {@code json} must and may say: what its documents are, and how they are signed. */
public final class JsonOptions implements SourceOptions {
    @Override
    public Set<String> names() {
        return Set.of(
                JsonMapping.DOCUMENT,
                JsonMapping.ITEMS,
                JsonMapping.FIELDS,
                JsonMapping.STATES,
                JsonMapping.TIMES,
                JsonWebhook.HEADER,
                JsonWebhook.PREFIX);
    }

    @Override
    public void check(ConnectionMapping mapping) {
        report(mapping, (pointer, message) -> {
            throw new Rejection(Reason.WRONG_VALUE, message, pointer);
        });
    }

    @Override
    public void report(ConnectionMapping mapping, MappingDocument.Problems problems) {
        JsonMapping.read(mapping, problems);
        JsonWebhook.check(mapping, problems);
    }
}
