package dev.sluice.cli;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/** Keeps JGit to the repository: it reads no configuration of the user or the machine, and writes none. */
final class IsolatedGit extends SystemReader.Delegate {
    private IsolatedGit(SystemReader system) {
        super(system);
    }

    /** From now on, for the whole process. */
    static void install() {
        SystemReader current = SystemReader.getInstance();
        if (!(current instanceof IsolatedGit)) {
            SystemReader.setInstance(new IsolatedGit(current));
        }
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        return new InMemory(parent, fs);
    }

    @Override
    public FileBasedConfig openSystemConfig(Config parent, FS fs) {
        return new InMemory(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(Config parent, FS fs) {
        return new InMemory(parent, fs);
    }

    private static final class InMemory extends FileBasedConfig {
        InMemory(Config parent, FS fs) {
            super(parent, null, fs);
        }

        @Override
        public void load() {
            // there is no file
        }

        @Override
        public void save() {
            // there is no file
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
