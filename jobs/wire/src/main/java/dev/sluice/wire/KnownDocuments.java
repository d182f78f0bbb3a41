package dev.sluice.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * What was read of those documents that were asked for last, so that they need not be read with every point. A document that differs from
 * the one of before is read. Not for several threads at once.
 *
 * @param <D> documents, as bytes or as JSON
 * @param <R> what is read of them
 */
public final class KnownDocuments<D, R> {
    private static final int MOST = 10_000;

    private final Function<D, Optional<R>> reading;
    private final Map<String, Read<D, R>> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Read<D, R>> eldest) {
            return size() > MOST;
        }
    };

    private record Read<D, R>(D document, Optional<R> result) {}

    /**
     * Begins with nothing.
     *
     * @param reading reads a document; what cannot be used is nothing
     */
    public KnownDocuments(Function<D, Optional<R>> reading) {
        this.reading = reading;
    }

    /**
     * Reads a document.
     *
     * @param key whose document it is
     */
    public Optional<R> of(String key, D document) {
        Read<D, R> read = known.get(key);
        if (read == null || !Objects.deepEquals(read.document(), document)) {
            read = new Read<>(document, reading.apply(document));
            known.put(key, read);
        }
        return read.result();
    }
}
