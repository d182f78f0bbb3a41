package dev.sluice.store;

import static java.util.Objects.requireNonNull;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;

/**
 * Where ClickHouse is and how long to wait for it.
 *
 * @param url HTTP interface, e.g. {@code http://127.0.0.1:8123}
 * @param user the user
 * @param password its password; empty for none; never printed
 * @param connectTimeout how long a connection may take
 * @param queryTimeout how long a reader waits for an answer
 * @param insertTimeout how long an insert or a migration's statement may take
 */
public record ClickHouseSettings(
        URI url, String user, String password, Duration connectTimeout, Duration queryTimeout, Duration insertTimeout)
        implements Serializable {
    /** The user of a ClickHouse that nobody configured. */
    public static final String DEFAULT_USER = "default";

    public ClickHouseSettings {
        requireNonNull(url, "url");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
        if (!"http".equals(url.getScheme()) && !"https".equals(url.getScheme())) {
            throw new IllegalArgumentException("url must be http or https, is " + url);
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("url must not carry a user or password");
        }
        requirePositive(connectTimeout, "connectTimeout");
        requirePositive(queryTimeout, "queryTimeout");
        requirePositive(insertTimeout, "insertTimeout");
    }

    /** The default user without a password; 1 s to connect, 2 s to query, 30 s to insert. */
    public static ClickHouseSettings at(URI url) {
        return new ClickHouseSettings(
                url, DEFAULT_USER, "", Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(30));
    }

    /** The same with another user. */
    public ClickHouseSettings withUser(String newUser, String newPassword) {
        return new ClickHouseSettings(url, newUser, newPassword, connectTimeout, queryTimeout, insertTimeout);
    }

    /** The same with another limit for readers. */
    public ClickHouseSettings withQueryTimeout(Duration newQueryTimeout) {
        return new ClickHouseSettings(url, user, password, connectTimeout, newQueryTimeout, insertTimeout);
    }

    private static void requirePositive(Duration duration, String name) {
        if (duration.isNegative() || duration.toMillis() == 0) {
            throw new IllegalArgumentException(name + " must be at least 1 ms, is " + duration);
        }
    }

    /** Everything but the password. */
    @Override
    public String toString() {
        return "ClickHouseSettings[url=%s, user=%s, password=%s, connectTimeout=%s, queryTimeout=%s, insertTimeout=%s]"
                .formatted(url, user, password.isEmpty() ? "none" : "***", connectTimeout, queryTimeout, insertTimeout);
    }
}
