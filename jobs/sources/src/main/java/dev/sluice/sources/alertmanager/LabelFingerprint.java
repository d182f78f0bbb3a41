package dev.sluice.sources.alertmanager;

import dev.sluice.sources.Place;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The fingerprint of a set of labels, as Alertmanager computes it: FNV-1a with 64 bits over the names and values in the
 * order of the names, the byte 255 after each. Alertmanager sends it since 0.19; of an older one it is the same.
 *
 * @see <a href="https://github.com/prometheus/common/blob/main/model/labelset.go">LabelSet.Fingerprint</a>
 */
final class LabelFingerprint {
    private static final long OFFSET = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final byte[] SEPARATOR = {(byte) 255};
    /** As Go compares texts: by their bytes. */
    private static final Comparator<String> BY_BYTES = (left, right) -> Arrays.compareUnsigned(utf8(left), utf8(right));

    private LabelFingerprint() {}

    /**
     * Returns the fingerprint as 16 hexadecimal digits.
     *
     * @param labels an object of texts
     * @throws dev.sluice.sources.Rejection if one of them is none
     */
    static String of(Place labels) {
        var values = new TreeMap<String, String>(BY_BYTES);
        for (Iterator<String> names = labels.node().fieldNames(); names.hasNext(); ) {
            String name = names.next();
            Place value = labels.at(name).encodable();
            if (!value.node().isTextual()) {
                throw value.wrong("must be a text");
            }
            values.put(name, value.node().textValue());
        }
        long hash = OFFSET;
        for (Map.Entry<String, String> label : values.entrySet()) {
            hash = add(add(hash, utf8(label.getKey())), SEPARATOR);
            hash = add(add(hash, utf8(label.getValue())), SEPARATOR);
        }
        return String.format("%016x", hash);
    }

    private static long add(long hash, byte[] bytes) {
        long sum = hash;
        for (byte one : bytes) {
            sum = (sum ^ (one & 0xff)) * PRIME;
        }
        return sum;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
