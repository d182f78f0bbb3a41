package dev.sluice.gateapi.callers.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.gateapi.callers.kubernetes.Cluster.Place;
import dev.sluice.gateapi.decide.KnownDecisions;
import dev.sluice.gateapi.decide.KnownDecisions.Known;
import dev.sluice.gateapi.decide.KnownDecisions.Subject;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.Requests;
import dev.sluice.gateapi.http.Routes;
import dev.sluice.gateapi.policy.Policies;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Topic;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Answers the API server of a cluster from decisions that were made before: nothing is judged, and nothing written. An object is admitted only where
 * each image of it that is new has a digest for which the newest decision allows, and still stands on what it was made by. Whoever is let in is
 * answered with status 200, also where the answer is no.
 */
public final class AdmissionHandler {
    private static final String JSON = "application/json";
    /** Two objects, each of which etcd keeps 1.5 MiB of at most. */
    private static final int MAX_BYTES = 4 << 20;

    private static final int OK = 200;
    /** A decision that another replica has just answered is read from the log by then. */
    private static final Duration READ_SOON = Duration.ofMillis(400);

    private final Views views;
    private final KnownDecisions decisions;
    private final Policies policies;
    private final BooleanSupplier isCurrent;
    private final Executor answers;
    private final Clock clock;
    private final MeterRegistry registry;

    /**
     * Creates a handler.
     *
     * @param views has the clusters that were set up
     * @param decisions what was decided
     * @param policies what is required, and lifted, now
     * @param isCurrent whether that is all that the log had a moment ago
     * @param answers looks again for a decision that may be read in a moment
     * @param clock tells whether a decision has expired
     * @param registry counts answers
     */
    public AdmissionHandler(
            Views views,
            KnownDecisions decisions,
            Policies policies,
            BooleanSupplier isCurrent,
            Executor answers,
            Clock clock,
            MeterRegistry registry) {
        this.views = views;
        this.decisions = decisions;
        this.policies = policies;
        this.isCurrent = isCurrent;
        this.answers = answers;
        this.clock = clock;
        this.registry = registry;
    }

    /** Handles {@code POST /v1/kubernetes-clusters/{name}/admission}. */
    void review(Context ctx) {
        Requests.requireMediaType(ctx, JSON);
        JsonNode body = Requests.json(Requests.body(ctx, MAX_BYTES));
        AdmissionReview review = AdmissionReview.read(body);
        Principal principal = Routes.principal(ctx);
        String cluster = ctx.pathParam("name");
        Admission first = admission(principal, cluster, review);
        if (!first.isUndecided()) {
            answer(ctx, review, first);
            return;
        }
        var later = CompletableFuture.delayedExecutor(READ_SOON.toMillis(), TimeUnit.MILLISECONDS, answers);
        CompletableFuture<Void> again =
                CompletableFuture.runAsync(() -> answer(ctx, review, admission(principal, cluster, review)), later);
        ctx.future(() -> again);
    }

    private void answer(Context ctx, AdmissionReview review, Admission admission) {
        registry.counter("sluice.admissions", "outcome", admission.outcome()).increment();
        Requests.answer(ctx, OK, admission.json(review.uid()));
    }

    private Admission admission(Principal principal, String name, AdmissionReview review) {
        if (review.operation().equals("DELETE") || review.operation().equals("CONNECT")) {
            return Admission.allowed("not-concerned", "gates are not about " + review.operation());
        }
        if (!review.operation().equals("CREATE") && !review.operation().equals("UPDATE")) {
            return Admission.denied("the operation is not known");
        }
        if (review.subresource().equals("scale")
                && review.group().equals("autoscaling")
                && review.kind().equals("Scale")) {
            return Admission.allowed("not-concerned", "gates are not about the number of pods");
        }
        if (!views.hasRead(Topic.CONTROL)) {
            return Admission.unavailable("Sluice has not read what was set up yet");
        }
        Optional<Cluster> cluster = views.control(principal.tenant(), Control.KUBERNETES_CLUSTER, name)
                .map(Held::row)
                .map(control -> Cluster.of(control.document()));
        if (cluster.isEmpty()) {
            return Admission.denied("Sluice knows no cluster " + name);
        }
        if (PodImages.isOfAllNamespaces(review.group(), review.kind())) {
            return ofAllNamespaces(cluster.get(), review);
        }
        if (cluster.get().notGated().contains(review.namespace())) {
            return Admission.allowed("not-concerned", "the namespace is not gated");
        }
        Place place = cluster.get().namespaces().get(review.namespace());
        if (place == null) {
            return Admission.denied(
                    "Sluice does not know what environment the namespace " + review.namespace() + " is");
        }
        return admission(principal, cluster.get(), place, review);
    }

