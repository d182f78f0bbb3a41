package dev.sluice.gateapi.callers.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gateapi.http.Members;
import dev.sluice.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the namespaces of a cluster are to gates.
 *
 * @param serviceLabel the label of an object that names its service
 * @param namespaces those whose objects need a decision, and which
 * @param notGated those whose objects need none
 * @param exemptImages the repositories whose images need none
 */
record Cluster(String serviceLabel, Map<String, Place> namespaces, Set<String> notGated, Set<String> exemptImages) {
    private static final String DEFAULT_LABEL = "app.kubernetes.io/name";
    private static final int MOST = 300;
    private static final int MOST_NAMESPACES = 1_000;
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern LABEL =
            Pattern.compile("([a-z0-9][a-z0-9.-]{0,252}/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Pattern GATE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    Cluster {
        namespaces = Map.copyOf(namespaces);
        notGated = Set.copyOf(notGated);
        exemptImages = Set.copyOf(exemptImages);
    }

    /**
     * Which decision is needed.
     *
     * @param environment where things go
     * @param gate which gate must have allowed it
     */
    record Place(String environment, String gate) {}

    /** Reads a request; what is wrong with it is told by the body. */
    static Cluster read(JsonNode json, Members body) {
        Optional<String> label = body.optional("service_label", Cluster::label, "the name of a label");
        var namespaces = new TreeMap<String, Place>();
        body.object("namespaces").ifPresent(members -> {
            List<String> names = new ArrayList<>();
            json.path("namespaces").fieldNames().forEachRemaining(names::add);
            if (names.size() > MOST_NAMESPACES) {
                body.wrong("namespaces", "namespaces must be at most " + MOST_NAMESPACES);
            }
            for (String name : names) {
                if (NAMESPACE.matcher(name).matches()) {
                    members.object(name).flatMap(Cluster::place).ifPresent(place -> namespaces.put(name, place));
                } else {
                    members.wrong(name, "this is no name of a namespace");
                }
            }
        });
        Set<String> notGated = body.texts("not_gated", MOST);
        if (notGated.stream().anyMatch(json.path("namespaces")::has)) {
            body.wrong("not_gated", "not_gated has a namespace that is gated");
        }
        Set<String> exempt = body.texts("exempt_images", MOST);
        if (!exempt.stream().allMatch(image -> ImageReference.repository(image).equals(image))) {
            body.wrong("exempt_images", "exempt_images are repositories, without tags and digests");
        }
        body.rejectUnknown();
        return new Cluster(label.orElse(DEFAULT_LABEL), namespaces, notGated, exempt);
    }

    private static Optional<String> label(String text) {
        return Optional.of(text).filter(given -> LABEL.matcher(given).matches());
    }

    private static Optional<Place> place(Members members) {
        Optional<String> environment = members.required("environment", MOST);
        Optional<String> gate = members.optional("gate", MOST);
        members.rejectUnknown();
        Optional<String> asked = gate.or(() -> environment);
        if (asked.isPresent() && !GATE.matcher(asked.get()).matches()) {
            members.wrong("gate", "the name of a gate is made of letters, digits, dots and dashes");
        }
        return environment.map(name -> new Place(name, asked.orElse(name)));
    }

    /** Returns what was set up. */
    static Cluster of(JsonNode document) {
        var namespaces = new TreeMap<String, Place>();
        document.path("namespaces")
                .properties()
                .forEach(one -> namespaces.put(
                        one.getKey(),
                        new Place(
                                one.getValue().path("environment").asText(),
                                one.getValue().path("gate").asText())));
        return new Cluster(
                document.path("service_label").asText(),
                namespaces,
                texts(document.path("not_gated")),
                texts(document.path("exempt_images")));
    }

    private static Set<String> texts(JsonNode list) {
        var texts = new TreeSet<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    /** Returns it as it is kept and shown: all that is set, in order. */
    ObjectNode json() {
        ObjectNode json = Json.mapper().createObjectNode().put("service_label", serviceLabel);
        json.set("namespaces", Json.mapper().valueToTree(new TreeMap<>(namespaces)));
        json.set("not_gated", Json.mapper().valueToTree(new TreeSet<>(notGated)));
        json.set("exempt_images", Json.mapper().valueToTree(new TreeSet<>(exemptImages)));
        return json;
    }
}
