package dev.sluice.dorajob;

import dev.sluice.delivery.Table;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * A domain table in Flink's keyed map state.
 *
 * @param <K> keys
 * @param <S> values as the state holds them
 * @param <V> values as the domain sees them
 */
final class StateTable<K, S, V> implements Table<K, V> {
    private final MapState<K, S> state;
    private final Function<V, S> toState;
    private final Function<S, V> toDomain;

    private StateTable(MapState<K, S> state, Function<V, S> toState, Function<S, V> toDomain) {
        this.state = state;
        this.toState = toState;
        this.toDomain = toDomain;
    }

    /** Opens a table whose values the domain and the state hold alike. */
    static <K, V> StateTable<K, V, V> plain(
            RuntimeContext context, String name, TypeInformation<K> keys, TypeInformation<V> values) {
        return new StateTable<>(
                context.getMapState(new MapStateDescriptor<>(name, keys, values)),
                Function.identity(),
                Function.identity());
    }

    /** Opens a table of flat records, by text. */
    static <S, V> StateTable<String, S, V> mapped(
            RuntimeContext context, String name, Class<S> type, Function<V, S> toState, Function<S, V> toDomain) {
        return mapped(context, name, Types.STRING, type, toState, toDomain);
    }

    /** Opens a table of flat records. */
    static <K, S, V> StateTable<K, S, V> mapped(
            RuntimeContext context,
            String name,
            TypeInformation<K> keys,
            Class<S> type,
            Function<V, S> toState,
            Function<S, V> toDomain) {
        return new StateTable<>(
                context.getMapState(new MapStateDescriptor<>(name, keys, TypeInformation.of(type))), toState, toDomain);
    }

    /** Opens a table of lists of flat records. */
    static <K, S, V> StateTable<K, List<S>, List<V>> lists(
            RuntimeContext context,
            String name,
            TypeInformation<K> keys,
            Class<S> type,
            Function<V, S> toState,
            Function<S, V> toDomain) {
        return new StateTable<>(
                context.getMapState(new MapStateDescriptor<>(name, keys, Types.LIST(TypeInformation.of(type)))),
                list -> list.stream().map(toState).toList(),
                list -> list.stream().map(toDomain).toList());
    }

    @Override
    public @Nullable V get(K key) {
        try {
            S value = state.get(key);
            return value == null ? null : toDomain.apply(value);
        } catch (Exception e) {
            throw failure(e);
        }
    }

    @Override
    public void put(K key, V value) {
        try {
            state.put(key, toState.apply(value));
        } catch (Exception e) {
            throw failure(e);
        }
    }

    @Override
    public void remove(K key) {
        try {
            state.remove(key);
        } catch (Exception e) {
            throw failure(e);
        }
    }

    @Override
    public Iterable<K> keys() {
        try {
            return state.keys();
        } catch (Exception e) {
            throw failure(e);
        }
    }

    // Flink's map state declares Exception on every call
    private static FlinkRuntimeException failure(Exception cause) {
        return new FlinkRuntimeException("keyed state cannot be read or written", cause);
    }
}
