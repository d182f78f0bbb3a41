package dev.sluice.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.transport.URIish;

/** A git repository in a directory of a test, made commit by commit. */
final class TestRepository implements AutoCloseable {
    private static final String SOMEBODY = "Somebody";
    private static final String ADDRESS = "somebody@example.org";

    private final Git git;

    TestRepository(Path directory) throws GitAPIException {
        IsolatedGit.install();
        git = Git.init()
                .setDirectory(directory.toFile())
                .setInitialBranch("main")
                .call();
    }

    /** Adds a commit, on no branch; returns its id. */
    String commit(Instant authored, Instant committed, String message, String... parents) throws IOException {
        try (ObjectInserter objects = git.getRepository().newObjectInserter()) {
            var commit = new CommitBuilder();
            commit.setTreeId(objects.insert(new TreeFormatter()));
            for (String parent : parents) {
                commit.addParentId(ObjectId.fromString(parent));
            }
            commit.setAuthor(person(authored));
            commit.setCommitter(person(committed));
            commit.setMessage(message);
            ObjectId id = objects.insert(commit);
            objects.flush();
            return id.name();
        }
    }

    void lightweightTag(String name, String sha) throws IOException {
        update(Constants.R_TAGS + name, ObjectId.fromString(sha));
    }

    void annotatedTag(String name, String sha, Instant at) throws IOException {
        try (ObjectInserter objects = git.getRepository().newObjectInserter()) {
            var tag = new TagBuilder();
            tag.setTag(name);
            tag.setObjectId(ObjectId.fromString(sha), Constants.OBJ_COMMIT);
            tag.setTagger(person(at));
            tag.setMessage(name);
            ObjectId id = objects.insert(tag);
            objects.flush();
            update(Constants.R_TAGS + name, id);
        }
    }

    void branch(String name, String sha) throws IOException {
        update(Constants.R_HEADS + name, ObjectId.fromString(sha));
    }

    void origin(String address) throws GitAPIException, URISyntaxException {
        git.remoteAdd().setName("origin").setUri(new URIish(address)).call();
    }

    Path directory() {
        return git.getRepository().getWorkTree().toPath();
    }

    private void update(String ref, ObjectId id) throws IOException {
        RefUpdate update = git.getRepository().updateRef(ref);
        update.setNewObjectId(id);
        update.forceUpdate();
    }

    private static PersonIdent person(Instant at) {
        return new PersonIdent(SOMEBODY, ADDRESS, at, ZoneOffset.ofHours(2));
    }

    @Override
    public void close() {
        git.close();
    }
}
