package dev.sluice.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestoreFailureTest {
    private static final String BACKEND = """
            java.lang.Exception: Exception while creating StreamOperatorStateContext.
            \tat a.b(C.java:1)
            Caused by: org.apache.flink.runtime.state.BackendBuildingException: Failed when trying to restore
            """;
    private static final String JOB_MANAGER = """
            org.apache.flink.runtime.client.JobInitializationException: Could not start the JobMaster.
            \tat org.apache.flink.runtime.checkpoint.CheckpointCoordinator.restoreSavepoint(C.java:1)
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                BACKEND + "Caused by: java.io.FileNotFoundException: /c/chk-7/x",
                BACKEND + "Caused by: java.io.EOFException",
                BACKEND + "Caused by: org.apache.flink.util.StateMigrationException: incompatible",
                BACKEND + "Caused by: java.io.IOException: Corrupt stream, found tag: 9",
                JOB_MANAGER + "Caused by: java.io.FileNotFoundException: Cannot find checkpoint or savepoint",
                JOB_MANAGER + "Caused by: java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint",
                JOB_MANAGER + "Caused by: java.io.IOException: Unexpected magic number."
            })
    void stateThatCanNeverBeRestored(String trace) {
        assertThat(RestoreFailure.isIn(trace)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.apache.flink.util.FlinkExpectedException: The TaskExecutor is shutting down.",
                "a.RemoteTransportException: Connection unexpectedly closed\nCaused by: java.io.EOFException",
                "a.FlinkRuntimeException: no\nCaused by: org.apache.kafka.common.errors.TimeoutException: no answer",
                "java.lang.IllegalStateException: a bug of the job",
                BACKEND + "Caused by: java.net.ConnectException: Connection refused",
                BACKEND + "Caused by: java.io.IOException: Connection reset by peer",
                JOB_MANAGER + "Caused by: java.net.SocketTimeoutException: timeout"
            })
    void whatMayPass(String trace) {
        assertThat(RestoreFailure.isIn(trace)).isFalse();
    }
}
