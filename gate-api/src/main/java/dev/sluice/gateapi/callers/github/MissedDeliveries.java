package dev.sluice.gateapi.callers.github;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.callers.asked.Lookout;
import dev.sluice.gateapi.callers.asked.Means;
import dev.sluice.gateapi.callers.asked.Setups;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.wire.Keys;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that asks GitHub to send again what has not arrived: GitHub itself does not. Every {@link #EVERY} it looks at the newest
 * {@value #SEEN} deliveries of each app. One that asks a rule is sent again if none of its attempts was taken, and the last one met no answer, or
 * an answer that says that it was a matter of the moment, within three days; at most {@value #MOST_ATTEMPTS} times in all.
 */
final class MissedDeliveries extends Lookout<GithubApp> {
    /** From one look to the next. */
    static final Duration EVERY = Duration.ofMinutes(2);

    private static final Logger LOGGER = LoggerFactory.getLogger(MissedDeliveries.class);
    /** GitHub keeps deliveries for so long. */
    private static final Duration SENT_AGAIN_WITHIN = Duration.ofDays(3);

    private static final String COUNTER = "sluice.github.redeliveries";
    private static final int SEEN = 50;
    private static final int MOST_ATTEMPTS = 4;
    private static final int MOST_AT_ONCE = 10;
    private static final int OK = 200;
    private static final int AFTER_OK = 300;
    private static final int CALLER_ERROR = 400;
    private static final int SERVER_ERROR = 500;
    private static final List<Integer> OF_THE_MOMENT = List.of(408, 429);

    private final GithubClient client;
    private final Clock clock;
    private final MeterRegistry registry;
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();

    MissedDeliveries(Means means, Setups<GithubApp> apps, GithubClient client) {
        super("github-deliveries", means, apps, EVERY, COUNTER);
        this.client = client;
        this.clock = means.clock();
        this.registry = means.registry();
    }

    @Override
    protected Stream<String> places(GithubApp app) {
        return Stream.of("deliveries");
    }

    @Override
    protected Optional<CompletableFuture<OutboundAnswer>> ask(Setups.Setup<GithubApp> app, String place) {
        return client.asApp(app.tenant(), app.document(), "GET", "/app/hook/deliveries?per_page=" + SEEN, null);
    }

    @Override
    protected void seen(Setups.Setup<GithubApp> app, String place, JsonNode deliveries) {
        Instant now = clock.instant();
        asked.values().removeIf(at -> !now.isBefore(at.plus(EVERY.multipliedBy(2))));
        missed(deliveries, now).stream()
                .filter(one -> asked.putIfAbsent(Keys.of(app.tenant(), app.name(), guid(one)), now) == null)
                .limit(MOST_AT_ONCE)
                .forEach(one -> sendAgain(app, one));
    }

    /** Returns the last attempts of deliveries that are to be sent again. */
    static List<JsonNode> missed(JsonNode deliveries, Instant now) {
        Map<String, List<JsonNode>> attempts = new LinkedHashMap<>();
        StreamSupport.stream(deliveries.spliterator(), false)
                .filter(one -> one.path("event").asText().equals(ProtectionRule.EVENT)
                        && one.path("action").asText().equals(ProtectionRule.REQUESTED)
                        && one.path("id").canConvertToLong()
                        && !guid(one).isEmpty())
                .forEach(one -> attempts.computeIfAbsent(guid(one), guid -> new ArrayList<>())
                        .add(one));
        Predicate<List<JsonNode>> isMissed = of -> of.size() < MOST_ATTEMPTS
                && of.stream().noneMatch(MissedDeliveries::isTaken)
                && isOfTheMoment(of.get(0).path("status_code").asInt())
                && canBeSentAgain(of.get(0), now);
        return attempts.values().stream().filter(isMissed).map(of -> of.get(0)).toList();
    }

    private static String guid(JsonNode delivery) {
        return delivery.path("guid").asText();
    }

    private static boolean isTaken(JsonNode delivery) {
        int status = delivery.path("status_code").asInt();
        return status >= OK && status < AFTER_OK;
    }

    private static boolean canBeSentAgain(JsonNode delivery, Instant now) {
        try {
            return Instant.parse(delivery.path("delivered_at").asText()).isAfter(now.minus(SENT_AGAIN_WITHIN));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isOfTheMoment(int status) {
        return status < CALLER_ERROR || status >= SERVER_ERROR || OF_THE_MOMENT.contains(status);
    }

    private void sendAgain(Setups.Setup<GithubApp> app, JsonNode delivery) {
        String path = "/app/hook/deliveries/" + delivery.path("id").asLong() + "/attempts";
        client.asApp(app.tenant(), app.document(), "POST", path, null).ifPresent(call -> {
            var unused = call.whenComplete((answer, failure) -> {
                boolean isAsked = answer != null && answer.isSuccess();
                count(isAsked ? "asked" : "failed");
                LOGGER.atInfo()
                        .addKeyValue("app", app.name())
                        .addKeyValue("delivery", guid(delivery))
                        .addKeyValue("asked", isAsked)
                        .log("delivery is to be sent again");
            });
        });
    }

    private void count(String outcome) {
        registry.counter(COUNTER, "outcome", outcome).increment();
    }
}
