package dev.sluice.sources.metrics.pull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Durations;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads one source of a file, and collects what is wrong with it. */
final class SourceReader {
    private static final String TYPE = "type";
    private static final String URL = "url";
    private static final String TOKEN_FILE = "token_file";
    private static final String USERNAME = "username";
    private static final String PASSWORD_FILE = "password_file";
    private static final String API_KEY_FILE = "api_key_file";
    private static final String APPLICATION_KEY_FILE = "application_key_file";
    private static final String TENANTS = "tenants";
    private static final String DELAY = "delay";
    private static final String INDEX = "index";
    private static final String TIMESTAMP_FIELD = "timestamp_field";
    private static final Set<String> OF_ALL = Set.of("name", TYPE, URL, TENANTS);
    private static final Map<String, Set<String>> OF_TYPE = Map.of(
            "prometheus", Set.of(TOKEN_FILE, USERNAME, PASSWORD_FILE),
            "datadog", Set.of(API_KEY_FILE, APPLICATION_KEY_FILE, DELAY),
            "elasticsearch", Set.of(TOKEN_FILE, USERNAME, PASSWORD_FILE, INDEX, TIMESTAMP_FIELD, DELAY));
    /** With less the end of a time would be asked for again, and a number of it might be another one then. */
    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(30);

    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    private final JsonNode node;
    private final String place;
    private final List<String> problems = new ArrayList<>();

    /**
     * Begins with a source.
     *
     * @param node what the file has of it
     * @param place what it is called where something is wrong
     */
    SourceReader(JsonNode node, String place) {
        this.node = node;
        this.place = place;
    }

    /** Returns what is wrong; nothing before the source has been read. */
    List<String> problems() {
        return problems;
    }

    /** Returns the source; null where something is wrong. */
    @Nullable
    Source read(MetricSources.TextFiles files) {
        String type = node.path(TYPE).asText();
        Set<String> ofType = OF_TYPE.get(type);
        if (ofType == null) {
            problems.add(place + " must have the type " + String.join(" or ", new TreeSet<>(OF_TYPE.keySet())));
            return null;
        }
        Set<String> unknown = new TreeSet<>();
        node.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(OF_ALL);
        unknown.removeAll(ofType);
        unknown.forEach(field -> problems.add(place + " has the unknown field " + field));
        if (node.has(TENANTS) && tenants().isEmpty()) {
            problems.add(place + " must have at least one of tenants, or not the field");
        }
        try {
            Source source = switch (type) {
                case "datadog" -> datadog();
                case "elasticsearch" -> elasticsearch();
                default -> new Source.Prometheus(url(), login(), tenants());
            };
            source.endpoint(files);
            return problems.isEmpty() ? source : null;
        } catch (URISyntaxException e) {
            problems.add(place + " must have a url");
        } catch (IllegalArgumentException e) {
            problems.add(place + ": " + e.getMessage());
        }
        return null;
    }

    private Source datadog() throws URISyntaxException {
        Path apiKey = file(API_KEY_FILE);
        Path applicationKey = file(APPLICATION_KEY_FILE);
        if (apiKey == null || applicationKey == null) {
            throw new IllegalArgumentException(
                    "an " + API_KEY_FILE + " and an " + APPLICATION_KEY_FILE + " are needed");
        }
        return new Source.Datadog(url(), apiKey, applicationKey, tenants(), delay(Source.Datadog.DEFAULT_DELAY));
    }

    private Source elasticsearch() throws URISyntaxException {
        return new Source.Elasticsearch(
                url(),
                login(),
                node.path(INDEX).asText(),
                node.path(TIMESTAMP_FIELD).asText(Source.Elasticsearch.DEFAULT_TIMESTAMP_FIELD),
                tenants(),
                delay(Source.Elasticsearch.DEFAULT_DELAY));
    }

    private Duration delay(Duration otherwise) {
        if (!node.has(DELAY)) {
            return otherwise;
        }
        return Durations.parse(node.path(DELAY).asText())
                .filter(delay -> delay.compareTo(SHORTEST_DELAY) >= 0 && delay.compareTo(LONGEST_DELAY) <= 0)
                .orElseThrow(() -> new IllegalArgumentException(DELAY + " must be " + Durations.EXPECTED + ", from "
                        + SHORTEST_DELAY.toSeconds() + "s to " + LONGEST_DELAY.toMinutes() + "m"));
    }

    private Source.Login login() {
        if (node.has(USERNAME) != node.has(PASSWORD_FILE) || (node.has(USERNAME) && node.has(TOKEN_FILE))) {
            problems.add(place + " must have a token_file, or username and password_file, or none of them");
        }
        return new Source.Login(node.path(USERNAME).textValue(), file(node.has(USERNAME) ? PASSWORD_FILE : TOKEN_FILE));
    }

    private URI url() throws URISyntaxException {
        return new URI(node.path(URL).asText());
    }

    private @Nullable Path file(String field) {
        JsonNode text = node.path(field);
        return text.isTextual() ? Path.of(text.textValue()) : null;
    }

    private Set<String> tenants() {
        Set<String> texts = new TreeSet<>();
        node.path(TENANTS).forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
