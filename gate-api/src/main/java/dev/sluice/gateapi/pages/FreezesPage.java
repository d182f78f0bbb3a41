package dev.sluice.gateapi.pages;

import static dev.sluice.gateapi.pages.Parts.text;
import static dev.sluice.gateapi.pages.Parts.time;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.access.Visitor;
import dev.sluice.gateapi.governance.GovernanceApi;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Form;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Routes;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which freezes hold now and which come next, and the forms by which they are set up and ended. */
final class FreezesPage {
    private static final String PATH = "/freezes";

    private final GovernanceApi governance;

    FreezesPage(GovernanceApi governance) {
        this.governance = governance;
    }

    /** Handles {@code GET /freezes}. */
    void page(Context ctx) {
        Visitor visitor = Routes.visitor(ctx);
        JsonNode freezes = governance.plannedFreezes(visitor.principal().tenant());
        boolean manages = visitor.principal().verbs().contains(Verb.MANAGE_FREEZE);
        Frame.answer(ctx, "Freezes", main -> {
            if (freezes.isEmpty()) {
                main.element("p", "No freeze is set up.");
            }
            freezes.forEach(planned -> one(main, visitor, planned, manages));
            if (manages) {
                create(main, visitor);
            }
        });
    }

    private static void one(Html main, Visitor visitor, JsonNode planned, boolean manages) {
        JsonNode shown = planned.path("shown");
        JsonNode freeze = shown.path("freeze");
        String name = text(shown, "name");
        main.element("article", Attributes.of("aria-label", name), article -> {
            article.element("h2", name);
            article.element(
                    "p",
                    "class",
                    "value",
                    line -> line.element(
                            "span",
                            shown.path("in_force").asBoolean()
                                    ? "In force until " + time(shown, "ends_at")
                                    : "Not in force now"));
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("Why", text(freeze, "reason"));
            facts.put("Services", Parts.texts(freeze.path("services"), "all"));
            facts.put("Excepted", Parts.texts(freeze.path("excepted"), "none"));
            facts.put("Environments", Parts.texts(freeze.path("environments"), "all"));
            if (!freeze.path("rrule").isNull()) {
                facts.put(
                        "Recurs",
                        text(freeze, "rrule") + ", the first from " + text(freeze, "start") + " to "
                                + text(freeze, "end") + " in " + text(freeze, "zone"));
            }
            facts.put("Next", next(planned.path("next")));
            Parts.facts(article, "The freeze " + name, facts);
            if (manages) {
                Frame.form(article, visitor, PATH + "/" + name + "/end", form -> Frame.submit(form, "End " + name));
            }
        });
    }

    private static String next(JsonNode next) {
        var times = new ArrayList<String>();
        next.forEach(once -> times.add(time(once, "from") + " to " + time(once, "to")));
        return times.isEmpty() ? "none" : String.join("; ", times);
    }

    private static void create(Html main, Visitor visitor) {
        main.element("section", section -> {
            section.element("h2", "Set one up");
            section.element(
                    "p",
                    "Either once, from and to, or again and again, with a rule (RFC 5545), the first start and end by the clock on the wall, and a time zone. One of the same name is replaced.");
            Frame.form(section, visitor, PATH, form -> {
                Parts.field(form, "name", "name", "Name", "", true);
                Parts.field(form, "reason", "reason", "Why", "", true);
                Parts.field(form, "services", "services", "Services, with commas; none for all", "", false);
                Parts.field(form, "environments", "environments", "Environments, with commas", "", false);
                Parts.field(form, "excepted", "excepted", "Excepted services, with commas", "", false);
                Parts.field(form, "from", "from", "From, e.g. 2026-12-20T00:00:00Z", "", false);
                Parts.field(form, "to", "to", "To", "", false);
                Parts.field(form, "rrule", "rrule", "Rule, e.g. FREQ=WEEKLY;BYDAY=FR", "", false);
                Parts.field(form, "start", "start", "First start, e.g. 2026-01-02T17:00", "", false);
                Parts.field(form, "end", "end", "First end", "", false);
                Parts.field(form, "zone", "zone", "Time zone, e.g. Europe/Berlin", "", false);
                Parts.field(form, "until", "until", "None begins after", "", false);
                Frame.submit(form, "Set up");
            });
        });
    }

    /** Handles {@code POST /freezes}. */
    void create(Context ctx) {
        Form form = Routes.form(ctx);
        String name = form.text("name").orElseThrow(() -> new ApiException(ErrorType.BAD_REQUEST, "name is missing"));
        ObjectNode body = form.json("reason", "from", "to", "rrule", "start", "end", "zone", "until");
        for (String list : new String[] {"services", "environments", "excepted"}) {
            form.text(list).ifPresent(texts -> {
                ArrayNode all = body.putArray(list);
                for (String text : texts.split(",", -1)) {
                    if (!text.isBlank()) {
                        all.add(text.strip());
                    }
                }
            });
        }
        Frame.goThen(ctx, PATH, governance.freeze(Routes.principal(ctx), name, Members.of(body)));
    }

    /** Handles {@code POST /freezes/{name}/end}. */
    void end(Context ctx) {
        Frame.goThen(ctx, PATH, governance.thaw(Routes.principal(ctx), ctx.pathParam("name")));
    }
}
