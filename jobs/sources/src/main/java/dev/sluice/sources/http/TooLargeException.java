package dev.sluice.sources.http;

import java.io.IOException;

/** An answer is larger than it may be. */
public final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    TooLargeException(int maxBytes) {
        super("more than " + maxBytes + " bytes");
    }
}
