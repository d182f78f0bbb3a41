package dev.sluice.gateapi.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Watches one evaluation for errors that CEL hides. By its definition {@code missing || true} is true and
 * {@code missing && false} is false, whatever became of {@code missing}; in a gate that would let a service pass because
 * something is not known. A logical operator that has an answer although its first operand has none gives such an error
 * away; the second operand is only evaluated where the first did not decide, and then its error is the operator's own.
 *
 * <p>It also ends an evaluation that was given up: each later step fails.
 */
final class HiddenErrors implements CelEvaluationListener {
    /** Id of each logical operator and of its first operand. */
    private final Map<Long, Long> firstOperands;

    private final Set<Long> operands;
    private final Set<Long> answered = new HashSet<>();
    private boolean found;
    private volatile boolean cancelled;

    HiddenErrors(Map<Long, Long> firstOperands) {
        this.firstOperands = firstOperands;
        this.operands = new HashSet<>(firstOperands.values());
    }

    @Override
    public void callback(CelExpr expr, Object result) {
        if (cancelled) {
            throw new CancellationException("the evaluation was given up");
        }
        Long operand = firstOperands.get(expr.id());
        if (operand != null && !answered.remove(operand) && result instanceof Boolean) {
            found = true;
        }
        if (operands.contains(expr.id()) && result instanceof Boolean) {
            answered.add(expr.id());
        }
    }

    /** Returns whether an error was hidden; after the evaluation, in its thread. */
    boolean found() {
        return found;
    }

    /** Makes the evaluation fail at its next step; from any thread. */
    void cancel() {
        cancelled = true;
    }
}
