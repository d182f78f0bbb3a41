package dev.sluice.sources.metrics.prometheus;

import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.ProtoBytes;
import dev.sluice.sources.metrics.PushLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.xerial.snappy.Snappy;

/** Pushes by remote write for tests. */
final class Pushes {
    static final PushLimits LIMITS = new PushLimits(1 << 20, 100_000);
    static final RemoteWriteDecoder DECODER = new RemoteWriteDecoder(LIMITS);

    private Pushes() {}

    static RemoteWritePush v1(ProtoBytes request) {
        return DECODER.decode(RemoteWriteVersion.V1, block(request.bytes()));
    }

    static RemoteWritePush v2(ProtoBytes request) {
        return DECODER.decode(RemoteWriteVersion.V2, block(request.bytes()));
    }

    /** Returns the one series of a push of version 1 with one series named m. */
    static List<MetricSeries> seriesOf(int field, ProtoBytes point) {
        ProtoBytes series = named().message(field, point);
        return v1(new ProtoBytes().message(1, series)).series();
    }

    /** Returns the beginning of a series of version 1, which is its name. */
    static ProtoBytes named() {
        return new ProtoBytes().message(1, label("__name__", "m"));
    }

    static ProtoBytes label(String name, String value) {
        return new ProtoBytes().text(1, name).text(2, value);
    }

    static ProtoBytes sample(double value, long millis) {
        return new ProtoBytes().number(1, value).whole(2, millis);
    }

    static byte[] block(byte[] message) {
        try {
            return Snappy.compress(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] resource(String name) throws IOException {
        return Files.readAllBytes(
                Path.of(System.getProperty("sluice.root"), "jobs/sources/src/test/resources/prometheus", name));
    }
}
