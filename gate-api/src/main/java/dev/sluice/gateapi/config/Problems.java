package dev.sluice.gateapi.config;

import java.util.ArrayList;
import java.util.List;

/** What is wrong with a configuration, collected so that all of it is reported together. */
public final class Problems {
    private final List<String> found = new ArrayList<>();

    /**
     * Adds a problem.
     *
     * @param problem one sentence that says where and what
     */
    public void add(String problem) {
        found.add(problem);
    }

    /** Returns how many there are. */
    public int count() {
        return found.size();
    }

    /** Returns all problems in the order in which they were found. */
    public List<String> all() {
        return List.copyOf(found);
    }

    /**
     * Returns normally if there is no problem.
     *
     * @throws ConfigurationException naming all of them
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationException(found);
        }
    }
}
