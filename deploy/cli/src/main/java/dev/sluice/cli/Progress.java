package dev.sluice.cli;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** The progress of sending events on standard error: a bar on a terminal, a line at the start and at the end elsewhere. */
final class Progress implements AutoCloseable {
    private final Console console;
    private final String task;
    private final long total;
    private final ProgressBar bar;
    private long done;

    Progress(Console console, String task, long total) {
        this.console = console;
        this.task = task;
        this.total = total;
        this.bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis((int) Duration.ofMillis(100).toMillis())
                .setConsumer(console.lively() ? new Redrawn(console.err()) : new Silent())
                .build();
        if (!console.lively()) {
            console.progress("%s: %s".formatted(task, events()));
        }
    }

    void step(long count) {
        done += count;
        bar.stepBy(count);
    }

    /** Says why it is standing still. */
    void note(String reason) {
        bar.setExtraMessage(" " + reason);
    }

    private String events() {
        return total + (total == 1 ? " event" : " events");
    }

    @Override
    public void close() {
        bar.close();
        if (!console.lively()) {
            console.progress("%s: %d of %s done".formatted(task, done, events()));
        }
    }

    private static final class Redrawn implements ProgressBarConsumer {
        private static final int WIDTH = 100;
        private final PrintStream err;

        Redrawn(PrintStream err) {
            this.err = err;
        }

        @Override
        public int getMaxRenderedLength() {
            return WIDTH;
        }

        @Override
        public void accept(String rendered) {
            err.print('\r' + rendered);
        }

        @Override
        public void close() {
            err.println();
        }
    }

    private static final class Silent implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return 0;
        }

        @Override
        public void accept(String rendered) {}

        @Override
        public void close() {}
    }
}
