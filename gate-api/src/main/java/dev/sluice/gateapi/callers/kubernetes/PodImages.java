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
            "apps/ControllerRevision", "/data" + TEMPLATE,
            "apps/Deployment", TEMPLATE,
            "apps/StatefulSet", TEMPLATE,
            "apps/DaemonSet", TEMPLATE,
            "apps/ReplicaSet", TEMPLATE,
            "argoproj.io/Rollout", TEMPLATE,
            "batch/Job", TEMPLATE,
            "batch/CronJob", "/spec/jobTemplate/spec/template/spec");

    private static final String EXPERIMENT = "argoproj.io/Experiment";
    private static final String CLUSTER_TEMPLATE = "argoproj.io/ClusterAnalysisTemplate";
    private static final Set<String> ANALYSES =
            Set.of("argoproj.io/AnalysisRun", "argoproj.io/AnalysisTemplate", CLUSTER_TEMPLATE);

    private PodImages() {}

    /** Returns whether objects of the kind are in no namespace, and are used in each. */
    static boolean isOfAllNamespaces(String group, String kind) {
        return CLUSTER_TEMPLATE.equals(group + "/" + kind);
    }

    /** Returns the images: at least one, but for analyses, which may run none; nothing where they cannot be told for sure. */
    static Optional<Set<String>> of(String group, String kind, @Nullable JsonNode object) {
        String name = group + "/" + kind;
        if (object == null || !object.path("kind").asText(kind).equals(kind)) {
            return Optional.empty();
        }
        var images = new LinkedHashSet<String>();
        String place = PODS.get(name);
        boolean known = (place != null && addPod(object.at(place), images))
                || (name.equals(EXPERIMENT) && addTemplates(object.at("/spec/templates"), images))
                || (ANALYSES.contains(name) && addJobs(object.path("spec"), images));
        return known ? Optional.of(images) : Optional.empty();
    }

    private static boolean addPod(JsonNode pod, Set<String> images) {
        return pod.path("containers").isArray()
                && !pod.path("containers").isEmpty()
                && addEach(pod.path("containers"), images)
                && addEach(pod.path("initContainers"), images)
                && addEach(pod.path("ephemeralContainers"), images)
                && addMounted(pod.path("volumes"), images);
    }

    private static boolean addTemplates(JsonNode templates, Set<String> images) {
        for (JsonNode template : templates) {
            if (!addPod(template.at("/template/spec"), images)) {
                return false;
            }
        }
        return templates.isArray() && !templates.isEmpty();
    }

    /** A metric may be measured by a Job. */
    private static boolean addJobs(JsonNode spec, Set<String> images) {
        JsonNode metrics = spec.path("metrics");
        if (isAbsent(metrics)) {
            return spec.isObject();
        }
        for (JsonNode metric : metrics) {
            JsonNode provider = metric.path("provider");
            JsonNode job = provider.path("job");
            boolean known = (isAbsent(provider) || provider.isObject())
                    && Arguments.stayInTheirTexts(metric)
                    && (isAbsent(job) || addPod(job.at(TEMPLATE), images));
            if (!known) {
                return false;
            }
        }
        return metrics.isArray();
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
        if (!image.isTextual() || image.textValue().isBlank() || Arguments.areIn(image.textValue())) {
            return false;
        }
        images.add(image.textValue());
        return true;
    }
}
