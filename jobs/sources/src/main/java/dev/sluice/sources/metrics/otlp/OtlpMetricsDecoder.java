package dev.sluice.sources.metrics.otlp;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.sluice.sources.Documents;
import dev.sluice.sources.Rejection;
import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.PushLimits;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;

/**
 * Reads the bodies of OTLP/HTTP exports of metrics: the message {@code ExportMetricsServiceRequest} as protobuf or as JSON
 * (<a href="https://opentelemetry.io/docs/specs/otlp/">specification</a>).
 *
 * <p>The labels of a series are the attributes of the resource and of the data point, of which the latter win, under the
 * names they have, and the name of the metric, which wins over an attribute of that name. Texts stay as they are; numbers and
 * truth values become their text, bytes Base64, lists and maps JSON. An attribute without a name or with an empty value says
 * nothing and is no label.
 *
 * <p>A sum that may fall is a level; one of these that is of deltas is left out, as are summaries and what contradicts
 * itself. A data point without a recorded value is stale. The scope and exemplars are not read. The message is parsed as a
 * whole before its elements are counted, so that up to then the bytes alone limit the memory: some tens for each of them.
 */
public final class OtlpMetricsDecoder {
    private static final Parser<ExportMetricsServiceRequest> PARSER =
            DiscardUnknownFieldsParser.wrap(ExportMetricsServiceRequest.parser());

    private final PushLimits limits;

    /** Creates a decoder; it has no state. */
    public OtlpMetricsDecoder(PushLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes a protobuf body.
     *
     * @param body the bytes, decompressed
     * @throws MalformedPushException if they are not this message, or more than the limits allow
     */
    public OtlpMetricsPush protobuf(byte[] body) {
        requireSize(body);
        try {
            return new OtlpReading(limits).read(PARSER.parseFrom(CodedInputStream.newInstance(body)));
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedPushException("is not an ExportMetricsServiceRequest: " + e.getMessage(), "", e);
        }
    }

    /**
     * Decodes a JSON body. Whole numbers may be numbers or texts, enumerations numbers or names; fields that are not known
     * are ignored.
     *
     * @param body the bytes, decompressed
     * @throws MalformedPushException if they are not JSON, or not this message, or more than the limits allow
     */
    public OtlpMetricsPush json(byte[] body) {
        requireSize(body);
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        try {
            JsonMessages.read(Documents.read(body), request);
        } catch (Rejection e) {
            String pointer = e.outcome().pointer();
            throw new MalformedPushException(e.outcome().detail(), pointer == null ? "" : pointer, e);
        }
        return new OtlpReading(limits).read(request.build());
    }

    private void requireSize(byte[] body) {
        if (body.length > limits.maxBytes()) {
            throw new MalformedPushException("is larger than " + limits.maxBytes() + " bytes", "");
        }
    }
}
