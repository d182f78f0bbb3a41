package dev.sluice.sources.metrics.pull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sources of metrics that may be asked: those of a file, and no others, so that whoever starts a run cannot make Sluice ask
 * whomever he likes. Secrets are in files of their own, which are read for each request.
 *
 * @param byName what is known of each
 */
public record MetricSources(Map<String, Source> byName) {
    private static final Set<String> FIELDS =
            Set.of("name", "type", "url", "token_file", "username", "password_file", "tenants");
    private static final String PROMETHEUS = "prometheus";

    public MetricSources {
        byName = Map.copyOf(byName);
    }

    /**
     * A Prometheus, or who speaks as it does.
     *
     * @param url where its API is, without {@code /api/v1}
     * @param username who asks, by HTTP Basic; null where a token says it, or nobody has to
     * @param secretFile the file of the password, or of the bearer token; null where none is needed
     * @param tenants whose runs may ask it; all if there are none
     */
    public record Source(
            URI url, @Nullable String username, @Nullable Path secretFile, Set<String> tenants) {
        public Source {
            tenants = Set.copyOf(tenants);
        }

        /**
         * Returns how it is asked.
         *
         * @param files reads its secret, for each request
         * @throws IllegalArgumentException if the URL is none that can be asked, or a secret would be sent where others can read it
         */
        public Endpoint endpoint(TextFiles files) {
            Path file = secretFile;
            if (file == null) {
                return new Endpoint(url, Credentials.none());
            }
            return new Endpoint(
                    url,
                    username == null
                            ? Credentials.bearer(() -> secret(files, file))
                            : Credentials.basic(username, () -> secret(files, file)));
        }

        private static String secret(TextFiles files, Path file) {
            try {
                return files.read(file).strip();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
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
     * Reads a file: {@code sources}, a list of objects with {@code name}, {@code type} (prometheus), {@code url} and, where one is
     * needed, {@code token_file}, or {@code username} and {@code password_file}; {@code tenants} where not all may ask it.
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
            Set<String> unknown = new TreeSet<>();
            node.fieldNames().forEachRemaining(unknown::add);
            unknown.removeAll(FIELDS);
            unknown.forEach(field -> problems.add(place + " has the unknown field " + field));
            if (!node.path("type").asText().equals(PROMETHEUS)) {
                problems.add(place + " must have the type " + PROMETHEUS);
            }
            if (node.has("tenants") && texts(node.path("tenants")).isEmpty()) {
                problems.add(place + " must have at least one of tenants, or not the field");
            }
            if (node.has("username") != node.has("password_file") || (node.has("username") && node.has("token_file"))) {
                problems.add(place + " must have a token_file, or username and password_file, or none of them");
            }
            try {
                var source = new Source(
                        new URI(node.path("url").asText()),
                        node.path("username").textValue(),
                        path(node.has("username") ? node.path("password_file") : node.path("token_file")),
                        texts(node.path("tenants")));
                source.endpoint(files);
                if (sources.putIfAbsent(name, source) != null) {
                    problems.add(place + " is there twice");
                }
            } catch (URISyntaxException e) {
                problems.add(place + " must have a url");
            } catch (IllegalArgumentException e) {
                problems.add(place + ": " + e.getMessage());
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

    private static Set<String> texts(JsonNode list) {
        Set<String> texts = new TreeSet<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static @Nullable Path path(JsonNode text) {
        return text.isTextual() ? Path.of(text.textValue()) : null;
    }
}
