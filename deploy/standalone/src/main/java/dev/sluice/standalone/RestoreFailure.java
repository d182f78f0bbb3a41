package dev.sluice.standalone;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells from a stack trace whether a run failed because the state that it starts with does not fit or is damaged: then
 * another try with that state is in vain. A machine that was lost, a storage that does not answer, a Kafka that is away
 * say nothing about the state.
 */
final class RestoreFailure {
    /** Where state is restored: classes of exceptions, and methods of the job manager. */
    private static final Pattern RESTORING = Pattern.compile("\\b(BackendBuildingException|StateMigrationException"
            + "|StreamOperatorStateContext|CheckpointCoordinator\\.restoreSavepoint|Checkpoints\\.loadAndValidateCheckpoint"
            + "|Checkpoints\\.loadCheckpointMetadata)\\b");

    /** Root causes that come again with the same state. */
    private static final Set<String> LASTING = Set.of(
            "StateMigrationException",
            "FileNotFoundException",
            "NoSuchFileException",
            "EOFException",
            "StreamCorruptedException",
            "UTFDataFormatException",
            "InvalidClassException",
            "ClassNotFoundException",
            "ClassCastException",
            "IllegalStateException",
            "IllegalArgumentException",
            "IndexOutOfBoundsException",
            "ArrayIndexOutOfBoundsException",
            "NegativeArraySizeException");

    /** Flink says so by no class of its own. */
    private static final Pattern DAMAGED = Pattern.compile("IOException: .*(magic number|[Cc]orrupt).*");

    private static final Pattern CLASS = Pattern.compile("^([\\w$]+)(: .*)?$", Pattern.DOTALL);

    private RestoreFailure() {}

    /** Returns whether a stack trace tells of state that can never be restored. */
    static boolean isIn(String stackTrace) {
        if (!RESTORING.matcher(stackTrace).find()) {
            return false;
        }
        String root = FlinkRest.rootCause(stackTrace);
        Matcher matcher = CLASS.matcher(root);
        return DAMAGED.matcher(root).matches() || (matcher.matches() && LASTING.contains(matcher.group(1)));
    }
}
