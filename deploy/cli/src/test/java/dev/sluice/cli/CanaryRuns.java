package dev.sluice.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Canary runs as the API shows them. */
final class CanaryRuns {
    static final String ID = "checkout-1-5-0";

    private CanaryRuns() {}

    /** Returns a run of two metrics in its second stage, of which nothing is proven yet. */
    static ObjectNode running() {
        return parsed("""
                {"id":"checkout-1-5-0","service":"checkout","environment":"production",
                 "baseline":"1.4.0","canary":"1.5.0",
                 "config":{"metrics":[{"name":"errors","kind":"ratio"},{"name":"duration","kind":"histogram"}]},
                 "config_digest":"sha256:e62e5a482ff796d4967065e0dbf1c4a1dc5e97aedd07b47916a3a2cb640964e5",
                 "started_at":"2026-03-01T12:00:00Z","stages":["2026-03-01T12:10:00Z"],"ended_at":null,"closed":false,
                 "late":0,"doubts":[],"condition":null,"state":"Running","at":"2026-03-01T12:14:10Z",
                 "reasons":["errors: not proven to be within the margin: e = 3.32, needed 20"],
                 "notes":["not randomised: by the config nothing assigns requests to the arms at random"],
                 "log_e":0.72,"log_e_to_fail":4.605170185988091,"log_e_to_pass":2.995732273553991,
                 "seconds_to_pass":412.5,"seconds_to_fail":null,
                 "metrics":[
                  {"name":"errors","kind":"ratio","verdict":"Running","direction":"increase",
                   "estimate":1.0234,"interval":[0.6121,null],"tolerance":0.1,"margin":0.5,
                   "log_e_fail":0.72,"log_e_pass":1.2,"baseline":{"n":48210,"events":97},
                   "canary":{"n":4790,"events":23},"resolution_floor":0.04,"reason":"as good"},
                  {"name":"duration","kind":"histogram","verdict":"Successful","direction":"increase",
                   "estimate":1.002,"interval":[0.97,1.04],"tolerance":0.05,"margin":0.2,
                   "log_e_fail":null,"log_e_pass":3.4,"baseline":{"n":48210,"events":482},
                   "canary":{"n":4790,"events":47},"resolution_floor":null,"reason":"as fast"}]}""");
    }

    /** Returns the run with a verdict. */
    static ObjectNode decided(String state) {
        ObjectNode run =
                running().put("state", state).put("at", "2026-03-01T12:14:20Z").put("seconds_to_pass", 0);
        reasons(run, "errors: " + state + " by proof");
        return run;
    }

    static void reasons(ObjectNode run, String... reasons) {
        texts(run, "reasons", reasons);
    }

    static void texts(ObjectNode run, String field, String... texts) {
        ArrayNode array = run.putArray(field);
        for (String text : texts) {
            array.add(text);
        }
    }

    /** Returns the run of which nothing was judged yet. */
    static ObjectNode pending() {
        return parsed("""
                {"id":"checkout-1-5-0","service":"checkout","environment":"production",
                 "baseline":null,"canary":"1.5.0","config":{"metrics":[]},"config_digest":"sha256:00",
                 "started_at":"2026-03-01T12:00:00Z","stages":[],"ended_at":null,"closed":false,"late":0,"doubts":[],
                 "condition":null,"state":"Pending","at":null,"reasons":[],"notes":[],"log_e":null,
                 "log_e_to_fail":null,"log_e_to_pass":null,"seconds_to_pass":null,"seconds_to_fail":null,
                 "metrics":[]}""");
    }

    private static ObjectNode parsed(String json) {
        try {
            return (ObjectNode) Documents.mapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
