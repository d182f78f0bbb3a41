package dev.sluice.gateapi.callers.asked;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.deliver.OwnedWork;
import dev.sluice.gateapi.deliver.Ownership;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that asks servers, every so often, for what they do not tell by themselves. Of several replicas the one looks to which a consumer
 * group gives the partition of what is set up.
 *
 * @param <T> what is set up
 */
public abstract class Lookout<T> extends OwnedWork {
    private static final Logger LOGGER = LoggerFactory.getLogger(Lookout.class);
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int OK = 200;

    private final String name;
    private final Means means;
    private final Setups<T> setups;
    private final Duration every;
    private final Counter unknown;
    private final Map<String, Instant> due = new HashMap<>();

    /**
     * Creates it; {@link #start} starts it.
     *
     * @param name of the work
     * @param means what it works with
     * @param setups whose servers are asked
     * @param every from one look to the next
     * @param counter counts looks, by their outcome, that have shown nothing
     */
    protected Lookout(String name, Means means, Setups<T> setups, Duration every, String counter) {
        super(name, means.bootstrap(), Topic.CONTROL, TICK);
        this.name = name;
        this.means = means;
        this.setups = setups;
        this.every = every;
        this.unknown = means.registry().counter(counter, "outcome", "unknown");
    }

    /** Returns the places to look at of something that is set up: none if it is not looked after. */
    protected abstract Stream<String> places(T document);

    /** Asks for what is to be seen at a place; nothing if no secret can be had for it. */
    protected abstract Optional<CompletableFuture<OutboundAnswer>> ask(Setups.Setup<T> setup, String place);

    /** Deals with what was seen. */
    protected abstract void seen(Setups.Setup<T> setup, String place, JsonNode found);

    @Override
    protected boolean isNeeded() {
        return means.views().hasRead(Topic.CONTROL)
                && setups.all()
                        .flatMap(setup -> places(setup.document()))
                        .findAny()
                        .isPresent();
    }

    @Override
    protected void look(Ownership ownership) {
        Instant now = means.clock().instant();
        setups.all()
                .filter(setup -> ownership.has(setup.partition()))
                .forEach(setup -> places(setup.document()).forEach(place -> {
                    String key = Keys.of(setup.tenant(), setup.name(), place);
                    if (!now.isBefore(due.getOrDefault(key, Instant.MIN))) {
                        due.put(key, now.plus(every));
                        look(setup, place);
                    }
                }));
    }

    /** Looks at a place now; also by what was seen at another one. */
    protected final void look(Setups.Setup<T> setup, String place) {
        var call = ask(setup, place);
        if (call.isEmpty()) {
            unknown(setup, place, "its secret cannot be read");
            return;
        }
        var unused = call.get().whenComplete((answer, failure) -> {
            if (answer == null || answer.status() != OK) {
                unknown(setup, place, answer == null ? "no answer" : "answered with " + answer.status());
            } else {
                seen(setup, place, Calls.json(answer));
            }
        });
    }

    private void unknown(Setups.Setup<T> setup, String place, String reason) {
        unknown.increment();
        LOGGER.atWarn()
                .addKeyValue("work", name)
                .addKeyValue("setup", setup.name())
                .addKeyValue("place", place)
                .addKeyValue("reason", reason)
                .log("not known what is to be seen there");
    }
}
