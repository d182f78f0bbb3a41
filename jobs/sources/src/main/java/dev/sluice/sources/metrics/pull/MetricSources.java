package dev.sluice.sources.metrics.pull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sources of metrics that may be asked: those of a file, and no others, so that whoever starts a run cannot make Sluice ask
 * whomever he likes. Secrets are in files of their own, which are read for each request.
 *
 * @param byName what is known of each
 */
public record MetricSources(Map<String, Source> byName) {
    public MetricSources {
        byName = Map.copyOf(byName);
    }

    /** Reads files, which nothing else here does. */
    public interface TextFiles {
        /** Returns the text of a file in UTF-8. */
        String read(Path file) throws IOException;
    }

    /** Returns no sources. */
    public static MetricSources none() {
        return new MetricSources(Map.of());
    }

    /**
     * Reads a file: {@code sources}, a list of objects with {@code name}, {@code type}, {@code url}, {@code tenants} where not all
     * may ask it, and what is needed to ask it: of a {@code prometheus} {@code token_file}, or {@code username} and
     * {@code password_file}, or nothing; of {@code datadog} {@code api_key_file} and {@code application_key_file}; of
     * {@code elasticsearch} the same as of a Prometheus, {@code index}, and {@code timestamp_field} where it is another one than
     * usual; of both {@code delay} where the usual one is too short.
     *
     * @param file where it is
     * @param files reads it
     * @throws IllegalArgumentException naming the file and all that is wrong in it
     */
    public static MetricSources read(Path file, TextFiles files) {
        var problems = new ArrayList<String>();
        var sources = new LinkedHashMap<String, Source>();
        for (JsonNode node : list(file, files)) {
            String name = node.path("name").asText();
            String place = name.isEmpty() ? "a source" : "source " + name;
            if (name.isEmpty()) {
                problems.add(place + " has no name");
            }
            var reader = new SourceReader(node, place);
            Source source = reader.read(files);
            problems.addAll(reader.problems());
            if (source != null && sources.putIfAbsent(name, source) != null) {
                problems.add(place + " is there twice");
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(file + ": " + String.join("; ", problems));
        }
        return new MetricSources(sources);
    }

    private static List<JsonNode> list(Path file, TextFiles files) {
        try {
            JsonNode document = new YAMLMapper().readTree(files.read(file));
            if (!document.path("sources").isArray() || document.size() != 1) {
                throw new IllegalArgumentException(file + " must have a list of sources, and nothing else");
            }
            var sources = new ArrayList<JsonNode>();
            document.path("sources").forEach(sources::add);
            return sources;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
