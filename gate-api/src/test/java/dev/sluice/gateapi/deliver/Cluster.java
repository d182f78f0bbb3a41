package dev.sluice.gateapi.deliver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Headers;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The API of Kubernetes in memory. It lets in by one token, and takes what asks as Sluice does. A JSON patch whose test fails, which the stand-in it is made of does not answer, is
 * answered as Kubernetes does.
 */
public final class Cluster extends KubernetesCrudDispatcher implements AutoCloseable {
    /** Path of the Deployments of a namespace. */
    public static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";

    static final String ROLLOUTS = "/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts";
    /** Path of the ReplicaSets of a namespace. */
    public static final String SETS = "/apis/apps/v1/namespaces/shop/replicasets";

    static final String JSON_PATCH = "application/json-patch+json";
    static final String MERGE_PATCH = "application/merge-patch+json";
    /** Tells each request, where it is not told otherwise. */
    private static final Logger CHATTER = Logger.getLogger(MockWebServer.class.getName());

    private static final int UNAUTHORIZED = 401;
    private static final int BAD_REQUEST = 400;
    private static final int UNPROCESSABLE = 422;
    private static final int GATEWAY_TIMEOUT = 504;

    private final MockWebServer web = new MockWebServer();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<JsonNode> patches = new CopyOnWriteArrayList<>();
    private volatile String token = "first";
    private volatile @Nullable Runnable meanwhile;
    private volatile boolean losesAnswers;
    private volatile Consumer<String> beforeAnswers = method -> {};

    /** Starts one, on a free port of this machine. */
    public Cluster() {
        super(List.of(new CustomResourceDefinitionContext.Builder()
                .withGroup("argoproj.io")
                .withVersion("v1alpha1")
                .withKind("Rollout")
                .withPlural("rollouts")
                .withScope("Namespaced")
                .withStatusSubresource(true)
                .build()));
        CHATTER.setLevel(Level.WARNING);
        web.setDispatcher(this);
        web.start(InetAddress.getLoopbackAddress(), 0);
    }

    /** Returns where it listens. */
    public int port() {
        return web.getPort();
    }

    /** Lets in by another token from now on. */
    void replaceToken(String next) {
        token = next;
    }

    /** Does something once, after what is to be changed was read, and before it is changed. */
    void meanwhile(Runnable once) {
        meanwhile = once;
    }

    /** Does what is asked for, and does not say so. */
    void loseAnswers(boolean lose) {
        losesAnswers = lose;
    }

    /** Has something done with the method of each request after what it asks for, and before it is answered. */
    void beforeAnswers(Consumer<String> step) {
        beforeAnswers = step;
    }

    /** Returns the requests, each with its method, path and query. */
    List<String> heard() {
        return heard;
    }

    /** Returns the bodies of the changes that were asked for. */
    public List<JsonNode> patches() {
        return patches;
    }

    /** Creates an object, and returns its uid. */
    public String create(String path, String json) {
        MockResponse made = super.handleCreate(request(HttpMethod.POST, path, "application/json", json));
        return read(made).at("/metadata/uid").asText();
    }

    /** Changes an object from another side. */
    void change(String path, String mergePatch) {
        var unused = super.handlePatch(request(HttpMethod.PATCH, path, MERGE_PATCH, mergePatch));
    }

    /** Replaces the template of an object from another side; the stand-in's merge patches do not replace lists. */
    void replaceTemplate(String path, String template) {
        String patch = "[{\"op\": \"replace\", \"path\": \"/spec/template\", \"value\": " + template + "}]";
        var unused = super.handlePatch(request(HttpMethod.PATCH, path, JSON_PATCH, patch));
    }

    /** Returns an object as it is. */
    public JsonNode object(String path) {
        return read(super.handleGet(path));
    }

    private static JsonNode read(MockResponse response) {
        return Json.read(response.getBody().getBytes(), JsonNode.class);
    }

    private static RecordedRequest request(HttpMethod method, String path, String type, String body) {
        return new RecordedRequest(
                "HTTP/1.1",
                method,
                path,
                Headers.builder().add("Content-Type", type).build(),
                new Buffer(body.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        heard.add(request.getMethod() + " " + request.getPath());
        if (!("Bearer " + token).equals(request.getHeader("Authorization"))) {
            return new MockResponse().setResponseCode(UNAUTHORIZED);
        }
        boolean isChange = request.method() == HttpMethod.PATCH;
        boolean isRight = isChange
                ? List.of(JSON_PATCH, MERGE_PATCH).contains(String.valueOf(request.getHeader("Content-Type")))
                : request.method() == HttpMethod.GET && request.getUtf8Body().isEmpty();
        if (!isRight || !"application/json".equals(request.getHeader("Accept"))) {
            return new MockResponse().setResponseCode(BAD_REQUEST);
        }
        MockResponse response = isChange ? changed(request) : super.dispatch(request);
        beforeAnswers.accept(request.getMethod());
        return response;
    }

    private MockResponse changed(RecordedRequest request) {
        patches.add(Json.read(request.getBody().getBytes(), JsonNode.class));
        Runnable first = meanwhile;
        meanwhile = null;
        if (first != null) {
            first.run();
        }
        try {
            MockResponse response = super.dispatch(request);
            return losesAnswers ? new MockResponse().setResponseCode(GATEWAY_TIMEOUT) : response;
        } catch (JsonPatchException e) {
            return new MockResponse().setResponseCode(UNPROCESSABLE);
        }
    }

    @Override
    public void close() {
        web.shutdown();
    }
}
