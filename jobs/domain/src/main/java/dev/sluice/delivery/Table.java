package dev.sluice.delivery;

import org.jspecify.annotations.Nullable;

/**
 * A map that the caller keeps for the domain: in memory in a test, in keyed state in a job. Values are immutable; a
 * change is a new {@link #put}.
 *
 * @param <K> keys
 * @param <V> values
 */
public interface Table<K, V> {
    /** Returns the value of a key, or null where there is none. */
    @Nullable
    V get(K key);

    /** Sets the value of a key. */
    void put(K key, V value);

    /** Forgets a key; nothing happens where there is no value. */
    void remove(K key);

    /** Returns the keys in no particular order; the table must not change meanwhile. */
    Iterable<K> keys();
}
