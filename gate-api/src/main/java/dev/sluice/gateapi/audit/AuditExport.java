package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
        signedAt.putIfAbsent(partition, clock.instant());
        try {
            if (!Files.exists(positionFile(partition))) {
                writtenTo.put(partition, 0L);
                return AuditPosition.NONE;
            }
            JsonNode kept = Json.mapper().readTree(positionFile(partition).toFile());
            writtenTo.put(partition, kept.path("length").longValue());
            AuditPosition position = AuditPosition.read(kept);
            signed.putIfAbsent(partition, position.chains());
            return position;
        } catch (IOException e) {
            throw new UncheckedIOException("the audit export's position cannot be read", e);
        }
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
        if (Duration.between(signedAt.getOrDefault(partition, now), now).compareTo(HEAD_EVERY) >= 0) {
            heads(partition, position, now);
        }
        @Nullable ByteArrayOutputStream lines = pending.get(partition);
        if (lines == null || lines.size() == 0) {
            return;
        }
        long from = writtenTo.getOrDefault(partition, 0L);
        append(file(partition), from, lines.toByteArray());
        long to = from + lines.size();
        keep(partition, position, to);
        writtenTo.put(partition, to);
        pending.remove(partition);
    }

    private void heads(int partition, AuditPosition position, Instant now) {
        signedAt.put(partition, now);
        Map<String, AuditChain> before = signed.getOrDefault(partition, Map.of());
        position.chains().forEach((tenant, chain) -> {
            Optional<String> head =
                    chain.equals(before.get(tenant)) ? Optional.empty() : signer.sign(tenant, chain, now);
            head.ifPresent(jws -> write(
                    partition,
                    Json.mapper().createObjectNode().put("tenant", tenant).put("head", jws)));
        });
        signed.put(partition, position.chains());
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
        Files.write(next, Json.bytes(position.json().put("length", length)));
        Files.move(next, positionFile(partition), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
