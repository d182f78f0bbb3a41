package dev.sluice.gateapi.deliver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An application of Argo CD, with its history. */
final class ArgoCdStandIn {
    private static final String URL = StrictServer.BASE + "/api/v1/applications/checkout";
    final List<String> history = new ArrayList<>(List.of(
            "{\"id\": 5, \"revision\": \"9f9f\", \"source\": {\"targetRevision\": \"1.3.8\"}}",
            "{\"id\": 6, \"revision\": \"a1b2\", \"source\": {\"targetRevision\": \"1.3.9\"}}",
            "{\"id\": 7, \"revision\": \"c3d4\", \"source\": {\"targetRevision\": \"1.4.0\"}}"));
    String policy = "{}";
    String more = "";

    StrictServer server() {
        return new StrictServer(Map.of("Accept", "application/json", "Authorization", "Bearer hush-0123456789"))
                .reads(
                        URL,
                        () -> "{\"spec\": {\"syncPolicy\": " + policy + "}" + more
                                + ", \"status\": {\"sync\": {\"revision\": \"e5f6\"}, \"history\": " + history
                                + "}}")
                .does(
                        "POST " + URL + "/rollback",
                        "{\"id\": 6}",
                        200,
                        () -> history.add(
                                "{\"id\": 8, \"revision\": \"a1b2\", \"source\": {\"targetRevision\": \"1.3.9\"}}"));
    }
}
