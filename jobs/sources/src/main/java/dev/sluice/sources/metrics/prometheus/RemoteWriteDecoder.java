package dev.sluice.sources.metrics.prometheus;

import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.PushLimits;
import java.io.IOException;

/**
 * Reads the bodies of Prometheus' remote write: a protobuf message in the block format of Snappy.
 *
 * <p>Of labels it demands what both specifications do, but for their order, which not all agents keep: no name twice, no
 * empty name or value, valid UTF-8; and a name of the metric, which they only recommend. Nothing of a push is taken if
 * something in it is wrong. Exemplars are counted, metadata and unknown fields are skipped; a series without samples and
 * histograms, as senders make them for exemplars, gives none.
 *
 * <p>The numbers of samples are of unknown temporality. Native histograms are cumulative, unless they say that they are
 * gauges; schemas -4 to 8 and custom buckets are understood. A start of zero is none.
 */
public final class RemoteWriteDecoder {
    private final PushLimits limits;

    /** Creates a decoder; it has no state. */
    public RemoteWriteDecoder(PushLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes a push.
     *
     * @param version what its headers say, see {@link RemoteWriteVersion#of}
     * @param body the bytes as they were sent
     * @throws MalformedPushException if they are not what the version says, or more than the limits allow
     */
    public RemoteWritePush decode(RemoteWriteVersion version, byte[] body) {
        byte[] message = SnappyBlock.inflate(body, limits.maxBytes());
        var content = new PushContent(limits);
        try {
            switch (version) {
                case V1 -> WriteRequestV1.read(message, content);
                case V2 -> WriteRequestV2.read(message, content);
            }
        } catch (IOException e) {
            throw new MalformedPushException(
                    "is not a " + version.message() + ": " + e.getMessage(), content.pointer(), e);
        }
        return content.push();
    }
}
