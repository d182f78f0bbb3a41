package dev.sluice.gateapi.cel;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.validator.CelValidator;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.AstDepthLimitValidator;
import dev.cel.validator.validators.DurationLiteralValidator;
import dev.cel.validator.validators.HomogeneousLiteralValidator;
import dev.cel.validator.validators.TimestampLiteralValidator;
import dev.sluice.dora.DoraRow;
import dev.sluice.gate.Condition;
import dev.sluice.gate.EvaluationInput;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Makes conditions from CEL expressions. An expression is compiled once, when its policy is loaded, and whatever can be
 * known to be wrong with it is found then; the condition holds the program, which any number of threads may use.
 *
 * <p>Conditions are judged on threads of their own, so that one that takes too long is given up in time. The threads end
 * when idle.
 */
public final class CelConditions implements AutoCloseable {
    private static final Set<String> LOGICAL_OPERATORS = Set.of("_||_", "_&&_");
    private static final long IDLE_SECONDS = 30;
    private static final String DURATION_PROBLEM = "duration validation failed";
    private static final String DURATION_HINT = " (CEL has no days: write hours, e.g. 720h)";
    /** Touches what most expressions use; true of {@link #ANYTHING}. */
    static final String TYPICAL = """
            artifact.version.matches("^[0-9]") && !has(artifact.digest) && freshness_seconds < 1
              && metrics.all(w, metrics[w].deployment_frequency.n > 0) && service in ["any"]
              && now.getHours("Europe/Berlin") < 24 && now - duration("1h") < now
              && current.?version.orValue("") == ""\
            """;

    static final EvaluationInput ANYTHING = new EvaluationInput(
            "any",
            "any",
            "any",
            new EvaluationInput.Artifact("1", null, null),
            new DoraRow("any", "any", "any", "UTC", LocalDate.EPOCH, List.of(), false, Instant.EPOCH),
            null,
            Duration.ZERO);
    private static final int WARM_UPS = 20;

    private final CelLimits limits;
    private final Cel cel;
    private final CelValidator validator;
    private final ThreadPoolExecutor threads;

    /** Creates conditions with {@link CelLimits#DEFAULT}. */
    public CelConditions() {
        this(CelLimits.DEFAULT);
    }

    /**
     * Creates conditions.
     *
     * @param limits what an expression may cost
     */
    public CelConditions(CelLimits limits) {
        this.limits = limits;
        this.cel = environment(limits);
        this.validator = CelValidatorFactory.standardCelValidatorBuilder(cel)
                .addAstValidators(
                        AstDepthLimitValidator.newInstance(limits.depth()),
                        DurationLiteralValidator.INSTANCE,
                        TimestampLiteralValidator.INSTANCE,
                        HomogeneousLiteralValidator.newInstance(),
                        new CelChecks(limits))
                .build();
        var number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                limits.threads(),
                limits.threads(),
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.waiting()),
                task -> {
                    var thread = new Thread(task, "gate-api-cel-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        warmUp();
    }

    private static Cel environment(CelLimits limits) {
        var builder = CelFactory.plannerCelBuilder()
                .setOptions(CelOptions.current()
                        .comprehensionMaxIterations(limits.iterations())
                        .maxExpressionCodePointSize(limits.expressionSize())
                        .maxParseRecursionDepth(limits.parseDepth())
                        .maxParseExpressionNodeCount(limits.nodes())
                        .maxRegexProgramSize(limits.regexSize())
                        .enableHeterogeneousNumericComparisons(true)
                        .build())
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addCompilerLibraries(CelExtensions.optional())
                .addRuntimeLibraries(CelExtensions.optional())
                .setTypeProvider(CelVocabulary.INSTANCE)
                .setResultType(SimpleType.BOOL);
        CelVocabulary.VARIABLES.forEach(builder::addVar);
        return builder.build();
    }

    /** The first evaluations load classes for longer than an evaluation may take: better now than in a decision. */
    private void warmUp() {
        Condition typical = compile(TYPICAL, problem -> {
                    throw new IllegalStateException(problem);
                })
                .orElseThrow();
        for (int i = 0; i < WARM_UPS; i++) {
            typical.judge(ANYTHING, Instant.EPOCH);
        }
    }

    /**
     * Returns the condition that an expression states, or nothing if it cannot be used.
     *
     * @param expression a CEL expression whose result is a bool
     * @param problems takes each thing that is wrong with it, with the line and column in the expression
     */
    public Optional<Condition> compile(String expression, Consumer<String> problems) {
        CelValidationResult compiled = cel.compile(expression);
        if (!compiled.hasError()) {
            try {
                CelValidationResult validated = validator.validate(compiled.getAst());
                if (!validated.hasError()) {
                    return Optional.of(condition(compiled.getAst()));
                }
                compiled = validated;
            } catch (CelValidationException | CelEvaluationException e) {
                problems.accept("cel: " + e.getMessage());
                return Optional.empty();
            }
        }
        report(compiled.getErrors(), problems);
        return Optional.empty();
    }

    private CelCondition condition(CelAbstractSyntaxTree ast) throws CelEvaluationException {
        CelRuntime.Program program = cel.createProgram(ast);
        return new CelCondition(program, firstOperands(ast), threads, limits);
    }

    private static Map<Long, Long> firstOperands(CelAbstractSyntaxTree ast) {
        var operands = new HashMap<Long, Long>();
        CelNavigableAst.fromAst(ast)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == ExprKind.Kind.CALL)
                .forEach(node -> {
                    CelExpr.CelCall call = node.expr().call();
                    if (LOGICAL_OPERATORS.contains(call.function())) {
                        operands.put(node.id(), call.args().get(0).id());
                    }
                });
        return Map.copyOf(operands);
    }

    private static void report(List<CelIssue> issues, Consumer<String> problems) {
        for (CelIssue issue : issues) {
            CelSourceLocation place = issue.getSourceLocation();
            String message = issue.getMessage().strip();
            problems.accept("cel"
                    + (place.equals(CelSourceLocation.NONE)
                            ? ""
                            : " " + place.getLine() + ":" + (place.getColumn() + 1))
                    + ": " + message
                    + (message.startsWith(DURATION_PROBLEM) ? DURATION_HINT : ""));
        }
    }

    /** Ends the threads; conditions that are judged from then on are errors. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
