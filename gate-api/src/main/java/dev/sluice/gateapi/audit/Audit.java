package dev.sluice.gateapi.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.access.Verb;
import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.keys.SigningKeys;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Follows the audit log: for claims, for signed heads of its chains, and for the files that others keep. */
public final class Audit implements AutoCloseable {
    /** Header of a decision that makes a pending one final: its id. */
    public static final String RESOLVES = "sluice-resolves";

    private static final int OK = 200;
    private static final int CURRENT_SECONDS = 5;

    private final FirstFinals finals;
    private final RecentRecords recent;
    private final Views views;
    private final List<AuditReader> readers = new ArrayList<>();

    /**
     * Creates the followers; {@link #start} starts them.
     *
     * @param bootstrap Kafka's bootstrap servers
     * @param claims are read from the log
     * @param follower is told of each record that counts
     * @param views knows where this left off
     * @param control keeps that
     * @param keys sign heads
     * @param export directory of the files that others keep; null for none
     * @param clock the time
     * @param registry gets the ages of the followers
     */
    public Audit(
            String bootstrap,
            ClaimLog claims,
            LogFollower follower,
            Views views,
            ControlLog control,
            SigningKeys keys,
            @Nullable Path export,
            Clock clock,
            MeterRegistry registry) {
        this.views = views;
        var signer = new HeadSigner(keys);
        finals = new FirstFinals(claims.readBack(), clock);
        recent = new RecentRecords(clock);
        var live = new LiveAudit(
                claims.claims(), finals, recent, claims.readBack(), follower, views, control, signer, clock);
        readers.add(new AuditReader(bootstrap, "gate-api-audit", live, live::isReady, clock));
        if (export != null) {
            readers.add(new AuditReader(
                    bootstrap, "gate-api-audit-export", new AuditExport(export, signer, clock), () -> true, clock));
        }
        for (int i = 0; i < readers.size(); i++) {
            measure(readers.get(i), i == 0 ? "live" : "export", registry);
        }
    }

    private static void measure(AuditReader reader, String name, MeterRegistry registry) {
        registry.gauge("sluice.audit.age.seconds", List.of(Tag.of("follower", name)), reader, AuditReader::ageSeconds);
    }

    /** Returns what became of pending decisions. */
    public FirstFinals finals() {
        return finals;
    }

    /** Returns whether what is told of the log is what it was a moment ago: nothing of before the start, or the last failure, is missing. */
    public boolean isCurrent() {
        AuditReader live = readers.get(0);
        return live.hasCaughtUp() && live.ageSeconds() < CURRENT_SECONDS;
    }

    /** Returns the newest records. */
    public RecentRecords recent() {
        return recent;
    }

    /** Returns how long ago the log was asked last how far it goes and then read to there, in seconds. */
    public double ageSeconds() {
        return readers.get(0).ageSeconds();
    }

    /** Starts to follow. */
    public void start() {
        readers.forEach(AuditReader::start);
    }

    /** Adds the routes. */
    public void addTo(Routes routes) {
        routes.add(HandlerType.GET, "/v1/audit/head", Verb.READ_AUDIT, this::head);
    }

    private void head(Context ctx) {
        Requests.answer(
                ctx,
                OK,
                head(Routes.principal(ctx).tenant())
                        .orElseThrow(() -> new ApiException(
                                ErrorType.NOT_FOUND, "there is no head yet: one is made each minute")));
    }

    /** Returns how far the chain of a tenant had come when a head of it was kept last; nothing if none was kept yet. */
    public Optional<JsonNode> head(String tenant) {
        return views.control(tenant, Control.AUDIT_HEAD, tenant)
                .map(Held::row)
                .map(kept -> ((ObjectNode) kept.document()).deepCopy())
                .map(head -> {
                    if (!head.has("jws")) {
                        head.putNull("jws");
                    }
                    return head.put("tenant", tenant);
                });
    }

    @Override
    public void close() {
        readers.forEach(AuditReader::close);
    }
}
