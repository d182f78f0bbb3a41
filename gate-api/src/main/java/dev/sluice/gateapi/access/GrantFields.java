package dev.sluice.gateapi.access;

import dev.sluice.gateapi.config.YamlMapping;
import java.util.Optional;
import java.util.Set;

/** The fields by which files say what somebody may do. */
public final class GrantFields {
    private GrantFields() {}

    /** Reads {@code scopes}; that it is absent or empty is a problem. */
    public static Set<Verb> verbs(YamlMapping entry) {
        return Tokens.verbs(entry);
    }

    /** Reads {@code services} and {@code environments}, which may be absent for all. */
    public static Reach reach(YamlMapping entry) {
        return new Reach(Tokens.names(entry, "services"), Tokens.names(entry, "environments"));
    }

    /** Returns a name of a tenant or a credential; nothing if the text is none. */
    public static Optional<String> name(String text) {
        return Tokens.name(text);
    }
}
