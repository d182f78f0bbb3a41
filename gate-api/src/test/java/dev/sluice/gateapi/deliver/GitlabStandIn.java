package dev.sluice.gateapi.deliver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A project of GitLab, with the deployments of an environment. */
final class GitlabStandIn {
    private static final String URL = StrictServer.BASE + "/api/v4/projects/acme%2Fcheckout";
    private static final String LIST = URL + "/deployments?environment=review%2Fa%20b";
    final List<String> succeeded = new ArrayList<>(List.of(
            deployment("c3d4", "success", "{\"id\": 903}"),
            deployment("a1b2", "success", "{\"id\": 902}"),
            deployment("a1b2", "success", "{\"id\": 901}")));
    String newest = succeeded.get(0);

    static String deployment(String sha, String status, String job) {
        return "{\"sha\": \"" + sha + "\", \"status\": \"" + status + "\", \"deployable\": " + job + "}";
    }

    StrictServer server() {
        return new StrictServer(Map.of("Accept", "application/json", "PRIVATE-TOKEN", "hush-0123456789"))
                .reads(LIST + "&order_by=id&sort=desc&per_page=1", () -> "[" + newest + "]")
                .reads(LIST + "&status=success&order_by=id&sort=desc&per_page=50", succeeded::toString)
                .does(
                        "POST " + URL + "/jobs/902/retry",
                        "",
                        201,
                        () -> newest = deployment("a1b2", "created", "{\"id\": 904}"));
    }
}
