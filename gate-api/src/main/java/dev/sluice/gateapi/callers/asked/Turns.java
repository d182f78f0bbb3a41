package dev.sluice.gateapi.callers.asked;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Begins what is wanted as far as there is room: so much of each tenant, and so much in all. The tenant goes first that has the least under
 * way, and of one tenant what has waited longest. One thread wants and begins; what is begun may end on any.
 */
final class Turns {
    private final int mostOfOne;
    private final int mostInAll;
    private final List<Wanted> wanted = new ArrayList<>();
    private final Map<String, Integer> underWay = new HashMap<>();
    private int inAll;

    /**
     * Creates them.
     *
     * @param mostOfOne how much of one tenant may be under way
     * @param mostInAll how much of all of them
     */
    Turns(int mostOfOne, int mostInAll) {
        this.mostOfOne = mostOfOne;
        this.mostInAll = mostInAll;
    }

    private record Wanted(String tenant, Instant since, Supplier<CompletableFuture<?>> step) {}

    /**
     * Something is to be begun by the next {@link #begin}.
     *
     * @param tenant whose it is
     * @param since since when it waits
     * @param step begins it; it is under way until what this returns is done
     */
    void wants(String tenant, Instant since, Supplier<CompletableFuture<?>> step) {
        wanted.add(new Wanted(tenant, since, step));
    }

    /** Begins what there is room for. The rest is forgotten: it may not be wanted any more, or by then something else. */
    void begin() {
        Map<String, Deque<Wanted>> waiting = new HashMap<>();
        wanted.stream()
                .sorted(Comparator.comparing(Wanted::since))
                .forEach(one -> waiting.computeIfAbsent(one.tenant(), none -> new ArrayDeque<>())
                        .add(one));
        wanted.clear();
        for (Optional<Wanted> next = next(waiting); next.isPresent(); next = next(waiting)) {
            Wanted begun = next.get();
            var unused = begun.step().get().whenComplete((done, failure) -> ended(begun.tenant()));
        }
    }

    private synchronized Optional<Wanted> next(Map<String, Deque<Wanted>> waiting) {
        if (inAll >= mostInAll) {
            return Optional.empty();
        }
        Optional<Wanted> next = waiting.values().stream()
                .map(Deque::getFirst)
                .filter(one -> underWay(one) < mostOfOne)
                .min(Comparator.comparingInt(this::underWay).thenComparing(Wanted::since));
        next.ifPresent(one -> {
            waiting.computeIfPresent(one.tenant(), (tenant, all) -> {
                all.removeFirst();
                return all.isEmpty() ? null : all;
            });
            underWay.merge(one.tenant(), 1, Integer::sum);
            inAll++;
        });
        return next;
    }

    private int underWay(Wanted one) {
        return underWay.getOrDefault(one.tenant(), 0);
    }

    private synchronized void ended(String tenant) {
        underWay.computeIfPresent(tenant, (of, count) -> count == 1 ? null : count - 1);
        inAll--;
    }
}
