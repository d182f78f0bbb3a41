package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was measured.
 *
 * @param commit short id; {@code unknown} outside a Git checkout
 * @param modified whether files of the checkout differ from it, other than where results are written
 */
record Revision(String commit, boolean modified) {
    private static final String UNKNOWN = "unknown";

    /**
     * Asks Git.
     *
     * @param root the checkout
     * @param results a file whose changes do not count, relative to the root
     */
    static Revision of(Path root, String results) throws InterruptedException {
        String commit = git(root, "rev-parse", "--short=12", "HEAD").strip();
        String changes = git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", ":!" + results);
        return new Revision(commit.isEmpty() ? UNKNOWN : commit, !changes.isBlank());
    }

    private static String git(Path root, String... arguments) throws InterruptedException {
        var command = new ArrayList<>(List.of("git", "-C", root.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output : "";
        } catch (IOException e) {
            return ""; // no Git here
        }
    }

    /** Returns the commit, marked where it is not all of what was measured. */
    String shown() {
        return modified ? commit + " with changes" : commit;
    }
}
