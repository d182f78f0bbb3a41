package dev.sluice.dora;

import dev.sluice.delivery.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Tables of sorted lists; a key whose list is empty is not there. */
final class Lists {
    private Lists() {}

    static <K, T> List<T> of(Table<K, List<T>> table, K key) {
        List<T> elements = table.get(key);
        return elements == null ? List.of() : elements;
    }

    /** Adds an element to the list of a key, once, or takes it away. */
    static <K, T extends Comparable<T>> void change(Table<K, List<T>> table, K key, T element, boolean add) {
        var elements = new ArrayList<>(of(table, key));
        elements.remove(element);
        if (add) {
            elements.add(element);
            Collections.sort(elements);
        }
        put(table, key, elements);
    }

    /** Sets the list of a key, sorted. */
    static <K, T> void put(Table<K, List<T>> table, K key, List<T> elements, Comparator<T> order) {
        put(table, key, elements.stream().sorted(order).toList());
    }

    private static <K, T> void put(Table<K, List<T>> table, K key, List<T> elements) {
        if (elements.isEmpty()) {
            table.remove(key);
        } else {
            table.put(key, List.copyOf(elements));
        }
    }
}
