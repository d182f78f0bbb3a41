package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.kafka.ReadBack;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.AuditChain;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.MalformedRecordException;
import dev.sluice.wire.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica itself needs of the log: who holds which claim, and how far the chains have come. Every minute it keeps that for the next
 * start, and a signed head of each chain that has grown.
 */
final class LiveAudit implements AuditSink {
    /** Whose the positions are: no tenant is called so. */
    static final String SLUICE = "~sluice";

    private static final Logger LOGGER = LoggerFactory.getLogger(LiveAudit.class);
    private static final Duration KEPT_EVERY = Duration.ofSeconds(60);
    /** Clocks of replicas may differ by so much. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private static final byte[] CLAIM = "{\"kind\":\"claim\"".getBytes(StandardCharsets.US_ASCII);

    private final Claims claims;
    private final FirstFinals finals;
    private final RecentRecords recent;
    private final ReadBack readBack;
    private final LogFollower follower;
    private final Views views;
    private final ControlLog control;
    private final HeadSigner signer;
    private final Clock clock;
    private final Map<Integer, Instant> keptAt = new HashMap<>();
    private final Map<Integer, AuditPosition> kept = new HashMap<>();

    LiveAudit(
            Claims claims,
            FirstFinals finals,
            RecentRecords recent,
            ReadBack readBack,
            LogFollower follower,
            Views views,
            ControlLog control,
            HeadSigner signer,
            Clock clock) {
        this.claims = claims;
        this.finals = finals;
        this.recent = recent;
        this.readBack = readBack;
        this.follower = follower;
        this.views = views;
        this.control = control;
        this.signer = signer;
        this.clock = clock;
    }

    /** Returns whether it is known how far the chains had come. */
    boolean isReady() {
        return views.hasRead(Topic.CONTROL);
    }

    @Override
    public AuditPosition position(int partition) {
        AuditPosition position = views.control(SLUICE, Control.AUDIT_POSITION, Integer.toString(partition))
                .map(Held::row)
                .map(found -> AuditPosition.read(found.document()))
                .orElse(AuditPosition.NONE);
        kept.put(partition, position);
        keptAt.putIfAbsent(partition, clock.instant());
        return position;
    }

    @Override
    public Optional<Instant> since() {
        return Optional.of(clock.instant().minus(ClaimLog.READ_FROM));
    }

    @Override
    public void take(AuditLine line) {
        if (startsAsClaim(line.record())) {
            claim(line);
        }
        boolean counts = line.resolved() == null || finals.read(line.resolved(), line.offset());
        recent.take(line, counts);
        if (counts) {
            follower.take(line.tenant(), line.offset(), line.record());
        }
        readBack.readTo(new TopicPartition(Topic.DECISIONS.topicName(), line.partition()), line.offset());
    }

    /** What cannot be read as a claim is none: Sluice writes no such record, and nobody was told that it holds. */
    private void claim(AuditLine line) {
        try {
            claims.read(Json.read(line.record(), ClaimRecord.class));
        } catch (MalformedRecordException e) {
            LOGGER.atError()
                    .addKeyValue("partition", line.partition())
                    .addKeyValue("offset", line.offset())
                    .log("claim cannot be read");
        }
    }

    private static boolean startsAsClaim(byte[] record) {
        return record.length > CLAIM.length && Arrays.equals(record, 0, CLAIM.length, CLAIM, 0, CLAIM.length);
    }

    @Override
    public void reached(int partition, AuditPosition position) {
        Instant now = clock.instant();
        AuditPosition before = kept.getOrDefault(partition, AuditPosition.NONE);
        boolean due = Duration.between(keptAt.getOrDefault(partition, now), now).compareTo(KEPT_EVERY) >= 0;
        if (!due || position.offset() == before.offset()) {
            return;
        }
        claims.forget(now.minus(SKEW));
        finals.forget(now.minus(ClaimLog.READ_FROM));
        keptAt.put(partition, now);
        kept.put(partition, position);
        position.chains().forEach((tenant, chain) -> {
            if (!chain.equals(before.chains().get(tenant))) {
                write(tenant, Control.AUDIT_HEAD, tenant, head(tenant, chain, now));
            }
        });
        write(SLUICE, Control.AUDIT_POSITION, Integer.toString(partition), position.json());
    }

    private ObjectNode head(String tenant, AuditChain chain, Instant now) {
        ObjectNode head = Json.mapper()
                .createObjectNode()
                .put("seq", chain.seq())
                .put("hash", chain.hash())
                .put("at", now.toString());
        signer.sign(tenant, chain, now).ifPresent(jws -> head.put("jws", jws));
        return head;
    }

    private void write(String tenant, String kind, String id, ObjectNode document) {
        var changed =
                new Control(tenant, kind, id, SLUICE, clock.instant().truncatedTo(ChronoUnit.MILLIS), false, document);
        var unused = control.append(changed).exceptionally(failure -> {
            LOGGER.atWarn().setCause(failure).addKeyValue("kind", kind).log("kept later");
            return null;
        });
    }
}
