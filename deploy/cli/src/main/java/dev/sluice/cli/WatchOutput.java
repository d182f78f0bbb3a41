package dev.sluice.cli;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Shows how a canary run stands each time somebody has looked. */
interface WatchOutput {
    /** Shows a run; nothing new where it stands as it did. */
    void show(CanaryRun run);

    /** Makes room for a line on standard error. */
    default void leave() {}

    /** Draws it on a terminal, each time in the place of the one before; also where nothing is new, for it may be larger now. */
    static WatchOutput onScreen(Screen screen) {
        return new WatchOutput() {
            @Override
            public void show(CanaryRun run) {
                Terminal.Size size = screen.size();
                screen.show(CanaryText.lines(run, size.columns()), size);
            }

            @Override
            public void leave() {
                screen.leave();
            }
        };
    }

    /** Prints a line for each change. */
    static WatchOutput asLines(PrintStream out) {
        return new Changes() {
            @Override
            void changed(CanaryRun run, @Nullable CanaryRun before) {
                String line = CanaryChange.line(run, before);
                if (before == null || !line.equals(CanaryChange.line(before, before))) {
                    out.println(line);
                }
            }
        };
    }

    /** Prints the document, in one line, for each change. */
    static WatchOutput asJson(PrintStream out) {
        return new Changes() {
            @Override
            void changed(CanaryRun run, @Nullable CanaryRun before) {
                out.println(Documents.line(run.document()));
            }
        };
    }

    /** Prints all of it. */
    static WatchOutput whole(Console console) {
        Terminal terminal = console.terminal();
        int columns = terminal == null ? Integer.MAX_VALUE : terminal.size().columns();
        return run ->
                CanaryText.lines(run, columns).forEach(line -> console.out().println(line.painted(console.ansi())));
    }

    /** Looks for what is new. */
    abstract class Changes implements WatchOutput {
        private @Nullable CanaryRun before;

        abstract void changed(CanaryRun run, @Nullable CanaryRun before);

        @Override
        public final void show(CanaryRun run) {
            CanaryRun last = before;
            if (last == null || !last.document().equals(run.document())) {
                changed(run, last);
                before = run;
            }
        }
    }
}
