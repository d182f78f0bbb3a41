package dev.sluice.sources.metrics;

/**
 * How much of one push is taken: few bytes can stand for many objects.
 *
 * @param maxBytes most bytes of the body once it is decompressed
 * @param maxElements most labels, points and buckets of all its series together: empty buckets in gaps and labels that many
 *     points share count each time. An element takes some hundreds of bytes of memory at most
 */
public record PushLimits(int maxBytes, int maxElements) {
    public PushLimits {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be at least 1, is " + maxBytes);
        }
        if (maxElements < 1) {
            throw new IllegalArgumentException("maxElements must be at least 1, is " + maxElements);
        }
    }
}
