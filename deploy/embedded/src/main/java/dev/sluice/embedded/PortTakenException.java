package dev.sluice.embedded;

import java.io.IOException;

/** A server cannot start because another process listens on its port. The message says which, and what to do. */
public final class PortTakenException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final int port;

    PortTakenException(int port, String what, IOException cause) {
        super(
                "port %d, needed for %s, is taken on 127.0.0.1: stop the process that listens on it, or choose another port"
                        .formatted(port, what),
                cause);
        this.port = port;
    }

    /** The TCP port that is taken. */
    public int port() {
        return port;
    }
}
