package dev.sluice.gateapi.pipelines;

import static java.util.Objects.requireNonNull;

import groovy.lang.Binding;
import groovy.lang.Closure;
import groovy.lang.GroovyShell;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.groovy.runtime.MethodClosure;
import org.jspecify.annotations.Nullable;

/** Runs {@code jenkins/vars/sluiceGate.groovy} with the steps of Jenkins that it takes. */
public final class JenkinsLibrary {
    /** What the step httpRequest takes, of what its documentation names. */
    private static final Set<String> PARAMETERS = Set.of(
            "httpMode",
            "url",
            "timeout",
            "quiet",
            "consoleLogResponseBody",
            "validResponseCodes",
            "acceptType",
            "contentType",
            "customHeaders",
            "requestBody");

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> credentials = new HashMap<>();
    private final List<String> console = new ArrayList<>();
    private final List<Map<String, Object>> requests = new ArrayList<>();
    private final List<Integer> slept = new ArrayList<>();
    private Runnable whileAsleep = () -> {};

    /** An answer as the plugin gives it. */
    public static final class Response {
        private final HttpResponse<String> response;

        Response(HttpResponse<String> response) {
            this.response = response;
        }

        /** Returns the status. */
        public int getStatus() {
            return response.statusCode();
        }

        /** Returns the body; null where there is none, as the plugin does. */
        public @Nullable String getContent() {
            return response.body().isEmpty() ? null : response.body();
        }

        /** Returns the headers. */
        public Map<String, List<String>> getHeaders() {
            return response.headers().map();
        }
    }

    /** Thrown by the step {@code error}. */
    public static final class BuildFailed extends RuntimeException {
        BuildFailed(String message) {
            super(message);
        }
    }

    /** Sets a variable of the build. */
    public JenkinsLibrary with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Stores a secret text. */
    public JenkinsLibrary withSecretText(String id, String secret) {
        credentials.put(id, secret);
        return this;
    }

    /** Does this instead of waiting. */
    public JenkinsLibrary whileAsleep(Runnable task) {
        whileAsleep = task;
        return this;
    }

    /** Returns what the build shows. */
    public List<String> console() {
        return console;
    }

    /** Returns the parameters of the requests. */
    public List<Map<String, Object>> requests() {
        return requests;
    }

    /** Returns for how many seconds the build has slept, each time. */
    public List<Integer> slept() {
        return slept;
    }

    /**
     * Calls the step.
     *
     * @throws BuildFailed if it fails the build
     */
    @SuppressWarnings("unchecked")
    public Map<String, Object> sluiceGate(Map<String, Object> parameters) {
        var binding = new Binding();
        binding.setVariable("env", environment);
        var steps = new Steps();
        for (String step : List.of("httpRequest", "sleep", "echo", "error", "string", "withCredentials")) {
            binding.setVariable(step, new MethodClosure(steps, step));
        }
        return (Map<String, Object>) new GroovyShell(binding)
                .parse(PipelineFiles.text("jenkins/vars/sluiceGate.groovy"), "sluiceGate.groovy")
                .invokeMethod("call", parameters);
    }

    /** The steps, which Groovy calls by their names. */
    public final class Steps {
        private Steps() {}

        /** Shows a line. */
        public void echo(Object message) {
            console.add(message.toString());
        }

        /** Fails the build. */
        @SuppressWarnings("DoNotCallSuggester")
        public void error(Object message) {
            throw new BuildFailed(message.toString());
        }

        /** Describes a secret text. */
        public Map<String, String> string(Map<String, String> secret) {
            return secret;
        }

        /** Runs a block with its secrets. */
        public void withCredentials(List<Map<String, String>> secrets, Closure<?> block) {
            for (Map<String, String> secret : secrets) {
                environment.put(
                        requireNonNull(secret.get("variable")),
                        requireNonNull(credentials.get(requireNonNull(secret.get("credentialsId")))));
            }
            block.call();
            secrets.forEach(secret -> environment.remove(secret.get("variable")));
        }

        /** Does what is to be done instead. */
        public void sleep(Map<String, Object> parameters) {
            slept.add((Integer) requireNonNull(parameters.get("time")));
            whileAsleep.run();
        }

        /** Sends a request. */
        @SuppressWarnings("unchecked")
        public Response httpRequest(Map<String, Object> parameters) throws InterruptedException {
            if (!PARAMETERS.containsAll(parameters.keySet())) {
                throw new IllegalArgumentException("unknown parameter among " + parameters.keySet());
            }
            requests.add(parameters);
            @Nullable String body = (String) parameters.get("requestBody");
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create((String) requireNonNull(parameters.get("url"))))
                    .timeout(Duration.ofSeconds((Integer) requireNonNull(parameters.get("timeout"))))
                    .method(
                            (String) requireNonNull(parameters.get("httpMode")),
                            body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
            if (body != null) {
                request.header("Content-Type", "application/json");
            }
            for (Map<String, Object> header :
                    (List<Map<String, Object>>) parameters.getOrDefault("customHeaders", List.of())) {
                request.header(
                        (String) requireNonNull(header.get("name")), (String) requireNonNull(header.get("value")));
            }
            try {
                return new Response(CLIENT.send(request.build(), BodyHandlers.ofString()));
            } catch (IOException e) {
                // so does the plugin where nobody answers
                throw new IllegalStateException(e);
            }
        }
    }
}
