package dev.sluice.gateapi.pages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.audit.RecentRecords;
import dev.sluice.gateapi.audit.RecentRecords.Kept;
import dev.sluice.gateapi.decide.DecisionApi;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/** The decisions that this replica has read last in the log, whichever replica has made them. */
final class RecentDecisions {
    private final RecentRecords records;
    private final DecisionApi decisions;

    RecentDecisions(RecentRecords records, DecisionApi decisions) {
        this.records = records;
        this.decisions = decisions;
    }

    /** Returns those of a tenant, the newest first; of one that was pending what has become of it, as the log has it first. */
    List<JsonNode> newest(String tenant) {
        var ids = new HashSet<String>();
        return read(records.newest(tenant).stream().filter(Kept::counts))
                .filter(decision -> ids.add(decision.path("id").asText()))
                .toList();
    }

    /** Returns those of a tenant that are pending. */
    List<JsonNode> pending(String tenant) {
        return read(records.pending(tenant).stream()).toList();
    }

    private Stream<JsonNode> read(Stream<Kept> kept) {
        return kept.flatMap(one -> decisions.decision(one.record()).stream());
    }
}
