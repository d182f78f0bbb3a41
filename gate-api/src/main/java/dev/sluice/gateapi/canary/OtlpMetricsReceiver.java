package dev.sluice.gateapi.canary;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.sources.metrics.PushLimits;
import dev.sluice.sources.metrics.otlp.LeftOut;
import dev.sluice.sources.metrics.otlp.OtlpMetricsDecoder;
import dev.sluice.sources.metrics.otlp.OtlpMetricsPush;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * Receives metrics by OTLP/HTTP, as protobuf or JSON. What no running canary selects is dropped; the answer comes when all else
 * stands in the log. Data points that say nothing that can be used are told as a partial success.
 */
public final class OtlpMetricsReceiver {
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";
    private static final String GZIP = "gzip";
    private static final int MAX_SENT_BYTES = 8 << 20;
    private static final int MAX_BYTES = 24 << 20;
    private static final PushLimits LIMITS = new PushLimits(MAX_BYTES, 500_000);

    private final OtlpMetricsDecoder decoder = new OtlpMetricsDecoder(LIMITS);
    private final PushIntake intake;

    /**
     * Creates a receiver.
     *
     * @param intake takes what was read
     */
    public OtlpMetricsReceiver(PushIntake intake) {
        this.intake = intake;
    }

    /** Handles {@code POST /v1/metrics}. */
    public void receive(Context ctx) {
        intake.requireRead();
        String type = Requests.mediaType(ctx);
        if (!type.equals(JSON) && !type.equals(PROTOBUF)) {
            throw new ApiException(
                    ErrorType.UNSUPPORTED_MEDIA_TYPE, "the content type must be " + PROTOBUF + " or " + JSON);
        }
        byte[] body = Requests.encodedBody(ctx, MAX_SENT_BYTES, GZIP);
        intake.take(ctx, "otlp", () -> read(ctx, type, body), OtlpMetricsPush::series, push -> answer(ctx, type, push));
    }

    private OtlpMetricsPush read(Context ctx, String type, byte[] sent) {
        byte[] body = inflated(ctx, sent);
        return type.equals(JSON) ? decoder.json(body) : decoder.protobuf(body);
    }

    private static byte[] inflated(Context ctx, byte[] body) {
        if (!GZIP.equalsIgnoreCase(ctx.header("Content-Encoding"))) {
            return body;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] inflated = in.readNBytes(MAX_BYTES + 1);
            if (inflated.length > MAX_BYTES) {
                throw new ApiException(
                        ErrorType.TOO_LARGE, "the body has more than " + MAX_BYTES + " bytes; send smaller batches");
            }
            return inflated;
        } catch (IOException e) {
            throw new ApiException(ErrorType.BAD_REQUEST, "the body is not what gzip makes", e);
        }
    }

    private static void answer(Context ctx, String type, OtlpMetricsPush push) {
        String message = push.leftOut().entrySet().stream()
                .map(entry -> entry.getValue() + " " + description(entry))
                .collect(Collectors.joining("; "));
        if (type.equals(JSON)) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            if (push.rejected() > 0) {
                answer.putObject("partialSuccess")
                        .put("rejectedDataPoints", String.valueOf(push.rejected()))
                        .put("errorMessage", message);
            }
            Requests.answerJson(ctx, 200, Json.bytes(answer));
            return;
        }
        var response = ExportMetricsServiceResponse.newBuilder();
        if (push.rejected() > 0) {
            response.setPartialSuccess(ExportMetricsPartialSuccess.newBuilder()
                    .setRejectedDataPoints(push.rejected())
                    .setErrorMessage(message));
        }
        ctx.status(200).contentType(PROTOBUF).result(response.build().toByteArray());
    }

    private static String description(Map.Entry<LeftOut, Integer> entry) {
        return (entry.getValue() == 1 ? "data point " : "data points ")
                + entry.getKey().description();
    }
}
