package dev.sluice.gateapi.decide;

import dev.sluice.gateapi.decide.GateJudge.Judged;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Judges pending decisions again, and logs what has become of them. Those who ask for one at the same time get the same answer. */
final class PendingDecisions {
    private final GateJudge judge;
    private final DecisionLog log;
    private final Clock clock;
    private final MeterRegistry registry;
    private final Map<String, CompletableFuture<DecisionRecord>> resolving = new ConcurrentHashMap<>();

    PendingDecisions(GateJudge judge, DecisionLog log, Clock clock, MeterRegistry registry) {
        this.judge = judge;
        this.log = log;
        this.clock = clock;
        this.registry = registry;
    }

    /** Returns what a pending decision is now; still pending, or the final one that the log has. */
    CompletableFuture<DecisionRecord> resolve(DecisionRecord pending) {
        CompletableFuture<DecisionRecord> resolved = resolving.computeIfAbsent(
                pending.id(), id -> CompletableFuture.completedFuture(pending).thenCompose(this::again));
        return resolved.whenComplete((decision, failure) -> resolving.remove(pending.id(), resolved));
    }

    private CompletableFuture<DecisionRecord> again(DecisionRecord pending) {
        Optional<DecisionRecord> meanwhile = log.remembered(pending.id());
        if (meanwhile.isPresent()) {
            return CompletableFuture.completedFuture(meanwhile.get());
        }
        Instant now = clock.instant();
        if (!now.isBefore(pending.expiresAt())) {
            return counted(log.resolve(pending.givenUp(now), null)).thenApply(WrittenDecision::decision);
        }
        return judge.judge(pending.id(), pending.request(), pending.asker(), clock)
                .thenCompose(judged -> concluded(judged, pending));
    }

    private CompletableFuture<DecisionRecord> concluded(Judged judged, DecisionRecord pending) {
        DecisionRecord decision = judged.decision();
        return decision.isPending()
                ? CompletableFuture.completedFuture(decision.expiringAt(pending.expiresAt()))
                : counted(log.resolve(decision, judged.snapshot())).thenApply(WrittenDecision::decision);
    }

    /** Counts a decision by its outcome when it is logged, or is not. */
    CompletableFuture<WrittenDecision> counted(CompletableFuture<WrittenDecision> logged) {
        return logged.whenComplete((written, failure) -> registry.counter(
                        "sluice.decisions",
                        "outcome",
                        failure == null ? written.decision().decision() : "not_logged")
                .increment());
    }
}
