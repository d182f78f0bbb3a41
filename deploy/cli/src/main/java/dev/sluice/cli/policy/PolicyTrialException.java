package dev.sluice.cli.policy;

/** Policies or cases cannot be used; the message names all that is wrong, one a line. */
public final class PolicyTrialException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PolicyTrialException(String message) {
        super(message);
    }
}
