package dev.sluice.gateapi.access;

import io.javalin.security.RouteRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a route lets its callers do; scopes of tokens are named so. */
public enum Verb implements RouteRole {
    /** Send events. */
    RECEIVE(false),
    /** Correct what sources have said: it outranks them, so sending events is not enough. */
    CORRECT(false),
    /** Ask a gate for a decision. */
    EVALUATE(false),
    /** Read metrics, services, deliveries and decisions. */
    READ(false),
    /** Set up times in which nothing is deployed. */
    MANAGE_FREEZE(false),
    /** Read how far the audit log has come. */
    READ_AUDIT(false),
    /** Write policies and exemptions, which decide nothing yet. */
    EDIT_POLICY(false),
    /** Let policies and exemptions that were written take effect, and end. */
    ACTIVATE_POLICY(false),
    /** Ask that a gate be open whatever its policies say, and end that. */
    OVERRIDE(false),
    /** Approve what someone else has asked for. */
    APPROVE(false),
    /** Ask for a rollback, answer to one, and stop all. */
    TRIGGER_ROLLBACK(false),
    /** Set up who is told to roll back, or to rehearse it, and when. */
    MANAGE_ENDPOINTS(false),
    /** Run the service: set up what others are judged by. */
    OPERATE(false),
    /** Set up who may send, and by which secrets. */
    ADMIN(false),
    /** Open to all: the request carries a credential of its own, such as a signature. */
    PUBLIC(true),
    /** Open to all, and answered whatever else is going on: health and metrics. */
    HEALTH(true);

    private final boolean open;

    Verb(boolean open) {
        this.open = open;
    }

    /** Returns whether no principal is needed. */
    public boolean isPublic() {
        return open;
    }

    /** Returns the name as a scope of a token. */
    public String scope() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the names of all scopes, in order. */
    public static String scopes() {
        return Arrays.stream(values())
                .filter(verb -> !verb.open)
                .map(Verb::scope)
                .collect(Collectors.joining(", "));
    }

    /** Returns the verb that the scope stands for; public ones have no scope. */
    public static Optional<Verb> ofScope(String scope) {
        return Arrays.stream(values())
                .filter(verb -> !verb.open && verb.scope().equals(scope))
                .findFirst();
    }
}
