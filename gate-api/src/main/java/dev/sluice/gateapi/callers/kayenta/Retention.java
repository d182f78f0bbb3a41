package dev.sluice.gateapi.callers.kayenta;

import dev.sluice.gateapi.control.ControlLog.Thing;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which judgements are kept: all replicas have them in memory. */
final class Retention {
    /** The member of kept values that has them, as a text. */
    static final String PAIRS = "pairs";

    private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);
    private static final Duration KEPT = Duration.ofDays(7);
    private static final int SWEPT_AT_ONCE = 500;

    private final Views views;
    private final Limits limits;
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    Retention(Views views, Limits limits) {
        this.views = views;
        this.limits = limits;
    }

    /**
     * How much is kept at most.
     *
     * @param ofTenant judgements of a tenant
     * @param ofAll judgements of all tenants
     * @param characters length of what they are judged by, their requests and results, of all tenants
     * @param valueCharacters length of the values of all of them
     */
    record Limits(int ofTenant, int ofAll, long characters, long valueCharacters) {
        static final Limits DEFAULT = new Limits(500, 2_000, 64L << 20, 64L << 20);

        /** Returns how many of a tenant are left when old ones are forgotten, so that there is room for a while. */
        private int leftOfTenant() {
            return ofTenant / 5 * 4;
        }

        private int leftOfAll() {
            return ofAll / 5 * 4;
        }

        private long leftCharacters() {
            return characters / 5 * 4;
        }
    }

    /**
     * A judgement that is kept.
     *
     * @param control its record
     * @param outline what it is chosen by
     */
    record Kept(Control control, Outline outline) {
        private Optional<Instant> end() {
            return Optional.ofNullable(outline.endedAt());
        }
    }

    /** Returns those that can be read, in no order. */
    Stream<Kept> kept(Instant now, Predicate<Control> wanted) {
        return controls()
                .filter(wanted)
                .flatMap(control -> readable(control, () -> new Kept(control, Outline.of(control, now))).stream());
    }

    private Stream<Control> controls() {
        return views.controls(Control.KAYENTA_EXECUTION).map(Held::row);
    }

    /** Returns all of a judgement; nothing if it cannot be read. */
    Optional<Execution> execution(Control control) {
        return readable(control, () -> Execution.of(control));
    }

    private <T> Optional<T> readable(Control control, Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (IllegalStateException e) {
            if (unreadable.add(control.key())) {
                LOGGER.atWarn()
                        .setCause(e)
                        .addKeyValue("execution", control.id())
                        .log("a judgement cannot be read");
            }
            return Optional.empty();
        }
    }

    /** Returns whether another judgement of a tenant would be too many. */
    boolean isFull(String tenant) {
        List<Control> all = controls().toList();
        return all.size() >= limits.ofAll()
                || all.stream()
                                .filter(control -> control.tenant().equals(tenant))
                                .count()
                        >= limits.ofTenant()
                || all.stream().mapToLong(Retention::characters).sum() >= limits.characters();
    }

    private static long characters(Control control) {
        return Stream.of("config", "request", "result")
                .mapToLong(part -> control.document().path(part).asText().length())
                .sum();
    }

    /** Returns whether values of this length may be kept, too. */
    boolean hasRoom(int characters) {
        long kept = views.controls(Control.KAYENTA_VALUES)
                .mapToLong(held -> held.row().document().path(PAIRS).asText().length())
                .sum();
        return kept + characters <= limits.valueCharacters();
    }

    /** Returns what is to be forgotten, the oldest first: what ended more than a week ago, and what is too much of the rest. */
    List<Thing> forgettable(Instant now) {
        List<Kept> all = kept(now, control -> true).toList();
        Map<String, Integer> ofTenant = new HashMap<>();
        all.forEach(one -> ofTenant.merge(one.control().tenant(), 1, Integer::sum));
        long characters =
                all.stream().mapToLong(one -> characters(one.control())).sum();
        var forgettable = new ArrayList<Thing>();
        for (Kept one : ended(all)) {
            Control control = one.control();
            boolean isOld = one.end().orElseThrow().plus(KEPT).isBefore(now);
            boolean isTooMuch = ofTenant.getOrDefault(control.tenant(), 0) > limits.leftOfTenant()
                    || all.size() - forgettable.size() > limits.leftOfAll()
                    || characters > limits.leftCharacters();
            if (isOld || isTooMuch) {
                forgettable.add(new Thing(control.tenant(), control.kind(), control.id()));
                ofTenant.merge(control.tenant(), -1, Integer::sum);
                characters -= characters(control);
            }
        }
        return forgettable.subList(0, Math.min(forgettable.size(), SWEPT_AT_ONCE));
    }

    private static List<Kept> ended(List<Kept> all) {
        return all.stream()
                .filter(one -> one.end().isPresent())
                .sorted(Comparator.comparing(one -> one.end().orElseThrow()))
                .toList();
    }
}