    /** No decision is about all environments at once. */
    private static Admission ofAllNamespaces(Cluster cluster, AdmissionReview review) {
        var images = new LinkedHashSet<String>();
        return withoutDecision(cluster, review, images)
                .orElseGet(() -> Admission.denied("the image "
                        + images.iterator().next()
                        + " would run in any namespace, and no decision is about all; let the cluster's set-up exempt its"
                        + " repository, or use an AnalysisTemplate"));
    }

    private Admission admission(Principal principal, Cluster cluster, Place place, AdmissionReview review) {
        var images = new LinkedHashSet<String>();
        return withoutDecision(cluster, review, images)
                .orElseGet(() -> byDecision(principal, cluster, place, review, images));
    }

    /**
     * Returns the answer that needs no decision; nothing where one is needed.
     *
     * @param changed gets the images that need one
     */
    private static Optional<Admission> withoutDecision(Cluster cluster, AdmissionReview review, Set<String> changed) {
        Optional<Set<String>> images = PodImages.of(review.group(), review.kind(), review.object());
        if (images.isEmpty()) {
            return Optional.of(Admission.denied("Sluice cannot tell which images this object runs"));
        }
        if (images.get().isEmpty()) {
            return Optional.of(Admission.allowed("not-concerned", "the object runs no images"));
        }
        changed.addAll(images.get());
        if (review.operation().equals("UPDATE")) {
            PodImages.of(review.group(), review.kind(), review.oldObject()).ifPresent(changed::removeAll);
        }
        if (changed.isEmpty()) {
            return Optional.of(Admission.allowed("unchanged", "the images are those that it has"));
        }
        changed.removeIf(image -> cluster.exemptImages().contains(ImageReference.repository(image)));
        return changed.isEmpty()
                ? Optional.of(Admission.allowed("exempt", "the images need no decision"))
                : Optional.empty();
    }

    private Admission byDecision(
            Principal principal, Cluster cluster, Place place, AdmissionReview review, Set<String> changed) {
        Optional<String> service = review.label(cluster.serviceLabel());
        if (service.isEmpty()) {
            return Admission.denied("the object has no label " + cluster.serviceLabel() + ", which names its service");
        }
        if (!principal.reach().includes(service.get(), place.environment())) {
            return Admission.denied("the cluster's token is not for service " + service.get() + " in environment "
                    + place.environment());
        }
        if (!isCurrent.getAsBoolean()) {
            return Admission.unavailable("Sluice has not read the log of decisions yet, or cannot read it now");
        }
        try {
            return decided(principal.tenant(), service.get(), place, changed);
        } catch (ApiException e) {
            return Admission.unavailable("Sluice does not know what is required now: " + e.getMessage());
        }
    }

    private Admission decided(String tenant, String service, Place place, Set<String> images) {
        Instant now = clock.instant();
        List<String> warnings = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (String image : images) {
            Optional<String> digest = ImageReference.digest(image);
            if (digest.isEmpty()) {
                return Admission.denied("the image " + image
                        + " has no digest, so a decision cannot be about it; name it as repository@sha256:...");
            }
            Optional<Known> found =
                    decisions.newest(new Subject(tenant, place.gate(), service, place.environment(), digest.get()));
            if (found.isEmpty()) {
                return Admission.undecided("no decision of gate " + place.gate() + " is known for service " + service
                        + " in environment " + place.environment() + " and image " + image
                        + "; ask the gate with this digest first");
            }
            Known known = found.get();
            if (!known.allowsAt(now)) {
                return Admission.undecided(denial(known, image));
            }
            Optional<String> gone = known.grounds().gone(policies, tenant, place.gate(), place.environment());
            if (gone.isPresent()) {
                return Admission.undecided(
                        "decision " + known.id() + " for image " + image + " no longer holds: " + gone.get());
            }
            ids.add(known.id());
            if (known.grounds().override() != null) {
                warnings.add("Sluice: the override " + known.grounds().override() + " has opened the gate");
            }
        }
        return new Admission("allowed", true, OK, "the gate has allowed each image", warnings, ids);
    }

    private static String denial(Known known, String image) {
        return known.isAllow()
                ? "decision " + known.id() + " for image " + image + " has expired at " + known.expiresAt()
                        + "; ask the gate again"
                : "decision " + known.id() + " for image " + image + " is " + known.decision() + ": " + known.reason();
    }
}
