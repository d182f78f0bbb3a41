package dev.sluice.simulation;

import dev.sluice.delivery.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A table in memory. */
public final class MemoryTable<K, V> implements Table<K, V> {
    private final Map<K, V> values = new LinkedHashMap<>();

    @Override
    public @Nullable V get(K key) {
        return values.get(key);
    }

    @Override
    public void put(K key, V value) {
        values.put(key, value);
    }

    @Override
    public void remove(K key) {
        values.remove(key);
    }

    @Override
    public Iterable<K> keys() {
        return values.keySet();
    }
}
