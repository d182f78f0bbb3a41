package dev.sluice.dorajob.state;

import dev.sluice.shift.DetectorState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link DetectorState}, flat. */
public record ShiftDetectorState(
        @Nullable StretchState stretch,
        boolean renewed,
        @Nullable ShiftReferenceState reference,
        List<EvidenceNodeState> more,
        List<EvidenceNodeState> less) {

    /** Returns the flat form. */
    public static ShiftDetectorState of(DetectorState state) {
        return new ShiftDetectorState(
                state.stretch() == null ? null : StretchState.of(state.stretch()),
                state.renewed(),
                state.reference() == null ? null : ShiftReferenceState.of(state.reference()),
                EvidenceNodeState.of(state.more()),
                EvidenceNodeState.of(state.less()));
    }

    /** Returns the domain's form. */
    public DetectorState toDomain() {
        return new DetectorState(
                stretch == null ? null : stretch.toDomain(),
                renewed,
                reference == null ? null : reference.toDomain(),
                EvidenceNodeState.toDomain(more),
                EvidenceNodeState.toDomain(less));
    }
}
