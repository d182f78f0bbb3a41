package dev.sluice.dorajob.state;

import dev.sluice.delivery.References;
import org.jspecify.annotations.Nullable;

/** A {@link References.Question}, flat. */
public record QuestionState(AskingState asking, @Nullable NamedState target) {

    /** Returns the flat form. */
    public static QuestionState of(References.Question question) {
        References.Named target = question.target();
        return new QuestionState(AskingState.of(question.asking()), target == null ? null : NamedState.of(target));
    }

    /** Returns the domain's form. */
    public References.Question toDomain() {
        return new References.Question(asking.toDomain(), target == null ? null : target.toDomain());
    }
}
