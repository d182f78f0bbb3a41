package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Fails the deployment of a canary of Nomad, or reverts a job to the stable version that has brought the target. A version of a job is of what {@code version} in its
 * {@code meta} says or, where that is absent, of what the image of one task says. A job is reverted only while its version is the one that was read: Nomad compares them.
 */
final class Nomad extends Conversation {
    private static final String UNSTABLE = "the version of the job that the order is to bring about was never stable";
    private static final String ENDED = "the deployment of the canary is ended already";
    private static final String OVER = "the deployment of the canary is over, and has not failed";
    private static final Set<String> ACTIVE =
            Set.of("running", "paused", "pending", "blocked", "unblocking", "initializing");
    private static final Set<String> FAILED = Set.of("failed", "cancelled");
    /** What Nomad writes into a version by itself, and what says where a version stands. */
    private static final Set<String> OF_THE_VERSION = Set.of(
            "Version",
            "VersionTag",
            "Stable",
            "Status",
            "StatusDescription",
            "SubmitTime",
            "CreateIndex",
            "ModifyIndex",
            "JobModifyIndex");

    @Override
    Map<String, String> headers(String token) {
        return Map.of("Accept", "application/json", "X-Nomad-Token", token);
    }

    @Override
    CompletableFuture<Answer> tell(Endpoint endpoint, Wanted wanted, Talk talk) {
        return talk.read(job(endpoint, "/versions"), Talk.LIST, answer -> {
            List<JsonNode> versions = StreamSupport.stream(
                            answer.path("Versions").spliterator(), false)
                    .filter(version -> version.path("Version").isIntegralNumber())
                    .sorted(Comparator.comparingLong(Nomad::number).reversed())
                    .toList();
            if (versions.isEmpty()) {
                return Talk.notUnderstood();
            }
            return wanted.isAbort()
                    ? abort(endpoint, wanted, versions, talk)
                    : revert(endpoint, wanted, versions, talk);
        });
    }

    private static String job(Endpoint endpoint, String what) {
        return "/v1/job/" + Talk.encoded(endpoint.setting("job")) + what + namespace(endpoint);
    }

    private static String namespace(Endpoint endpoint) {
        return "?namespace=" + Talk.encoded(endpoint.setting("namespace"));
    }

    private static long number(JsonNode version) {
        return version.path("Version").asLong();
    }

    private static CompletableFuture<Answer> revert(
            Endpoint endpoint, Wanted wanted, List<JsonNode> versions, Talk talk) {
        JsonNode present = versions.get(0);
        if (isOf(wanted.target(), present, endpoint)) {
            return isThere();
        }
        if (!isOf(wanted.leaving(), present, endpoint)) {
            return Talk.refused(FENCED);
        }
        List<JsonNode> found = versions.stream()
                .filter(version -> isOf(wanted.target(), version, endpoint))
                .toList();
        List<JsonNode> stable = found.stream()
                .filter(version -> version.path("Stable").asBoolean())
                .toList();
        if (!found.isEmpty() && stable.isEmpty()) {
            return Talk.refused(UNSTABLE);
        }
        return withTheOne(
                stable,
                Nomad::specification,
                version -> talk.write(
                        "POST",
                        job(endpoint, "/revert"),
                        "application/json",
                        Json.bytes(Json.mapper()
                                .createObjectNode()
                                .put("JobID", endpoint.setting("job"))
                                .put("JobVersion", number(version))
                                .put("EnforcePriorVersion", number(present))),
                        Outcome.ACKNOWLEDGED));
    }

    private static CompletableFuture<Answer> abort(
            Endpoint endpoint, Wanted wanted, List<JsonNode> versions, Talk talk) {
        return talk.read(job(endpoint, "/deployment"), Talk.OBJECT, deployment -> {
            Optional<JsonNode> version = versions.stream()
                    .filter(each -> deployment.path("JobVersion").isIntegralNumber()
                            && number(each) == deployment.path("JobVersion").asLong())
                    .findFirst();
            if (version.isPresent() && isOf(wanted.target(), version.get(), endpoint)) {
                return isThere();
            }
            if (version.isEmpty() || !isOf(wanted.leaving(), version.get(), endpoint)) {
                return Talk.refused(FENCED);
            }
            String status = deployment.path("Status").asText();
            if (FAILED.contains(status)) {
                return Talk.end(Outcome.ACKNOWLEDGED, ENDED);
            }
            if (!ACTIVE.contains(status)) {
                return Talk.refused(OVER);
            }
            return talk.write(
                    "POST",
                    "/v1/deployment/fail/" + Talk.encoded(deployment.path("ID").asText()) + namespace(endpoint),
                    "application/json",
                    new byte[0],
                    Outcome.ACKNOWLEDGED);
        });
    }

    private static boolean isOf(Artifact artifact, JsonNode version, Endpoint endpoint) {
        Set<String> images = StreamSupport.stream(version.path("TaskGroups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.path("Tasks").spliterator(), false))
                .filter(task -> task.path("Name").asText().equals(endpoint.setting("task")))
                .map(task -> task.at("/Config/image").asText(""))
                .collect(Collectors.toSet());
        Artifact image = Artifact.ofImage(images.size() == 1 ? images.iterator().next() : "");
        String said = version.at("/Meta/version").textValue();
        return artifact.isSameAs(new Artifact(said == null ? image.version() : said, null, image.digest()));
    }

    private static JsonNode specification(JsonNode version) {
        return version.<ObjectNode>deepCopy().without(OF_THE_VERSION);
    }
}
