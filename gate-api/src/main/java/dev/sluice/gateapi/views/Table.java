package dev.sluice.gateapi.views;

import java.util.Collection;
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

    private final Function<T, Optional<String>> name;

    Table() {
        this(row -> Optional.empty());
    }

    /**
     * Creates an empty table.
     *
     * @param name the other name of a row, by which {@link #named} finds it; no two rows that hold have the same
     */
    Table(Function<T, Optional<String>> name) {
        this.name = name;
    }

    void put(Held<T> row) {
        if (isOutdated(row.key(), row.offset(), row.generation())) {
            return;
        }
        deleted.remove(row.key());
        deletedAt.remove(row.key());
        unname(rows.put(row.key(), row));
        name.apply(row.row()).ifPresent(other -> named.put(other, row));
        changes.incrementAndGet();
    }

    void delete(String key, long offset, long generation) {
        if (!isOutdated(key, offset, generation)) {
            unname(rows.remove(key));
            deleted.put(key, generation);
            deletedAt.put(key, offset);
            changes.incrementAndGet();
        }
    }

    /** Forgets the key: Kafka's own deletion, which comes after the row that says so; unless a row came after it. */
    void forget(String key, long offset) {
        Held<T> present = rows.get(key);
        if (present == null || present.offset() < offset) {
            unname(rows.remove(key));
            deleted.remove(key);
            deletedAt.remove(key);
            changes.incrementAndGet();
        }
    }

    void clear(int partition) {
        rows.values().removeIf(row -> row.partition() == partition);
        named.values().removeIf(row -> row.partition() == partition);
        changes.incrementAndGet();
    }

    long changes() {
        return changes.get();
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
