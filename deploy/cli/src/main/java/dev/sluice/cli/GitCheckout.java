package dev.sluice.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.errors.AmbiguousObjectException;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.RevisionSyntaxException;
import org.eclipse.jgit.lib.ConfigConstants;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.jspecify.annotations.Nullable;

/** A git repository on this machine, with or without a working tree. It is only read. */
final class GitCheckout implements AutoCloseable {
    private static final String ORIGIN_HEAD = Constants.R_REMOTES + "origin/" + Constants.HEAD;

    private final Path path;
    private final Repository git;
    private final Set<ObjectId> shallow;

    private GitCheckout(Path path, Repository git, Set<ObjectId> shallow) {
        this.path = path;
        this.git = git;
        this.shallow = Set.copyOf(shallow);
    }

    /**
     * Opens the repository that a directory belongs to.
     *
     * @throws CommandFailedException if it belongs to none
     */
    static GitCheckout open(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        IsolatedGit.install();
        var builder = new FileRepositoryBuilder().findGitDir(absolute.toFile());
        if (builder.getGitDir() == null) {
            throw new CommandFailedException(path + " is not in a git repository");
        }
        try {
            Repository git = builder.setMustExist(true).build();
            return new GitCheckout(absolute, git, git.getObjectDatabase().getShallowCommits());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /** Returns {@code owner/name} of where it was cloned from, if that has an owner. */
    Optional<String> originName() {
        return Optional.ofNullable(git.getConfig()
                        .getString(
                                ConfigConstants.CONFIG_REMOTE_SECTION,
                                Constants.DEFAULT_REMOTE_NAME,
                                ConfigConstants.CONFIG_KEY_URL))
                .flatMap(RepositoryName::of);
    }

    /** Returns the name of its directory. */
    String directoryName() {
        Path directory =
                git.isBare() ? git.getDirectory().toPath() : git.getWorkTree().toPath();
        Path name = directory.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString().replaceFirst("\\.git$", "");
    }

    /**
     * Reads everything that was released or is on the default branch.
     *
     * @param repository the name of the repository in the history
     * @param choice which tags are releases
     */
    Reading history(String repository, TagChoice choice) {
        try (var walk = new RevWalk(git)) {
            var releases = new ArrayList<Release>();
            var leftOut = new ArrayList<String>();
            for (Ref ref : git.getRefDatabase().getRefsByPrefix(Constants.R_TAGS)) {
                String tag = ref.getName().substring(Constants.R_TAGS.length());
                if (choice.leavesOutAsPreRelease(tag)) {
                    leftOut.add(tag);
                }
                RevObject tagged = walk.parseAny(ref.getObjectId());
                if (choice.includes(tag) && walk.peel(tagged) instanceof RevCommit commit) {
                    releases.add(new Release(tag, releasedAt(tagged, commit), commit.name()));
                    walk.markStart(commit);
                }
            }
            releases.sort(Comparator.comparing(Release::at).thenComparing(Release::tag));
            ObjectId branch = defaultBranch();
            if (branch != null) {
                walk.markStart(walk.parseCommit(branch));
            }
            Walked walked = walked(walk, repository);
            return new Reading(new GitHistory(repository, walked.commits(), releases), leftOut, walked.edge());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Reads the commits that HEAD has and {@code since} has not.
     *
     * @param repository the name of the repository in the history
     * @param since a commit; one that a shallow clone does not have leaves nothing out
     * @throws CommandFailedException if there is no such commit in a repository that is whole
     */
    Reading since(String repository, String since) {
        try (var walk = new RevWalk(git)) {
            ObjectId head = git.resolve(Constants.HEAD);
            if (head == null) {
                throw new CommandFailedException(path + " has no commit yet");
            }
            walk.markStart(walk.parseCommit(head));
            Optional<ObjectId> known = commit(since);
            if (known.isPresent()) {
                walk.markUninteresting(walk.parseCommit(known.get()));
            } else if (shallow.isEmpty()) {
                throw new CommandFailedException("there is no commit " + since + " in " + path);
            }
            Walked walked = walked(walk, repository);
            return new Reading(new GitHistory(repository, walked.commits(), List.of()), List.of(), walked.edge());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static Instant releasedAt(RevObject tagged, RevCommit commit) {
        PersonIdent tagger = tagged instanceof RevTag tag ? tag.getTaggerIdent() : null;
        return tagger == null ? committedAt(commit) : tagger.getWhenAsInstant();
    }

    private static Instant committedAt(RevCommit commit) {
        return Instant.ofEpochSecond(commit.getCommitTime());
    }

    private @Nullable ObjectId defaultBranch() throws IOException {
        ObjectId ofOrigin = git.resolve(ORIGIN_HEAD);
        return ofOrigin == null ? git.resolve(Constants.HEAD) : ofOrigin;
    }

    private Walked walked(RevWalk walk, String repository) throws IOException {
        walk.sort(RevSort.TOPO);
        walk.sort(RevSort.REVERSE, true);
        var commits = new ArrayList<Commit>();
        var edge = new ArrayList<String>();
        for (RevCommit commit = walk.next(); commit != null; commit = walk.next()) {
            if (shallow.contains(commit.getId())) {
                edge.add(commit.name());
            }
            String message = commit.getFullMessage();
            List<String> copies = whole(CommitMessage.cherryPicks(message));
            commits.add(new Commit(
                    repository,
                    commit.name(),
                    parents(walk, commit),
                    commit.getAuthorIdent().getWhenAsInstant(),
                    committedAt(commit),
                    whole(CommitMessage.reverts(message)),
                    copies.isEmpty() ? null : copies.get(copies.size() - 1)));
        }
        return new Walked(commits, edge);
    }

    /** Returns a commit's parents; also those that a shallow clone names but does not have. */
    private List<String> parents(RevWalk walk, RevCommit commit) throws IOException {
        RevCommit complete = shallow.contains(commit.getId())
                ? RevCommit.parse(walk.getObjectReader()
                        .open(commit, Constants.OBJ_COMMIT)
                        .getCachedBytes())
                : commit;
        var parents = new ArrayList<String>();
        for (RevCommit parent : complete.getParents()) {
            parents.add(parent.name());
        }
        return parents;
    }

    /** Returns the ids in full; a short one that means no commit here, or several, is left out. */
    private List<String> whole(List<String> ids) throws IOException {
        var all = new ArrayList<String>();
        for (String id : ids) {
            if (ObjectId.isId(id)) {
                all.add(id);
            } else {
                commit(id).ifPresent(found -> all.add(found.name()));
            }
        }
        return all;
    }

    /** Returns the commit that a name means. */
    private Optional<ObjectId> commit(String name) throws IOException {
        try {
            return Optional.ofNullable(git.resolve(name + "^{commit}"));
        } catch (RevisionSyntaxException
                | AmbiguousObjectException
                | IncorrectObjectTypeException
                | MissingObjectException e) {
            return Optional.empty();
        }
    }

    private static CommandFailedException unreadable(Path path, IOException failure) {
        return new CommandFailedException(
                "cannot read the git repository " + path + ": " + failure.getMessage(), failure);
    }

    @Override
    public void close() {
        git.close();
    }

    /**
     * What was read.
     *
     * @param history the history
     * @param preReleases tags that were left out because they are pre-releases
     * @param edge commits of the history whose parents a shallow clone does not have
     */
    record Reading(GitHistory history, List<String> preReleases, List<String> edge) {
        Reading {
            preReleases = List.copyOf(preReleases);
            edge = List.copyOf(edge);
        }
    }

    private record Walked(List<Commit> commits, List<String> edge) {}
}
