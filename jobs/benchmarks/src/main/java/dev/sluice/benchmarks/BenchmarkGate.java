package dev.sluice.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.sluice.gate.Policy;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.policy.PolicyReader;
import dev.sluice.gateapi.policy.PolicyVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The gates that are asked, each with a policy of its own. */
enum BenchmarkGate {
    /** Of 8 rules, of which the budgets speak. */
    EIGHT_RULES("production", 8),
    /** Of 50 rules, as a large organisation has. */
    FIFTY_RULES("release", 50);

    private final String gateName;
    private final int rules;

    BenchmarkGate(String gateName, int rules) {
        this.gateName = gateName;
        this.rules = rules;
    }

    String gateName() {
        return gateName;
    }

    int rules() {
        return rules;
    }

    /** Returns where it is asked. */
    String path() {
        return "/v1/gates/" + gateName + "/evaluate";
    }

    /** Writes the policies of all into a directory. */
    static void writePolicies(Path directory) throws IOException {
        for (BenchmarkGate gate : values()) {
            String file = "policy-" + gate.rules + ".yaml";
            try (InputStream policy = BenchmarkGate.class.getResourceAsStream(file)) {
                Files.write(
                        directory.resolve(file), requireNonNull(policy, file).readAllBytes());
            }
        }
    }

    /** Reads the policies of all. */
    static List<Policy> readPolicies(Path directory, PolicyReader reader) {
        var problems = new Problems();
        List<Policy> policies = reader.readAll(directory, problems).stream()
                .map(PolicyVersion::policy)
                .toList();
        problems.throwIfAny();
        return policies;
    }
}
