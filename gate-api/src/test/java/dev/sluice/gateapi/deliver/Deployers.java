package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.gateapi.egress.OutboundRequest;
import dev.sluice.rollback.KnownDeployment;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * One of each who rolls back under a condition of their own: a Deployment and a Rollout of Kubernetes, an application of Argo CD, a job of Nomad and a
 * project of GitLab. Each runs a version, and
 * knows an earlier one.
 */
public final class Deployers implements AutoCloseable {
    /** What lets in. */
    public static final String TOKEN = "hush-0123456789";

    private static final Artifact RUNS = new Artifact("1.4.0", "c3d4", null);
    private static final Artifact EARLIER = new Artifact("1.3.9", "a1b2", null);

    private static final List<String> HEADERS =
            List.of("Accept", "Authorization", "Content-Type", "X-Nomad-Token", "PRIVATE-TOKEN");

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Silence silence = new Silence();
    private final Map<String, Deployer> all = new TreeMap<>();

    private record Deployer(URI url, Map<String, String> settings, IntSupplier effects, Runnable end) {}

    /** Starts them. */
    public Deployers() throws IOException {
        kubernetes("kubernetes-deployment", "deployment", "apps/v1", "Deployment", Cluster.DEPLOYMENTS);
        kubernetes("argo-rollout", "rollout", "argoproj.io/v1alpha1", "Rollout", Cluster.ROLLOUTS);
        serve("argo-cd", Map.of("application", "checkout"), new ArgoCdStandIn().server());
        serve("nomad", Map.of("namespace", "shop", "job", "checkout", "task", "server"), new NomadStandIn().server());
        serve(
                "gitlab-job-retry",
                Map.of("project", "acme/checkout", "environment", "review/a b"),
                new GitlabStandIn().server());
    }

    private void kubernetes(String kind, String setting, String version, String object, String path) {
        var cluster = new Cluster();
        cluster.replaceToken(TOKEN);
        cluster.beforeAnswers(silence::keep);
        String uid = cluster.create(
                path,
                "{\"apiVersion\": \"" + version + "\", \"kind\": \"" + object
                        + "\", \"metadata\": {\"name\": \"checkout\", \"namespace\": \"shop\"}, \"spec\":"
                        + " {\"selector\": {\"matchLabels\": {\"app\": \"checkout\"}}, \"template\": "
                        + template(RUNS) + "}}");
        cluster.create(
                Cluster.SETS,
                "{\"apiVersion\": \"apps/v1\", \"kind\": \"ReplicaSet\", \"metadata\": {\"name\": \"a\","
                        + " \"namespace\": \"shop\", \"labels\": {\"app\": \"checkout\"}, \"ownerReferences\": [{\"uid\": \""
                        + uid + "\", \"controller\": true}]}, \"spec\": {\"template\": " + template(EARLIER) + "}}");
        all.put(
                kind,
                new Deployer(
                        URI.create("http://127.0.0.1:" + cluster.port()),
                        Map.of("namespace", "shop", setting, "checkout", "container", "checkout"),
                        () -> cluster.object(path + "/checkout")
                                        .at("/metadata/generation")
                                        .asInt()
                                - 1,
                        cluster::close));
    }

    private static String template(Artifact artifact) {
        return "{\"metadata\": {\"labels\": {\"app\": \"checkout\"}}, \"spec\": {\"containers\":"
                + " [{\"name\": \"checkout\", \"image\": \"shop/checkout:" + artifact.version() + "\"}]}}";
    }

    private void serve(String kind, Map<String, String> settings, StrictServer server) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/", exchange -> answer(exchange, server));
        http.start();
        URI url = URI.create("http://127.0.0.1:" + http.getAddress().getPort());
        all.put(
                kind,
                new Deployer(
                        url,
                        settings,
                        () -> {
                            synchronized (server) {
                                return server.done().size();
                            }
                        },
                        () -> http.stop(0)));
    }

    private void answer(HttpExchange exchange, StrictServer server) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String name : HEADERS) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
                headers.put(name, value);
            }
        }
        var request = new OutboundRequest(
                exchange.getRequestMethod(),
                URI.create(StrictServer.BASE + exchange.getRequestURI()),
                headers,
                exchange.getRequestBody().readAllBytes());
        OutboundAnswer answer;
        synchronized (server) {
            answer = server.send(request).join();
        }
        silence.keep(request.method());
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }

    /** Returns the deployment of what runs. */
    public static KnownDeployment runs(String id, Instant finishedAt) {
        return deployment(id, RUNS, finishedAt);
    }

    /** Returns the deployment of what has run before. */
    public static KnownDeployment earlier(String id, Instant finishedAt) {
        return deployment(id, EARLIER, finishedAt);
    }

    private static KnownDeployment deployment(String id, Artifact artifact, Instant finishedAt) {
        return new KnownDeployment(id, artifact.version(), artifact.sha(), artifact.digest(), finishedAt, false);
    }

    /** Returns the kinds of endpoints. */
    public List<String> kinds() {
        return List.copyOf(all.keySet());
    }

    /** Returns what may be sent to, as {@code SLUICE_EGRESS_ALLOW} has it. */
    public String allowed() {
        return all.values().stream().map(one -> one.url().toString()).collect(Collectors.joining(","));
    }

    /** Returns the endpoint of a kind, as it is set up; its token is in a variable. */
    public String endpoint(String kind, String variable) {
        Deployer deployer = all.get(kind);
        ObjectNode endpoint = Json.mapper().createObjectNode().put("kind", kind);
        if (deployer != null) {
            endpoint.put("url", deployer.url().toString());
            deployer.settings().forEach(endpoint::put);
        }
        return endpoint.put("secret_env", variable).toString();
    }

    /** Nobody says anything from now on to requests that read or that change something: they are done all the same. */
    public void keepSilence(boolean ofChanges) {
        silence.begin(ofChanges);
    }

    /** Returns to how many requests nothing was said. */
    public int silences() {
        return silence.kept();
    }

    /** All speak again. */
    public void speak() {
        silence.end();
    }

    /** Returns how often each of them has gone back, by its kind. */
    public Map<String, Integer> effects() {
        return new TreeMap<>(all.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, one -> one.getValue().effects().getAsInt())));
    }

    @Override
    public void close() {
        silence.end();
        all.values().forEach(one -> one.end().run());
        threads.shutdownNow();
    }
}
