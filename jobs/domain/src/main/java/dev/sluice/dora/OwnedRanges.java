package dev.sluice.dora;

import dev.sluice.delivery.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the deployments of a series were the first to bring, and the range of each deployment.
 *
 * @param <T> what is owned
 */
abstract class OwnedRanges<T> {
    private final Table<String, Owned<T>> owned;
    private final Table<String, OwnedRange> ranges;

    OwnedRanges(Table<String, Owned<T>> owned, Table<String, OwnedRange> ranges) {
        this.owned = owned;
        this.ranges = ranges;
    }

    /** Returns the deployment that an ownership names; null where it names none. */
    abstract @Nullable String ownerOf(T ownership);

    @Nullable
    T get(String key) {
        Owned<T> element = owned.get(key);
        return element == null ? null : element.ownership();
    }

    /** Sets the owner of what has a key, or changes what is known of it. */
    void put(String key, T ownership) {
        Owned<T> before = owned.get(key);
        String owner = Objects.requireNonNull(ownerOf(ownership), "owner");
        if (before != null && owner.equals(ownerOf(before.ownership()))) {
            owned.put(key, new Owned<>(ownership, before.previous(), before.next()));
            return;
        }
        if (before != null) {
            remove(key);
        }
        OwnedRange range = ranges.get(owner);
        String first = range == null ? null : range.first();
        owned.put(key, new Owned<>(ownership, null, first));
        if (first != null) {
            Owned<T> second = element(first);
            owned.put(first, new Owned<>(second.ownership(), key, second.next()));
        }
        ranges.put(owner, new OwnedRange(key, range == null ? 1 : range.size() + 1));
    }

    /** Takes what has a key out of its range and forgets it. */
    void remove(String key) {
        Owned<T> element = owned.get(key);
        if (element == null) {
            return;
        }
        owned.remove(key);
        String owner = Objects.requireNonNull(ownerOf(element.ownership()), "owner");
        String previous = element.previous();
        String next = element.next();
        if (previous != null) {
            Owned<T> before = element(previous);
            owned.put(previous, new Owned<>(before.ownership(), before.previous(), next));
        }
        if (next != null) {
            Owned<T> after = element(next);
            owned.put(next, new Owned<>(after.ownership(), previous, after.next()));
        }
        OwnedRange range = Objects.requireNonNull(ranges.get(owner), "range");
        String first = previous == null ? next : range.first();
        if (first == null) {
            ranges.remove(owner);
        } else {
            ranges.put(owner, new OwnedRange(first, range.size() - 1));
        }
    }

    /** Returns what is in a deployment's range, in no particular order. */
    List<T> of(String deploymentId) {
        OwnedRange range = ranges.get(deploymentId);
        if (range == null) {
            return List.of();
        }
        var found = new ArrayList<T>(range.size());
        for (String key = range.first(); key != null; ) {
            Owned<T> element = element(key);
            found.add(element.ownership());
            key = element.next();
        }
        return found;
    }

    private Owned<T> element(String key) {
        return Objects.requireNonNull(owned.get(key), () -> "nothing is owned by the key " + key);
    }
}
