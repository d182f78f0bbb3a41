package dev.sluice.cli.judge;

import org.jspecify.annotations.Nullable;

/** The files cannot be judged; the message is a sentence for a person that says where and what. */
public final class JudgeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JudgeException(String message) {
        super(message);
    }

    JudgeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
