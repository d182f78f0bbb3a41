package dev.sluice.gateapi.views;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest row of each key of a compacted topic. One thread writes, any read. A row of an older generation than the
 * key has seen is dropped, also after the key's row was deleted.
 */
final class Table<T> {
    private final Map<String, Held<T>> rows = new ConcurrentHashMap<>();
    /** Generation in which a row was deleted; an entry lives until Kafka forgets the deletion. */
    private final Map<String, Long> deleted = new ConcurrentHashMap<>();
    /** Where its deletion stands; an entry lives as long. */
    private final Map<String, Long> deletedAt = new ConcurrentHashMap<>();
    /** Counts changes, each when it can be seen. */
    private final AtomicLong changes = new AtomicLong();

    /** The rows by another name that some have. */
    private final Map<String, Held<T>> named = new ConcurrentHashMap<>();

    /** The rows of each group, by their keys; a group without rows is none. */
    private final Map<String, Map<String, Held<T>>> grouped = new ConcurrentHashMap<>();

    private final Function<T, Optional<String>> name;
    private final Function<T, List<String>> groups;

    Table() {
        this(row -> Optional.empty(), row -> List.of());
    }

    /**
     * Creates an empty table.
     *
     * @param name the other name of a row, by which {@link #named} finds it; no two rows that hold have the same
     * @param groups the groups that a row is of, by which {@link #of} finds it
     */
    Table(Function<T, Optional<String>> name, Function<T, List<String>> groups) {
        this.name = name;
        this.groups = groups;
    }

    void put(Held<T> row) {
        if (isOutdated(row.key(), row.offset(), row.generation())) {
            return;
        }
        deleted.remove(row.key());
        deletedAt.remove(row.key());
        Held<T> before = rows.put(row.key(), row);
        unname(before);
        name.apply(row.row()).ifPresent(other -> named.put(other, row));
        List<String> now = groups.apply(row.row());
        now.forEach(group -> grouped.computeIfAbsent(group, first -> new ConcurrentHashMap<>(1))
                .put(row.key(), row));
        ungroup(before, now);
        changes.incrementAndGet();
    }

    void delete(String key, long offset, long generation) {
        if (!isOutdated(key, offset, generation)) {
            remove(key);
            deleted.put(key, generation);
            deletedAt.put(key, offset);
            changes.incrementAndGet();
        }
    }

    /** Forgets the key: Kafka's own deletion, which comes after the row that says so; unless a row came after it. */
    void forget(String key, long offset) {
        Held<T> present = rows.get(key);
        if (present == null || present.offset() < offset) {
            remove(key);
            deleted.remove(key);
            deletedAt.remove(key);
            changes.incrementAndGet();
        }
    }

    void clear(int partition) {
        rows.values().stream().filter(row -> row.partition() == partition).forEach(row -> remove(row.key()));
        changes.incrementAndGet();
    }

    long changes() {
        return changes.get();
    }

    private void remove(String key) {
        Held<T> row = rows.remove(key);
        unname(row);
        ungroup(row, List.of());
    }

    private void ungroup(@Nullable Held<T> row, List<String> but) {
        if (row != null) {
            groups.apply(row.row()).stream()
                    .filter(group -> !but.contains(group))
                    .forEach(group -> grouped.computeIfPresent(group, (same, members) -> {
                        members.remove(row.key());
                        return members.isEmpty() ? null : members;
                    }));
        }
    }

    private void unname(@Nullable Held<T> row) {
        if (row != null) {
            name.apply(row.row()).ifPresent(other -> named.remove(other, row));
        }
    }

    /** Returns the row that has another name; nothing if none has. */
    Optional<Held<T>> named(String other) {
        return Optional.ofNullable(named.get(other));
    }

    /** Returns the rows of a group, in no order. */
    Collection<Held<T>> of(String group) {
        Map<String, Held<T>> members = grouped.get(group);
        return members == null ? List.of() : members.values();
    }

    /** Returns where the newest row of a key stands, or its deletion; -1 where there is neither. */
    long offset(String key) {
        Held<T> row = rows.get(key);
        return row == null ? deletedAt.getOrDefault(key, -1L) : row.offset();
    }

    Optional<Held<T>> get(String key) {
        return Optional.ofNullable(rows.get(key));
    }

    Collection<Held<T>> all() {
        return rows.values();
    }

    private boolean isOutdated(String key, long offset, long generation) {
        Held<T> present = rows.get(key);
        if (present != null) {
            return generation < present.generation() || offset < present.offset();
        }
        return generation < deleted.getOrDefault(key, Long.MIN_VALUE);
    }
}
