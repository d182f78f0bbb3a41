package dev.sluice.gateapi.callers.asked;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** How one kind of caller is answered. */
public interface Caller {
    /** Returns the name of the kind, as questions have it. */
    String kind();

    /** Returns how often a caller may be told that a decision is pending. */
    int mostReports();

    /**
     * Returns a question as it would be asked by what is set up now.
     *
     * @param tenant whose question it is
     * @param question the question as it was asked
     * @return nothing if nobody may ask it now
     */
    Optional<AskedQuestion> now(String tenant, AskedQuestion question);

    /**
     * Tells a reply. Returns at once; a reply may be told twice.
     *
     * @param tenant whose question it is
     * @param question the question
     * @param reply what is told
     * @return what came of it; that it fails is as if the call had failed
     */
    CompletableFuture<Heard> tell(String tenant, AskedQuestion question, Reply reply);
}
