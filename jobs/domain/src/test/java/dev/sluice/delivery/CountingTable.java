package dev.sluice.delivery;

import dev.sluice.simulation.MemoryTable;
import org.jspecify.annotations.Nullable;

/** A table in memory that counts how often it is read and written. */
public final class CountingTable<K, V> implements Table<K, V> {
    private final Table<K, V> values = new MemoryTable<>();
    private int reads;
    private int writes;

    /** Returns how often it was read. */
    public int reads() {
        return reads;
    }

    /** Returns how often it was written. */
    public int writes() {
        return writes;
    }

    /** Forgets what it has counted. */
    public void reset() {
        reads = 0;
        writes = 0;
    }

    @Override
    public @Nullable V get(K key) {
        reads++;
        return values.get(key);
    }

    @Override
    public void put(K key, V value) {
        writes++;
        values.put(key, value);
    }

    @Override
    public void remove(K key) {
        writes++;
        values.remove(key);
    }

    @Override
    public Iterable<K> keys() {
        throw new AssertionError("a walk over all keys grows with the history");
    }
}
