package dev.sluice.gateapi.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Takes an answer, and no more of it than is allowed. For one request. */
final class BoundedAnswer extends AbstractBinResponseConsumer<OutboundAnswer> {
    private static final int MOST_INFORMATIONAL = 8;
    /** Seconds of at most eleven days: whoever says more means never. */
    private static final String SECONDS = "[0-9]{1,6}";

    private final int maxBytes;
    private final Clock clock;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int informational;
    private int status;
    private Optional<Duration> retryAfter = Optional.empty();

    BoundedAnswer(int maxBytes, Clock clock) {
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    @Override
    public void informationResponse(HttpResponse response, HttpContext context) throws IOException {
        informational++;
        if (informational > MOST_INFORMATIONAL) {
            throw new UnboundedException("more than " + MOST_INFORMATIONAL + " answers 1xx");
        }
    }

    @Override
    protected void start(HttpResponse response, @Nullable ContentType type) {
        status = response.getCode();
        retryAfter = Optional.ofNullable(response.getFirstHeader(HttpHeaders.RETRY_AFTER))
                .map(Header::getValue)
                .flatMap(this::pause);
    }

    private Optional<Duration> pause(String text) {
        if (text.matches(SECONDS)) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        @Nullable Instant at = DateUtils.parseStandardDate(text);
        if (at == null) {
            return Optional.empty();
        }
        Duration until = Duration.between(clock.instant(), at);
        return Optional.of(until.isNegative() ? Duration.ZERO : until);
    }

    @Override
    protected int capacityIncrement() {
        return maxBytes;
    }

    @Override
    protected void data(ByteBuffer bytes, boolean endOfStream) throws IOException {
        if (bytes.remaining() > maxBytes - body.size()) {
            throw new UnboundedException("an answer of more than " + maxBytes + " bytes");
        }
        var next = new byte[bytes.remaining()];
        bytes.get(next);
        body.writeBytes(next);
    }

    @Override
    protected OutboundAnswer buildResult() {
        return new OutboundAnswer(status, retryAfter, body.toByteArray());
    }

    @Override
    public void releaseResources() {}

    /** There is more than is taken. */
    static final class UnboundedException extends IOException {
        private static final long serialVersionUID = 1L;

        UnboundedException(String message) {
            super(message);
        }
    }
}
