package dev.sluice.gateapi.rollback;

import dev.sluice.gateapi.deliver.Endpoint;
import dev.sluice.gateapi.http.Members;
import dev.sluice.rollback.RollbackPlan;
import dev.sluice.rollback.RollbackPlan.BurnTerms;
import dev.sluice.rollback.RollbackPlan.IncidentTerms;
import dev.sluice.rollback.RollbackPlan.Mode;
import dev.sluice.wire.Durations;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a plan of rollbacks from the body of a request. */
final class PlanBody {
    private static final int MOST_OF_TEXT = 200;
    private static final int MOST_PER_HOUR = 60;
    private static final int USUAL_PER_HOUR = 2;
    private static final Duration USUAL_EXPIRY = Duration.ofMinutes(10);
    private static final Duration USUAL_VERIFICATION = Duration.ofMinutes(15);
    private static final Duration USUAL_WITHIN = Duration.ofHours(1);
    private static final Duration LONGEST_EXPIRY = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final String ON_INCIDENT = "on_incident";
    private static final String ON_BURN = "on_burn";
    private static final Duration USUAL_WINDOW = Duration.ofMinutes(5);
    /** What the SRE Workbook pages at: a thirtieth of a month's budget within two hours. */
    private static final double USUAL_BURN = 14.4;

    private static final long USUAL_TOTAL = 100;

    private PlanBody() {}

    /**
     * Reads a plan.
     *
     * @param body the body, which is told all that is wrong
     * @param endpoints the endpoint of a name, where there is one
     * @return nothing if something is wrong
     */
    static Optional<RollbackPlan> read(Members body, Function<String, Optional<Endpoint>> endpoints) {
        Mode mode = body.optional("mode", PlanBody::mode, "one of " + modes()).orElse(Mode.ORDER);
        boolean onFailedCanary = body.flag("on_failed_canary").orElse(false);
        @Nullable IncidentTerms onIncident = body.has(ON_INCIDENT) ? incident(body) : null;
        @Nullable BurnTerms onBurn = body.has(ON_BURN) ? burn(body) : null;
        if (!body.has("on_failed_canary") && !body.has(ON_INCIDENT) && !body.has(ON_BURN)) {
            body.wrong("on_failed_canary", "say what gives an order: on_failed_canary, on_incident or on_burn");
        }
        int mostPerHour = body.count("most_per_hour", 1, MOST_PER_HOUR).orElse(USUAL_PER_HOUR);
        Duration expiry = duration(body, "expiry", USUAL_EXPIRY, LONGEST_EXPIRY);
        Duration verification = duration(body, "verification", USUAL_VERIFICATION, LONGEST);
        Optional<String> endpoint = endpoint(body, "endpoint", endpoints);
        if (!body.has("endpoint")) {
            body.wrong("endpoint", "endpoint is missing: it names who is told to roll back");
        }
        Optional<String> escalation = endpoint(body, "escalation", endpoints);
        escalation
                .flatMap(endpoints)
                .filter(found -> !found.takesMessages())
                .ifPresent(other -> body.wrong("escalation", "people are told by an endpoint that takes webhooks"));
        body.rejectUnknown();
        return endpoint.map(name -> new RollbackPlan(
                mode,
                onFailedCanary,
                onIncident,
                onBurn,
                mostPerHour,
                expiry,
                verification,
                name,
                escalation.orElse(null)));
    }

    private static @Nullable IncidentTerms incident(Members body) {
        Optional<Members> incident = body.object(ON_INCIDENT);
        if (incident.isEmpty()) {
            return null;
        }
        var terms = new IncidentTerms(
                incident.get().texts("severities", MOST_OF_TEXT),
                duration(incident.get(), "within", USUAL_WITHIN, LONGEST));
        incident.get().rejectUnknown();
        return terms;
    }

    private static @Nullable BurnTerms burn(Members body) {
        Optional<Members> object = body.object(ON_BURN);
        if (object.isEmpty()) {
            return null;
        }
        Members burn = object.get();
        Optional<String> slo = burn.required("slo", MOST_OF_TEXT);
        Optional<Double> objective = burn.number("objective", value -> value > 0 && value < 1, "above 0 and below 1");
        if (!burn.has("objective")) {
            burn.wrong("objective", "objective is missing: the share of good events that is promised, such as 0.999");
        }
        double least = burn.number("least_burn", value -> value > 0, "above 0").orElse(USUAL_BURN);
        long minimum = burn.whole("minimum_total", 1, Long.MAX_VALUE).orElse(USUAL_TOTAL);
        Duration window = duration(burn, "window", USUAL_WINDOW, LONGEST);
        Duration within = duration(burn, "within", window.plus(USUAL_WITHIN), LONGEST.plus(LONGEST));
        if (within.compareTo(window) <= 0) {
            burn.wrong("within", "within must be longer than window: all events that count lie after the deployment");
        }
        Set<String> sources = burn.texts("sources", MOST_OF_TEXT);
        burn.rejectUnknown();
        return slo.isEmpty() || objective.isEmpty() || within.compareTo(window) <= 0
                ? null
                : new BurnTerms(slo.get(), objective.get(), window, least, minimum, within, sources);
    }

    private static Optional<String> endpoint(
            Members body, String field, Function<String, Optional<Endpoint>> endpoints) {
        Optional<String> name = body.optional(field, MOST_OF_TEXT);
        if (name.isPresent() && name.flatMap(endpoints).isEmpty()) {
            body.wrong(field, "there is no endpoint of this name");
        } else if (!name.flatMap(endpoints).map(Endpoint::takesOrders).orElse(true)) {
            body.wrong(field, "this endpoint is asked by gates, and not told to roll back");
        }
        return name;
    }

    private static Duration duration(Members body, String field, Duration absent, Duration most) {
        Optional<Duration> given = body.optional(
                field,
                text -> Durations.parse(text)
                        .filter(duration -> duration.toSeconds() >= 1 && duration.compareTo(most) <= 0),
                Durations.EXPECTED + ", of 1 s to " + most.toSeconds() + " s");
        return given.map(duration -> Duration.ofSeconds(duration.toSeconds())).orElse(absent);
    }

    private static Optional<Mode> mode(String text) {
        return Arrays.stream(Mode.values())
                .filter(mode -> label(mode).equals(text))
                .findFirst();
    }

    private static String modes() {
        return Arrays.stream(Mode.values()).map(PlanBody::label).collect(Collectors.joining(", "));
    }

    private static String label(Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
