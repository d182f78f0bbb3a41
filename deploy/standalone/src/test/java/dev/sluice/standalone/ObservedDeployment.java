package dev.sluice.standalone;

import java.time.Instant;

/**
 * A deployment to production, as a pipeline reports it when it has ended.
 *
 * @param id the pipeline's id of it, and the version that it brings
 * @param service the service
 * @param succeeded how it ended
 * @param finishedAt when
 */
record ObservedDeployment(String id, String service, boolean succeeded, Instant finishedAt) {
    private static final String TYPE = "dev.cdeventsx.sluice-deployment.observed.0.1.0";

    /** Returns it as a CloudEvent. */
    String event() {
        return """
               {"specversion":"1.0","id":"%1$s","source":"/load","type":"%2$s","time":"%3$s","data":{
                 "context":{"specversion":"0.5.1","id":"%1$s","source":"/load","timestamp":"%3$s","type":"%2$s"},
                 "subject":{"id":"%1$s","content":{"service":"%4$s","environment":"production","state":"%5$s",
                                                   "version":"%1$s"}}}}""".formatted(id, TYPE, finishedAt, service, succeeded ? "success" : "failure");
    }
}
