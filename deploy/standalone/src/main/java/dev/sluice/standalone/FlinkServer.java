package dev.sluice.standalone;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Set;

/**
 * A Flink cluster that runs already.
 *
 * @param url its REST API
 * @param parallelism in how many parts each job works there
 */
record FlinkServer(URI url, int parallelism) {
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    FlinkServer {
        String scheme = url.getScheme();
        if ((!"http".equals(scheme) && !"https".equals(scheme)) || url.getHost() == null) {
            throw new IllegalArgumentException("the URL of Flink must be http or https");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("the URL of Flink must be without user, query and fragment");
        }
    }

    /** Returns whether it surely is on this machine. */
    boolean isHere() {
        return THIS_MACHINE.contains(requireNonNull(url.getHost()));
    }
}
