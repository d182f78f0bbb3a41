package dev.sluice.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal of this process, as {@code stty} tells its size; a usual one where that cannot be told. */
final class ControllingTerminal implements Terminal {
    private static final Size USUAL = new Size(80, 24);
    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\s*([1-9]\\d{0,4}) ([1-9]\\d{0,4})\\s*");
    private static final int LONGEST_ANSWER = 100;
    private static final int PATIENCE_SECONDS = 1;

    @Override
    public Size size() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!stty.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                stty.destroyForcibly();
                return USUAL;
            }
            try (var answer = stty.getInputStream()) {
                return parse(new String(answer.readNBytes(LONGEST_ANSWER), StandardCharsets.US_ASCII))
                        .orElse(USUAL);
            }
        } catch (IOException e) {
            return USUAL;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL;
        }
    }

    /** Returns the size that {@code stty size} prints; nothing if it is none, as {@code 0 0} of a terminal that knows none. */
    static Optional<Size> parse(String answer) {
        Matcher size = ROWS_AND_COLUMNS.matcher(answer);
        return size.matches()
                ? Optional.of(new Size(Integer.parseInt(size.group(2)), Integer.parseInt(size.group(1))))
                : Optional.empty();
    }
}
