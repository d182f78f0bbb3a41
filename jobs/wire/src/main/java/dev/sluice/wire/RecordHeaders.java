package dev.sluice.wire;

/** Names of Kafka record headers; values are UTF-8 text. */
public final class RecordHeaders {
    /** On a heartbeat: the progress that it carries, in milliseconds since the epoch. */
    public static final String HEARTBEAT = "sluice-heartbeat";
    /** On a row: start of the job attempt that wrote it, in milliseconds since the epoch. */
    public static final String GENERATION = "sluice-generation";
    /** On a row of {@link Topic#CURRENT} that says of which class an environment is: {@link #ENVIRONMENT_CLASS}; else absent. */
    public static final String ROW = "sluice-row";
    /** Value of {@link #ROW}. */
    public static final String ENVIRONMENT_CLASS = "environment-class";
    /** On a raw delivery: whose data it is. */
    public static final String TENANT = "sluice-tenant";
    /** On a raw delivery: the adapter that understands it, e.g. {@code github}, {@code cloudevents}. */
    public static final String SOURCE = "sluice-source";
    /** On a raw delivery: the configured connection that it came in by. */
    public static final String CONNECTION = "sluice-connection";
    /** On a raw delivery: the sender's own id, by which a repetition is known. */
    public static final String DELIVERY_KEY = "sluice-delivery-key";
    /** On a raw delivery: the sender's name for the kind of event, e.g. {@code deployment_status}. */
    public static final String EVENT = "sluice-event";
    /** On a raw delivery: when it was received, in milliseconds since the epoch. */
    public static final String RECEIVED_AT = "sluice-received-at";
    /** On a raw delivery: the principal whose credential it came with. */
    public static final String PRINCIPAL = "sluice-principal";
    /** On a raw delivery: what the sender said beside the body, as a JSON object of texts; absent where that is nothing. */
    public static final String PARAMETERS = "sluice-parameters";
    /**
     * On a raw delivery that came in by a connection which the API has set up: the offset of the {@link Control} by which it
     * was let in. It is understood by this one or a later one of the same key.
     */
    public static final String CONTROL_OFFSET = "sluice-control-offset";
    /** The media type of the value. */
    public static final String CONTENT_TYPE = "content-type";

    private RecordHeaders() {}
}
