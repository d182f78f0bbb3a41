package dev.sluice.gateapi.pages;

import static dev.sluice.gateapi.pages.Parts.text;
import static dev.sluice.gateapi.pages.Parts.time;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.access.Visitor;
import dev.sluice.gateapi.html.Attributes;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.http.Form;
import dev.sluice.gateapi.http.Members;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.rollback.RollbackApi;
import dev.sluice.gateapi.rollback.RollbackSetupApi;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The orders to roll back and how they stand, and the forms by which one is refused and all are stopped. */
final class RollbacksPage {
    private static final String PATH = "/rollbacks";

    private final RollbackApi rollbacks;
    private final RollbackSetupApi setup;

    RollbacksPage(RollbackApi rollbacks, RollbackSetupApi setup) {
        this.rollbacks = rollbacks;
        this.setup = setup;
    }

    /** Handles {@code GET /rollbacks}. */
    void page(Context ctx) {
        Visitor visitor = Routes.visitor(ctx);
        Principal principal = visitor.principal();
        boolean triggers = principal.verbs().contains(Verb.TRIGGER_ROLLBACK);
        JsonNode stop = setup.stopped(principal.tenant());
        JsonNode orders = rollbacks.orders(principal);
        Frame.answer(ctx, "Rollbacks", main -> {
            stop(main, visitor, stop, triggers);
            if (orders.isEmpty()) {
                main.element("p", "No rollback was ordered.");
            }
            int number = 0;
            for (JsonNode order : orders) {
                number++;
                order(main, visitor, order, triggers, Integer.toString(number));
            }
        });
    }

    private static void stop(Html main, Visitor visitor, JsonNode stop, boolean triggers) {
        main.element("section", section -> {
            section.element("h2", "Whether they are sent");
            boolean stopped = stop.path("stopped").asBoolean();
            section.element(
                    "p",
                    stopped
                            ? "All are stopped since " + time(stop, "since") + ", by " + text(stop, "by") + ": "
                                    + text(stop, "reason")
                            : "They are sent.");
            if (triggers && stopped) {
                Frame.form(section, visitor, PATH + "/go-on", form -> Frame.submit(form, "Let them go on"));
            } else if (triggers) {
                Frame.form(section, visitor, PATH + "/stop", form -> {
                    Parts.field(form, "reason", "reason", "Why", "", true);
                    Frame.submit(form, "Stop all");
                });
            }
        });
    }

    private static void order(Html main, Visitor visitor, JsonNode order, boolean triggers, String number) {
        String title = text(order, "service") + " in " + text(order, "environment");
        main.element("article", Attributes.of("aria-label", title), article -> {
            article.element("h2", title);
            article.element(
                    "p",
                    "class",
                    "value",
                    line -> line.element("span", text(order, "state"))
                            .element("small", order.path("escalated").asBoolean() ? " people must look" : ""));
            article.element("p", text(order, "reason"));
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("Order", text(order, "id"));
            facts.put("Action", text(order, "action"));
            facts.put("Trigger", text(order, "trigger") + " " + text(order, "trigger_id"));
            facts.put("Asked by", text(order, "requested_by"));
            facts.put("Drill", order.path("drill").asBoolean() ? "yes" : "no");
            facts.put("From", deployment(order.path("expected"), text(order, "from_version")));
            facts.put("To", deployment(order.path("target"), "\u2013"));
            facts.put("Ordered", time(order, "ordered_at"));
            facts.put("Expires", time(order, "expires_at"));
            facts.put("Verified by", time(order, "verify_by"));
            facts.put("Times sent", text(order, "attempts"));
            Parts.facts(article, "The order of " + title, facts);
            if (!order.path("steps").isEmpty()) {
                article.element(
                        "ol",
                        list -> order.path("steps")
                                .forEach(step -> list.element(
                                        "li",
                                        text(step, "state") + ", " + time(step, "at") + ": " + text(step, "words"))));
            }
            if (triggers && !order.path("over").asBoolean()) {
                Frame.form(article, visitor, PATH + "/" + text(order, "id") + "/acknowledgement", form -> {
                    Parts.field(form, "comment-" + number, "comment", "Comment", "", false);
                    say(form, "false", "Refuse");
                    say(form, "true", "Accept");
                });
            }
        });
    }

    private static String deployment(JsonNode known, String otherwise) {
        return Stream.of("version", "digest", "sha", "id")
                .map(field -> text(known, field))
                .filter(name -> !name.equals("\u2013"))
                .findFirst()
                .orElse(otherwise);
    }

    private static void say(Html form, String accepted, String text) {
        form.element(
                "button",
                Attributes.of("type", "submit").and("name", "accepted").and("value", accepted),
                button -> button.text(text));
    }

    /** Handles {@code POST /rollbacks/{id}/acknowledgement}. */
    void acknowledge(Context ctx) {
        Form form = Routes.form(ctx);
        ObjectNode body = form.json("comment");
        form.text("accepted")
                .filter(List.of("true", "false")::contains)
                .ifPresent(accepted -> body.put("accepted", accepted.equals("true")));
        Frame.goThen(ctx, PATH, rollbacks.acknowledge(Routes.principal(ctx), ctx.pathParam("id"), Members.of(body)));
    }

    /** Handles {@code POST /rollbacks/stop}. */
    void stop(Context ctx) {
        Frame.goThen(
                ctx,
                PATH,
                setup.stop(Routes.principal(ctx), Members.of(Routes.form(ctx).json("reason"))));
    }

    /** Handles {@code POST /rollbacks/go-on}. */
    void goOn(Context ctx) {
        Frame.goThen(ctx, PATH, setup.goOn(Routes.principal(ctx)));
    }
}
