package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes the log into files that others keep: one a partition, a line a record with its number and the hash up to it, and every minute a
 * signed head of each tenant whose chain has grown. A file beside it holds how far it is written; after a kill what stands beyond that
 * is written again, the same.
 */
final class AuditExport implements AuditSink {
    private static final Duration HEAD_EVERY = Duration.ofSeconds(60);

    private final Path directory;
    private final HeadSigner signer;
    private final Clock clock;
    private final Map<Integer, ByteArrayOutputStream> pending = new HashMap<>();
    private final Map<Integer, Map<String, AuditChain>> signed = new HashMap<>();
    private final Map<Integer, Instant> signedAt = new HashMap<>();
    private final Map<Integer, Long> writtenTo = new HashMap<>();

    AuditExport(Path directory, HeadSigner signer, Clock clock) {
        this.directory = directory;
        this.signer = signer;
        this.clock = clock;
    }

    private Path file(int partition) {
        return directory.resolve("audit-" + partition + ".jsonl");
    }

    private Path positionFile(int partition) {
        return directory.resolve("audit-" + partition + ".position");
    }

    @Override
    public AuditPosition position(int partition) {
        pending.remove(partition);
        signed.remove(partition);
        signedAt.putIfAbsent(partition, clock.instant());
        try {
            Optional<JsonNode> kept = kept(partition);
            if (kept.isEmpty()) {
                return recovered(partition);
            }
            writtenTo.put(partition, kept.get().path("length").longValue());
            return AuditPosition.read(kept.get());
        } catch (IOException e) {
            throw new UncheckedIOException("the audit export cannot be read", e);
        }
    }

    private Optional<JsonNode> kept(int partition) throws IOException {
        if (Files.notExists(positionFile(partition))) {
            return Optional.empty();
        }
        byte[] json = Files.readAllBytes(positionFile(partition));
        return json.length == 0 ? Optional.empty() : Optional.of(Json.mapper().readTree(json));
    }

    /** Where it is not kept how far the file is written, the file itself tells: nothing that stands there is written again otherwise. */
    private AuditPosition recovered(int partition) throws IOException {
        writtenTo.put(partition, 0L);
        if (Files.notExists(file(partition))) {
            return AuditPosition.NONE;
        }
        AuditPosition position = AuditPosition.NONE;
        long length = 0;
        try (var lines = new BufferedInputStream(Files.newInputStream(file(partition)))) {
            for (byte[] line = line(lines); line.length > 0; line = line(lines)) {
                length += line.length;
                JsonNode json = Json.mapper().readTree(line);
                if (json.has("record")) {
                    position = position.with(
                            json.path("offset").longValue(),
                            Map.of(
                                    json.path("tenant").asText(),
                                    AuditChain.at(
                                            json.path("seq").longValue(),
                                            json.path("hash").asText())));
                }
            }
        }
        writtenTo.put(partition, length);
        return position;
    }

    /** Returns the next line with its end; empty where there is none that was written to its end. */
    private static byte[] line(InputStream lines) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = lines.read(); next >= 0; next = lines.read()) {
            line.write(next);
            if (next == '\n') {
                return line.toByteArray();
            }
        }
        return new byte[0];
    }

    @Override
    public Optional<Instant> since() {
        return Optional.empty();
    }

    @Override
    public void take(AuditLine line) throws IOException {
        AuditChain chain = line.chain();
        if (chain != null) {
            ObjectNode json = Json.mapper()
                    .createObjectNode()
                    .put("tenant", line.tenant())
                    .put("seq", chain.seq())
                    .put("partition", line.partition())
                    .put("offset", line.offset())
                    .put("hash", chain.hash());
            json.set("record", Json.mapper().readTree(line.record()));
            write(line.partition(), json);
        }
    }

    private void write(int partition, ObjectNode line) {
        ByteArrayOutputStream lines = pending.computeIfAbsent(partition, none -> new ByteArrayOutputStream());
        lines.writeBytes(Json.bytes(line));
        lines.write('\n');
    }

    @Override
    public void reached(int partition, AuditPosition position) throws IOException {
        Instant now = clock.instant();
        boolean due =
                Duration.between(signedAt.getOrDefault(partition, now), now).compareTo(HEAD_EVERY) >= 0;
        if (due) {
            heads(partition, position, now);
        }
        @Nullable ByteArrayOutputStream lines = pending.get(partition);
        if (lines != null && lines.size() > 0) {
            write(partition, position, lines);
        }
        if (due) {
            signedAt.put(partition, now);
            signed.put(partition, position.chains());
        }
    }

    private void write(int partition, AuditPosition position, ByteArrayOutputStream lines) throws IOException {
        long from = writtenTo.getOrDefault(partition, 0L);
        append(file(partition), from, lines.toByteArray());
        long to = from + lines.size();
        keep(partition, position, to);
        writtenTo.put(partition, to);
        pending.remove(partition);
    }

    private void heads(int partition, AuditPosition position, Instant now) {
        Map<String, AuditChain> before = signed.getOrDefault(partition, Map.of());
        position.chains().forEach((tenant, chain) -> {
            Optional<String> head =
                    chain.equals(before.get(tenant)) ? Optional.empty() : signer.sign(tenant, chain, now);
            head.ifPresent(jws -> write(
                    partition,
                    Json.mapper().createObjectNode().put("tenant", tenant).put("head", jws)));
        });
    }

    /** What stands beyond {@code from} was written before a failure and is written again. */
    private static void append(Path file, long from, byte[] lines) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            if (channel.size() < from) {
                throw new IOException(file.getFileName() + " is shorter than it was written: it was changed");
            }
            channel.truncate(from);
            channel.position(from);
            ByteBuffer bytes = ByteBuffer.wrap(lines);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private void keep(int partition, AuditPosition position, long length) throws IOException {
        Path next = directory.resolve("audit-" + partition + ".position.next");
        try (FileChannel channel = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(Json.bytes(position.json().put("length", length)));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(next, positionFile(partition), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
