package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.governance.Statement.ArtifactStatement;
import dev.sluice.gateapi.governance.Statement.BudgetStatement;
import dev.sluice.gateapi.governance.Statement.DrillStatement;
import dev.sluice.gateapi.governance.Statement.ValidationStatement;
import dev.sluice.gateapi.http.Members;
import dev.sluice.wire.Durations;
import dev.sluice.wire.ErrorBudgetDocument;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what pipelines say from requests, strictly. */
final class StatementBodies {
    static final int MOST = 300;
    private static final int MOST_OF_URL = 2_000;
    private static final Set<String> RESULTS = Set.of("running", "passed", "failed");
    private static final Duration LEAST_OF_WINDOW = Duration.ofMinutes(1);
    /** Clocks of callers may be ahead by so much. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    private StatementBodies() {}

    static Optional<ValidationStatement> validation(Members body, Instant now) {
        Optional<String> service = body.required("service", MOST);
        Optional<String> environment = body.required("environment", MOST);
        Named artifact = artifact(body);
        Optional<String> kind = body.required("kind", 100);
        Optional<String> result = body.optional(
                "result", text -> Optional.of(text).filter(RESULTS::contains), "running, passed or failed");
        if (!body.has("result")) {
            body.wrong("result", "result is missing");
        }
        Optional<String> url = body.optional("url", MOST_OF_URL);
        Instant at = at(body, now);
        body.rejectUnknown();
        if (service.isEmpty() || environment.isEmpty() || kind.isEmpty() || result.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ValidationStatement(
                service.get(),
                environment.get(),
                artifact.version(),
                artifact.digest(),
                kind.get(),
                result.get(),
                url.orElse(null),
                at));
    }

    static Optional<ArtifactStatement> artifactFact(Members body, Instant now) {
        Optional<String> service = body.required("service", MOST);
        Optional<String> digest = body.required("digest", MOST);
        Optional<String> version = body.optional("version", MOST);
        Optional<String> location = body.required("location", MOST_OF_URL);
        Set<String> signers = body.texts("signers", MOST);
        Set<String> authors = body.texts("authors", MOST);
        Instant at = at(body, now);
        body.rejectUnknown();
        if (service.isEmpty() || digest.isEmpty() || location.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ArtifactStatement(
                service.get(), digest.get(), version.orElse(null), location.get(), signers, authors, at));
    }

    static Optional<DrillStatement> drill(Members body, Instant now) {
        Optional<String> service = body.required("service", MOST);
        Optional<String> environment = body.required("environment", MOST);
        boolean succeeded = body.requiredFlag("succeeded");
        Optional<Duration> recovery = body.optional("recovery", Durations::parse, Durations.EXPECTED);
        if (!body.has("recovery")) {
            body.wrong("recovery", "recovery is missing");
        }
        Optional<String> url = body.optional("url", MOST_OF_URL);
        Instant at = at(body, now);
        body.rejectUnknown();
        if (service.isEmpty() || environment.isEmpty() || recovery.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DrillStatement(
                service.get(), environment.get(), succeeded, recovery.get().toMillis() / 1000.0, url.orElse(null), at));
    }

    static Optional<BudgetStatement> budget(Members body, Instant now) {
        Optional<String> service = body.required("service", MOST);
        Optional<String> environment = body.required("environment", MOST);
        Optional<String> slo = body.required("slo", 100);
        Optional<Duration> window = body.optional(
                "window",
                text -> Durations.parse(text).filter(length -> length.compareTo(LEAST_OF_WINDOW) >= 0),
                "a duration of at least 1m");
        Optional<Long> good = body.whole("good", 0, Long.MAX_VALUE);
        Optional<Long> total = body.whole("total", 0, Long.MAX_VALUE);
        List.of("window", "good", "total").forEach(field -> {
            if (!body.has(field)) {
                body.wrong(field, field + " is missing");
            }
        });
        Instant at = at(body, now);
        body.rejectUnknown();
        if (good.isPresent() && total.isPresent() && good.get() > total.get()) {
            body.wrong("good", "good must not be more than total");
        }
        if (service.isEmpty()
                || environment.isEmpty()
                || slo.isEmpty()
                || window.isEmpty()
                || good.isEmpty()
                || total.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new BudgetStatement(new ErrorBudgetDocument(
                service.get(), environment.get(), slo.get(), window.get().toSeconds(), good.get(), total.get(), at)));
    }

    /** Returns what is named in the object {@code artifact}: a version, a digest or both. */
    static Named artifact(Members body) {
        Optional<Members> artifact = body.object("artifact");
        if (artifact.isEmpty()) {
            return new Named(null, null);
        }
        Optional<String> version = artifact.get().optional("version", MOST);
        Optional<String> digest = artifact.get().optional("digest", MOST);
        artifact.get().rejectUnknown();
        if (version.isEmpty() && digest.isEmpty()) {
            body.wrong("artifact", "artifact must have a version or a digest");
        }
        return new Named(version.orElse(null), digest.orElse(null));
    }

    private static Instant at(Members body, Instant now) {
        Instant at = body.time("at").orElse(now);
        if (at.isAfter(now.plus(AHEAD))) {
            body.wrong("at", "at must not be in the future");
        }
        return at;
    }

    /** An artifact by its names. */
    record Named(@Nullable String version, @Nullable String digest) {}
}
