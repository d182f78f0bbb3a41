package dev.sluice.gateapi;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.egress.EgressRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** What an Open Policy Agent shows of itself: one document, for those who have the token. */
final class PolicyAgentStub implements AutoCloseable {
    private final HttpServer server;
    private volatile String document = "{}";
    private volatile String question = "";
    private final AtomicInteger questions = new AtomicInteger();

    private PolicyAgentStub(HttpServer server) {
        this.server = server;
    }

    static PolicyAgentStub start(String token) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var stub = new PolicyAgentStub(server);
        server.createContext("/", exchange -> {
            boolean known = exchange.getRequestMethod().equals("POST")
                    && exchange.getRequestURI().toString().equals("/v1/data/deploy/allow")
                    && "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            boolean may =
                    ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            stub.question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            stub.questions.incrementAndGet();
            byte[] body = stub.document.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? may ? 200 : 401 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return stub;
    }

    /** Answers with that from now on. */
    void answer(String text) {
        document = text;
    }

    String lastQuestion() {
        return question;
    }

    int questions() {
        return questions.get();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns rules by which it may be asked. */
    EgressRules allowed() {
        var problems = new Problems();
        EgressRules rules = EgressRules.read(url(), "", problems);
        problems.throwIfAny();
        return rules;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
