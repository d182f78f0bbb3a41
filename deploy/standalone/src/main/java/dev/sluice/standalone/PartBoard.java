package dev.sluice.standalone;

import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps how each part stands and publishes every change. */
final class PartBoard {
    private final DataDirectory data;
    private final Map<String, String> states = new LinkedHashMap<>();

    PartBoard(DataDirectory data) {
        this.data = data;
    }

    synchronized void set(String part, String state) {
        if (!state.equals(states.put(part, state))) {
            data.publish(new PartStates(states.entrySet().stream()
                    .map(each -> new PartStates.Part(each.getKey(), each.getValue()))
                    .toList()));
        }
    }
}
