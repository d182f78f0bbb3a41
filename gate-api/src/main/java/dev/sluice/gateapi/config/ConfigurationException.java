package dev.sluice.gateapi.config;

import java.util.List;

/** The configuration cannot be used; the message holds every problem, one a line. */
public final class ConfigurationException extends RuntimeException {
    private final transient List<String> problems;

    ConfigurationException(List<String> problems) {
        super("the configuration has " + problems.size() + (problems.size() == 1 ? " problem:" : " problems:") + "\n  "
                + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems, each one sentence. */
    public List<String> problems() {
        return problems;
    }
}
