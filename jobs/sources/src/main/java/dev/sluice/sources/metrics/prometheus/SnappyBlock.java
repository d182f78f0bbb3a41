package dev.sluice.sources.metrics.prometheus;

import dev.sluice.sources.metrics.MalformedPushException;
import java.io.IOException;
import org.xerial.snappy.Snappy;

/** The block format of Snappy, which begins with the length of what it was made of. */
final class SnappyBlock {
    private SnappyBlock() {}

    /**
     * Returns what a block was made of.
     *
     * @param block the block
     * @param maxBytes most bytes of the result; a block that announces more is not inflated
     * @throws MalformedPushException if it announces more, or is no block
     */
    static byte[] inflate(byte[] block, int maxBytes) {
        try {
            int length = Snappy.uncompressedLength(block);
            if (length < 0 || length > maxBytes) { // less than 0 stands for more than an int holds
                throw new MalformedPushException("is larger than " + maxBytes + " bytes when decompressed", "");
            }
            byte[] message = new byte[length];
            int written = Snappy.uncompress(block, 0, block.length, message, 0);
            if (written != length) {
                throw new MalformedPushException("announces " + length + " bytes and has " + written, "");
            }
            return message;
        } catch (IOException e) {
            throw new MalformedPushException("is not of the block format of Snappy: " + e.getMessage(), "", e);
        }
    }
}
