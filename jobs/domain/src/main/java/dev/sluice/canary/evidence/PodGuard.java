package dev.sluice.canary.evidence;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Shows pods to dispersion guards, always in the same order while they are the same. One that is not there in a bucket did nothing
 * in it; one that was not there before makes them others, unless there are more than are looked at.
 */
public final class PodGuard implements Stateful {
    private List<String> names = List.of();

    /** Notes who the pods of a bucket are; returns whether there are others than before. */
    public boolean change(Map<String, ?> pods) {
        if (names.containsAll(pods.keySet())) {
            return false;
        }
        if (names.size() >= Pods.MOST
                && 2 * (int) names.stream().filter(pods::containsKey).count() > Pods.MOST) {
            return false; // of more pods than are looked at, another one stands in for one that was not there
        }
        names = pods.keySet().stream().sorted().toList();
        return true;
    }

    /**
     * Shows a guard what the pods did.
     *
     * @param guard sees it
     * @param pods by name, each with its part of the baseline
     * @param changed whether they are others than before
     */
    public void show(DispersionGuard guard, SortedMap<String, RatioBucket> pods, boolean changed) {
        var events = new double[names.size()];
        var exposures = new double[names.size()];
        for (int i = 0; i < events.length; i++) {
            RatioBucket pod = pods.get(names.get(i));
            events[i] = pod == null ? 0 : pod.baselineEvents();
            exposures[i] = pod == null ? 0 : pod.baselineExposure();
        }
        if (changed) {
            guard.replacePods(events.length);
        }
        guard.addPods(events, exposures);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        List<String> read = new ArrayList<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            read.add(in.readUTF());
        }
        names = List.copyOf(read);
    }
}
