package dev.sluice.gateapi.callers.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the images that an object's pods would run: of all containers, and those that are mounted. */
final class PodImages {
    private static final String TEMPLATE = "/spec/template/spec";

    /** Where the pod is described, by group and kind. */
    private static final Map<String, String> PODS = Map.of(
            "/Pod", "/spec",
            "/ReplicationController", TEMPLATE,
            "apps/Deployment", TEMPLATE,
            "apps/StatefulSet", TEMPLATE,
            "apps/DaemonSet", TEMPLATE,
            "apps/ReplicaSet", TEMPLATE,
            "argoproj.io/Rollout", TEMPLATE,
            "batch/Job", TEMPLATE,
            "batch/CronJob", "/spec/jobTemplate/spec/template/spec");

    private PodImages() {}

    /** Returns the images, at least one; nothing where they cannot be told for sure. */
    static Optional<Set<String>> of(String group, String kind, @Nullable JsonNode object) {
        String place = PODS.get(group + "/" + kind);
        if (place == null || object == null || !object.path("kind").asText(kind).equals(kind)) {
            return Optional.empty();
        }
        JsonNode pod = object.at(place);
        var images = new LinkedHashSet<String>();
        boolean known = pod.path("containers").isArray()
                && !pod.path("containers").isEmpty()
                && addEach(pod.path("containers"), images)
                && addEach(pod.path("initContainers"), images)
                && addEach(pod.path("ephemeralContainers"), images)
                && addMounted(pod.path("volumes"), images);
        return known ? Optional.of(images) : Optional.empty();
    }

    private static boolean addEach(JsonNode containers, Set<String> images) {
        if (isAbsent(containers)) {
            return true;
        }
        for (JsonNode container : containers) {
            if (!add(container.path("image"), images)) {
                return false;
            }
        }
        return containers.isArray();
    }

    private static boolean addMounted(JsonNode volumes, Set<String> images) {
        if (isAbsent(volumes)) {
            return true;
        }
        for (JsonNode volume : volumes) {
            if (!isAbsent(volume.path("image")) && !add(volume.at("/image/reference"), images)) {
                return false;
            }
        }
        return volumes.isArray();
    }

    private static boolean isAbsent(JsonNode list) {
        return list.isMissingNode() || list.isNull();
    }

    private static boolean add(JsonNode image, Set<String> images) {
        if (!image.isTextual() || image.textValue().isBlank()) {
            return false;
        }
        images.add(image.textValue());
        return true;
    }
}
