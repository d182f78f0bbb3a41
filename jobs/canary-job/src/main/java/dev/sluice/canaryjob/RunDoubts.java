package dev.sluice.canaryjob;

import dev.sluice.canary.intake.Counters;
import dev.sluice.canary.intake.ReadingTimes;
import dev.sluice.canary.intake.Restart;
import dev.sluice.canary.intake.SamplePoint;
import dev.sluice.canary.intake.Target;
import dev.sluice.canaryjob.state.RunProgress;
import dev.sluice.wire.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is not known of the data of the run whose key is current; it keeps a stage from passing. */
final class RunDoubts {
    private final RunStates states;

    RunDoubts(RunStates states) {
        this.states = states;
    }

    /**
     * Returns whether a point of a judged bucket is late. One of a counter is in the next one: it is no doubt, or one of its own.
     *
     * @param key of the point
     * @param stage in which it came
     */
    boolean isLate(SamplePoint point, String key, Setup setup, int stage) throws Exception {
        if (point.at().isBefore(setup.document().startedAt()) || states.judged().contains(key)) {
            return false;
        }
        if (!point.measure().isContainedInLater()) {
            return true;
        }
        ReadingTimes readings = readings(Keys.of(point.metric(), point.targetKey()));
        if (readings.loses(point.at())) {
            raise(Doubts.lost(point.metric(), point.targetKey()), stage);
        }
        states.readings().put(Keys.of(point.metric(), point.targetKey()), readings.late(point.at()));
        return false;
    }

    private ReadingTimes readings(String target) throws Exception {
        ReadingTimes readings = states.readings().get(target);
        return readings == null ? ReadingTimes.NONE : readings;
    }

    /** Notes what the counters of a metric have told. */
    void read(String metric, Counters counters, int stage) throws Exception {
        for (var target : counters.targets().entrySet()) {
            String key = Keys.of(metric, target.getKey());
            read(
                    key,
                    target.getValue(),
                    counters.restarts().get(target.getKey()),
                    Doubts.lost(metric, target.getKey()),
                    stage);
        }
        for (String target : counters.disbelieved()) {
            raise(Doubts.unsteady(metric, target), stage);
        }
    }

    private void read(String key, Target target, @Nullable Restart restart, String lost, int stage) throws Exception {
        ReadingTimes readings = readings(key);
        if (readings.losesMissed(target.at(), restart)) {
            raise(lost, stage);
        }
        states.readings().put(key, readings.read(target.at(), restart));
    }

    /** Those of stages before are of no use any more; beyond so many, one says that there are others. */
    void raise(String text, int stage) throws Exception {
        List<String> past = new ArrayList<>();
        int others = 0;
        for (var known : states.doubts().entries()) {
            if (known.getValue() < stage) {
                past.add(known.getKey());
            } else {
                others += known.getKey().equals(text) ? 0 : 1;
            }
        }
        for (String of : past) {
            states.doubts().remove(of);
        }
        String told = others < Doubts.MOST ? text : Doubts.OTHERS;
        Integer before = states.doubts().get(told);
        states.doubts().put(told, before == null ? stage : Math.max(before, stage));
    }

    /** Returns why the stage does not pass, whatever its evidence. */
    List<String> of(Setup setup, RunProgress progress) throws Exception {
        SortedSet<String> texts = new TreeSet<>();
        if (progress.lateOfStage() > 0) {
            texts.add(Doubts.late(progress.lateOfStage()));
        }
        for (var doubt : states.doubts().entries()) {
            if (doubt.getValue() >= progress.stages()) {
                texts.add(doubt.getKey());
            }
        }
        if (setup.hasHistory() && !progress.closed() && states.calibrated().value() == null) {
            texts.add(setup.document().learns() ? Doubts.NOT_LEARNED_YET : Doubts.NO_HISTORY_YET);
        }
        Instant stageStart = setup.stageStart(progress.stages());
        for (var target : states.readings().entries()) {
            Instant missed = target.getValue().missed();
            if (missed != null && !missed.isBefore(stageStart)) {
                String[] key = Keys.split(target.getKey());
                texts.add(Doubts.missed(key[0], key[1]));
            }
            if (texts.size() >= Doubts.MOST) {
                break;
            }
        }
        String condition = states.condition().value();
        if (condition != null && !condition.isEmpty()) {
            texts.add(condition);
        }
        for (String metric : setup.metricsOfEvents()) {
            if (!states.heard().contains(metric)) {
                texts.add(Doubts.unheard(metric));
            }
        }
        return List.copyOf(texts);
    }
}
