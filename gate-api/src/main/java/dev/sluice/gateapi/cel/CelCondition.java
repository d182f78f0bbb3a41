package dev.sluice.gateapi.cel;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.sluice.gate.Condition;
import dev.sluice.gate.ConditionResult;
import dev.sluice.gate.EvaluationInput;
import dev.sluice.gate.ReasonCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A condition in CEL. Only an answer of true or false that nothing is wrong with is an answer. */
final class CelCondition implements Condition {
    private static final int MOST_CHARACTERS = 300;
    private static final Pattern PLACED =
            Pattern.compile("evaluation error at <input>:(\\d{1,6}): (.*)", Pattern.DOTALL);

    private final CelRuntime.Program program;
    private final Map<Long, Long> firstOperands;
    private final ExecutorService threads;
    private final CelLimits limits;

    CelCondition(CelRuntime.Program program, Map<Long, Long> firstOperands, ExecutorService threads, CelLimits limits) {
        this.program = program;
        this.firstOperands = firstOperands;
        this.threads = threads;
        this.limits = limits;
    }

    @Override
    public ConditionResult judge(EvaluationInput input, Instant now) {
        Optional<String> notANumber = CelInputs.notANumber(input);
        if (notANumber.isPresent()) {
            return ConditionResult.failed(
                    ReasonCode.NOT_A_NUMBER, notANumber.get() + " is not a finite number", List.of());
        }
        var log = new ReadLog(limits);
        var watch = new HiddenErrors(firstOperands);
        CelInputs inputs = CelInputs.of(input, now, log);
        Future<ConditionResult> result;
        try {
            result = threads.submit(() -> evaluate(inputs, log, watch));
        } catch (RejectedExecutionException e) {
            return failed("too many conditions are being judged", log);
        }
        try {
            return result.get(limits.deadline().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return failed("it took longer than " + limits.deadline().toMillis() + " ms", log);
        } catch (ExecutionException e) {
            return failed("it failed with " + causeName(e), log);
        } catch (CancellationException e) {
            return failed("the service is stopping", log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failed("it was interrupted", log);
        } finally {
            watch.cancel();
            result.cancel(false);
        }
    }

    private ConditionResult evaluate(CelInputs inputs, ReadLog log, HiddenErrors watch) {
        Object result;
        try {
            result = program.trace(inputs, watch);
        } catch (CelEvaluationException e) {
            if (!log.missing().isEmpty()) {
                return missing(log);
            }
            String why = reason(String.valueOf(e.getMessage()));
            return e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND
                    ? ConditionResult.failed(ReasonCode.MISSING_INPUT, "there is no " + why, log.readings())
                    : failed(why, log);
        }
        if (!log.missing().isEmpty()) {
            return missing(log);
        }
        if (!(result instanceof Boolean holds)) {
            return failed("its result is a " + result.getClass().getSimpleName() + ", not true or false", log);
        }
        return watch.found()
                ? failed("a part of it failed, though || or && made something of the rest", log)
                : ConditionResult.of(holds, log.readings());
    }

    private static String causeName(ExecutionException e) {
        Throwable cause = e.getCause();
        return (cause == null ? e : cause).getClass().getSimpleName();
    }

    private static ConditionResult missing(ReadLog log) {
        List<String> names = log.missing();
        return ConditionResult.failed(
                ReasonCode.MISSING_INPUT,
                String.join(", ", names) + (names.size() == 1 ? " is" : " are") + " not known",
                log.readings());
    }

    /** Returns what CEL says, with the place last and counted from 1. */
    private static String reason(String message) {
        Matcher placed = PLACED.matcher(message);
        return placed.matches()
                ? Texts.shortened(placed.group(2), MOST_CHARACTERS) + " (at character "
                        + (Integer.parseInt(placed.group(1)) + 1) + ")"
                : Texts.shortened(message, MOST_CHARACTERS);
    }

    private static ConditionResult failed(String why, ReadLog log) {
        return ConditionResult.failed(ReasonCode.RULE_ERROR, Texts.shortened(why, MOST_CHARACTERS), log.readings());
    }
}
