package dev.sluice.gateapi.pages;

import static dev.sluice.gateapi.pages.Parts.text;
import static dev.sluice.gateapi.pages.Parts.time;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.audit.Audit;
import dev.sluice.gateapi.audit.RecentRecords.Kept;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** How far the audit log has come, what stands in it last, and how to verify it. */
final class AuditPage {
    private static final int MOST_SHOWN = 100;

    private final Audit audit;

    AuditPage(Audit audit) {
        this.audit = audit;
    }

    /** Handles {@code GET /audit}. */
    void page(Context ctx) {
        String tenant = Routes.principal(ctx).tenant();
        Frame.answer(ctx, "Audit log", main -> {
            head(main, audit.head(tenant));
            main.element("section", section -> {
                section.element("h2", "Last records");
                List<Kept> newest = audit.recent().newest(tenant);
                Parts.table(
                        section,
                        "Records, the newest first",
                        List.of("Record", "Number", "Partition, offset", "What", "By", "At"),
                        rows -> newest.stream().limit(MOST_SHOWN).forEach(kept -> record(rows, kept)));
            });
            main.element("section", section -> {
                section.element("h2", "Verify it");
                section.element(
                        "p",
                        line -> line.text("Keep heads elsewhere, and verify exported files offline: ")
                                .element("code", "deploy/sluice verify-audit audit-0.jsonl")
                                .text(" tells the number of the first record that is not what it was."));
            });
        });
    }

    private void head(Html main, Optional<JsonNode> head) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Followed", String.format(Locale.ROOT, "%.1f s ago", audit.ageSeconds()));
        if (head.isEmpty()) {
            facts.put("Head", "none yet: one is made each minute");
        } else {
            facts.put("Number of the head", text(head.get(), "seq"));
            facts.put("Hash", text(head.get(), "hash"));
            facts.put("Made", time(head.get(), "at"));
            facts.put("Signed", head.get().path("jws").isNull() ? "no: no signing key is configured" : "yes");
        }
        Parts.facts(main, "How far it is", facts);
    }

    private static void record(Html rows, Kept kept) {
        JsonNode record = kept.json();
        String kind = record.path("kind").asText("decision");
        Consumer<Html> name = kind.equals("decision")
                ? head -> Parts.link(head, Parts.decision(text(record, "id")), "decision")
                : head -> head.text(kind);
        Parts.row(
                rows,
                name,
                kept.seq() == null ? "\u2013" : Long.toString(kept.seq()),
                kept.partition() + ", " + kept.offset(),
                what(kind, record),
                text(record, "principal"),
                kind.equals("decision") ? time(record, "decided_at") : time(record, "at"));
    }

    private static String what(String kind, JsonNode record) {
        return switch (kind) {
            case "decision" ->
                text(record, "decision") + ": " + text(record, "service") + " in " + text(record, "environment")
                        + " by gate " + text(record, "gate");
            case "change" ->
                text(record, "what") + " " + text(record, "id")
                        + (record.path("deleted").asBoolean() ? " ended" : " set up");
            case "claim" -> text(record, "what") + " " + text(record, "id");
            default -> "";
        };
    }
}
