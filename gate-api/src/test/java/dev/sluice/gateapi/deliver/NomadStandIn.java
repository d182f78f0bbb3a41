package dev.sluice.gateapi.deliver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A job of Nomad, with its versions and its deployment. */
final class NomadStandIn {
    private static final String URL = StrictServer.BASE + "/v1/job/checkout";
    final List<String> versions =
            new ArrayList<>(List.of(version(2, "1.4.0", "1.4.0", true, 3), version(1, "1.3.9", "1.3.9", true, 3)));
    String deployment = "null";

    static String version(int number, String meta, String tag, boolean stable, int count) {
        return "{\"Version\": " + number + ", \"Stable\": " + stable + ", \"SubmitTime\": " + number * 1_000
                + ", \"JobModifyIndex\": " + number * 7 + ", \"Meta\": "
                + (meta.isEmpty() ? "null" : "{\"version\": \"" + meta + "\"}")
                + ", \"TaskGroups\": [{\"Count\": " + count + ", \"Tasks\": [{\"Name\": \"proxy\"},"
                + " {\"Name\": \"server\", \"Config\": {\"image\": \"shop/checkout:" + tag + "\"}}]}]}";
    }

    StrictServer server() {
        return new StrictServer(Map.of("Accept", "application/json", "X-Nomad-Token", "hush-0123456789"))
                .reads(URL + "/versions?namespace=shop", () -> "{\"Versions\": " + versions + ", \"Diffs\": null}")
                .reads(URL + "/deployment?namespace=shop", () -> deployment)
                .does(
                        "POST " + URL + "/revert?namespace=shop",
                        "{\"JobID\": \"checkout\", \"JobVersion\": 1, \"EnforcePriorVersion\": 2}",
                        200,
                        () -> versions.add(0, version(3, "1.3.9", "1.3.9", false, 3)))
                .does(
                        "POST " + StrictServer.BASE + "/v1/deployment/fail/d-1?namespace=shop",
                        "",
                        200,
                        () -> canary(2, "failed"));
    }

    void canary(int version, String status) {
        deployment = "{\"ID\": \"d-1\", \"JobVersion\": " + version + ", \"Status\": \"" + status + "\"}";
    }
}
