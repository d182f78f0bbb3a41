package dev.sluice.gateapi.cel;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.bundle.Cel;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.validator.CelAstValidator;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What can be known to fail before an expression is ever evaluated, and is not found by CEL's own checks: comprehensions
 * that are nested too deep, structs that are made up, and literals that are no window, no time zone or a regular expression that costs too much.
 */
final class CelChecks implements CelAstValidator {
    private static final String INDEX = "_[_]";
    private static final String OPTIONAL_INDEX = "_[?_]";
    private static final String MATCHES = "matches";
    private static final Set<String> OF_A_ZONE = Set.of(
            "getFullYear",
            "getMonth",
            "getDate",
            "getDayOfMonth",
            "getDayOfWeek",
            "getDayOfYear",
            "getHours",
            "getMinutes",
            "getSeconds",
            "getMilliseconds");
    private static final java.util.regex.Pattern OFFSET = java.util.regex.Pattern.compile("[+-]?\\d\\d:\\d\\d");

    private final CelLimits limits;

    CelChecks(CelLimits limits) {
        this.limits = limits;
    }

    @Override
    public void validate(CelNavigableAst ast, Cel cel, IssuesFactory issues) {
        for (CelNavigableExpr node : ast.getRoot().allNodes().toList()) {
            if (node.getKind() == ExprKind.Kind.COMPREHENSION) {
                checkNesting(node, issues);
            } else if (node.getKind() == ExprKind.Kind.CALL) {
                checkCall(node.expr().call(), issues);
            } else if (node.getKind() == ExprKind.Kind.STRUCT) {
                issues.addError(
                        node.id(),
                        "an expression cannot make a " + node.expr().struct().messageName());
            }
        }
    }

    private void checkNesting(CelNavigableExpr comprehension, IssuesFactory issues) {
        long outer = Stream.iterate(
                        comprehension.parent(),
                        Optional::isPresent,
                        node -> node.get().parent())
                .filter(node -> node.get().getKind() == ExprKind.Kind.COMPREHENSION)
                .count();
        if (outer == limits.nesting()) { // deeper ones are part of the same mistake
            issues.addError(comprehension.id(), "more than " + limits.nesting() + " macros such as all() are nested");
        }
    }

    private void checkCall(CelExpr.CelCall call, IssuesFactory issues) {
        var operands = new ArrayList<CelExpr>();
        call.target().ifPresent(operands::add);
        operands.addAll(call.args());
        if (operands.size() != 2) {
            return;
        }
        CelExpr literal = operands.get(1);
        Optional<String> text = text(literal);
        if (text.isEmpty()) {
            return;
        }
        if (call.function().equals(INDEX) || call.function().equals(OPTIONAL_INDEX)) {
            if (isVariable(operands.get(0), CelVocabulary.METRICS) && !CelVocabulary.WINDOWS.contains(text.get())) {
                issues.addError(
                        literal.id(),
                        "there is no window " + text.get() + "; there are " + String.join(", ", CelVocabulary.WINDOWS));
            }
        } else if (call.function().equals(MATCHES)) {
            checkPattern(text.get(), literal, issues);
        } else if (OF_A_ZONE.contains(call.function()) && !isZone(text.get())) {
            issues.addError(literal.id(), "there is no time zone " + text.get());
        }
    }

    private void checkPattern(String pattern, CelExpr literal, IssuesFactory issues) {
        try {
            int size = Pattern.compile(pattern).programSize();
            if (size > limits.regexSize()) {
                issues.addError(
                        literal.id(),
                        "the regular expression takes " + size + " instructions; at most " + limits.regexSize()
                                + " are accepted");
            }
        } catch (PatternSyntaxException e) {
            issues.addError(literal.id(), "not a regular expression: " + e.getDescription());
        }
    }

    private static boolean isVariable(CelExpr expr, String name) {
        return expr.getKind() == ExprKind.Kind.IDENT && expr.ident().name().equals(name);
    }

    private static Optional<String> text(CelExpr expr) {
        boolean literal =
                expr.getKind() == ExprKind.Kind.CONSTANT && expr.constant().getKind() == CelConstant.Kind.STRING_VALUE;
        return literal ? Optional.of(expr.constant().stringValue()) : Optional.empty();
    }

    private static boolean isZone(String text) {
        if (OFFSET.matcher(text).matches()) {
            return true;
        }
        try {
            return !ZoneId.of(text).getId().isEmpty();
        } catch (DateTimeException e) {
            return false;
        }
    }
}
