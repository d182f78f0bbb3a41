package dev.sluice.gateapi.callers.flagger;

import dev.sluice.canary.CanaryState;
import dev.sluice.gateapi.canary.StandingRun;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The types of Flagger's webhooks, and what each is answered when a run stands so. Flagger knows yes and no only, and of
 * {@link #ROLLBACK} a yes means to roll back: there only a run that has failed, of a rollout that goes on, is a yes.
 */
enum FlaggerHook {
    /** Before the canary is scaled up: whether it could be judged. A no is asked again at each interval. */
    CONFIRM_ROLLOUT {
        @Override
        FlaggerAnswer answer(Optional<StandingRun> run) {
            return FlaggerAnswer.yes("the canary can be judged");
        }
    },
    /** Before the first traffic, and again whenever the analysis begins anew: the run has been started. */
    PRE_ROLLOUT {
        @Override
        FlaggerAnswer answer(Optional<StandingRun> run) {
            return goingOn(run)
                    .<FlaggerAnswer>map(of -> of.state() == CanaryState.FAILED
                            ? FlaggerAnswer.forbidden(of)
                            : FlaggerAnswer.yes("canary run " + of.id()))
                    .orElseGet(() -> noRun(run));
        }
    },
    /** At each interval, before the metrics: a no is a failed check. */
    ROLLOUT {
        @Override
        FlaggerAnswer answer(Optional<StandingRun> run) {
            return goingOn(run).map(FlaggerHook::unlessBad).orElseGet(() -> noRun(run));
        }
    },
    /** Before each step of the weight: a no waits, and costs nothing. */
    CONFIRM_TRAFFIC_INCREASE {
        @Override
        FlaggerAnswer answer(Optional<StandingRun> run) {
            return goingOn(run).map(FlaggerHook::step).orElseGet(() -> noRun(run));
        }
    },
    /** Before the promotion: a no waits, while the other hooks can still end it. */
    CONFIRM_PROMOTION {
        @Override
        FlaggerAnswer answer(Optional<StandingRun> run) {
            return goingOn(run).map(FlaggerHook::ifGood).orElseGet(() -> noRun(run));
        }
    },
    /** After all: whatever is answered is logged only. */
    POST_ROLLOUT {
        @Override
        FlaggerAnswer answer(Optional<StandingRun> run) {
            return FlaggerAnswer.yes(
                    run.map(of -> "canary run " + of.id() + " has ended").orElse("there is no canary run to end"));
        }
    },
    /** At each interval of a rollout that goes on: a yes rolls back at once. */
    ROLLBACK {
        @Override
        FlaggerAnswer answer(Optional<StandingRun> run) {
            return goingOn(run)
                    .<FlaggerAnswer>map(of -> of.state() == CanaryState.FAILED
                            ? FlaggerAnswer.yes("roll back: " + of.reason())
                            : FlaggerAnswer.notYet("no reason to roll back", of))
                    .orElseGet(() -> noRun(run));
        }
    },
    /** Of each event that Flagger emits: taken, and not used. */
    EVENT {
        @Override
        FlaggerAnswer answer(Optional<StandingRun> run) {
            return FlaggerAnswer.yes("events are not used");
        }
    };

    /** Returns what a hook of this type is answered, of the run of its revision; nothing where there is none. */
    abstract FlaggerAnswer answer(Optional<StandingRun> run);

    /** Returns the type as Flagger spells it. */
    String type() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the hook of a type as Flagger spells it. */
    static Optional<FlaggerHook> of(String type) {
        return Arrays.stream(values()).filter(hook -> hook.type().equals(type)).findFirst();
    }

    /** Returns whether a step of the weight is the first one: until it is taken no traffic can prove anything. */
    static boolean isFirstStep(StandingRun run) {
        return run.stages() == 0;
    }

    /** A failure is final. Any other last word is of the past: the traffic of now was not judged. */
    private static Optional<StandingRun> goingOn(Optional<StandingRun> run) {
        return run.filter(of -> !of.isEnded() && (!of.isClosed() || of.state() == CanaryState.FAILED));
    }

    private static FlaggerAnswer noRun(Optional<StandingRun> run) {
        return FlaggerAnswer.impossible(
                run.isPresent()
                        ? "the canary run of this revision has ended"
                        : "there is no canary run of this revision: a hook of type pre-rollout starts it");
    }

    private static FlaggerAnswer unlessBad(StandingRun run) {
        return switch (run.state()) {
            case FAILED -> FlaggerAnswer.forbidden(run);
            case PENDING, SUCCESSFUL -> FlaggerAnswer.yes(run.state().label() + ": " + run.reason());
            case RUNNING ->
                run.isFresh()
                        ? FlaggerAnswer.yes(run.state().label() + ": " + run.reason())
                        : FlaggerAnswer.notYet("nothing is judged any more", run);
            case INCONCLUSIVE, ERROR -> FlaggerAnswer.notYet("not judged", run);
        };
    }

    /**
     * The first step needs no proof: before it there is no traffic, and a no at weight 0 would begin the analysis, and with it
     * this question, for ever anew.
     */
    private static FlaggerAnswer step(StandingRun run) {
        if (run.state() == CanaryState.FAILED || run.state() == CanaryState.ERROR || !isFirstStep(run)) {
            return ifGood(run);
        }
        return FlaggerAnswer.yes("the first step");
    }

    private static FlaggerAnswer ifGood(StandingRun run) {
        return switch (run.state()) {
            case SUCCESSFUL -> FlaggerAnswer.yes(run.state().label() + ": " + run.reason());
            case FAILED -> FlaggerAnswer.forbidden(run);
            case PENDING, RUNNING, INCONCLUSIVE, ERROR -> FlaggerAnswer.notYet("not proven good", run);
        };
    }
}
