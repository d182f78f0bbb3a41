package dev.sluice.gateapi.report.digest;

import dev.sluice.dora.PeriodKind;
import dev.sluice.gateapi.config.Problems;
import dev.sluice.gateapi.config.YamlMapping;
import dev.sluice.gateapi.report.digest.WebhookTarget.Form;
import dev.sluice.gateapi.secrets.SecretPlaces;
import dev.sluice.gateapi.secrets.SecretReference;
import dev.sluice.store.DoraScope;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The reports that are sent on a schedule, as the file of reports names them. */
public final class Digests {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final String ID_EXPECTED = "a name of at most 64 letters, digits and dashes";
    private static final String USUAL_TENANT = "default";
    private static final String USUAL_ENVIRONMENT = "PRODUCTION";
    private static final LocalTime USUAL_TIME = LocalTime.of(8, 0);
    private static final int MOST_DAYS = 1_100;
    private static final String SIGNING = "whsec_";
    private static final int LEAST_SECRET_BYTES = 24;
    private static final int MOST_SECRET_BYTES = 64;

    private final List<Digest> all;

    private Digests(List<Digest> all) {
        this.all = List.copyOf(all);
    }

    /** Returns none. */
    public static Digests none() {
        return new Digests(List.of());
    }

    /**
     * Reads the digests of a file.
     *
     * @param root has {@code digests}, a list
     * @param file the file, to whose directory paths are relative
     * @param places where the secrets are
     * @param problems where to report
     */
    public static Digests read(YamlMapping root, Path file, SecretPlaces places, Problems problems) {
        var reader = new Reader(file, places, problems);
        return new Digests(root.mappings("digests").orElse(List.of()).stream()
                .flatMap(entry -> reader.digest(entry).stream())
                .toList());
    }

    /** Returns whether there are none. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    List<Digest> all() {
        return all;
    }

    /** Reads one digest after the other. */
    private static final class Reader {
        private final Path file;
        private final SecretPlaces places;
        private final Problems problems;
        private final HashSet<String> ids = new HashSet<>();

        Reader(Path file, SecretPlaces places, Problems problems) {
            this.file = file;
            this.places = places;
            this.problems = problems;
        }

        Optional<Digest> digest(YamlMapping entry) {
            int before = problems.count();
            String id = entry.required("id", text -> matching(ID, text), ID_EXPECTED)
                    .orElse("");
            if (!id.isEmpty() && !ids.add(id)) {
                entry.problem("id", "two digests are called " + id);
            }
            DoraScope scope = scope(entry);
            Optional<PeriodKind> every = entry.required("every", Reader::kind, "week, month or quarter");
            LocalTime at = entry.optional("at", Reader::time, "a time of day such as 08:00")
                    .orElse(USUAL_TIME);
            ZoneId zone = entry.optional("zone", Reader::zone, "a time zone such as Europe/Berlin")
                    .orElse(ZoneOffset.UTC);
            @Nullable
            Integer days = entry.optional("days", Reader::days, "a number of days from 1 to " + MOST_DAYS)
                    .orElse(null);
            Optional<Target> target = target(entry);
            entry.rejectUnknownFields();
            return problems.count() > before
                    ? Optional.empty()
                    : every.flatMap(kind ->
                            target.map(where -> new Digest(id, scope, new Schedule(kind, at, zone), days, where)));
        }

        private static DoraScope scope(YamlMapping entry) {
            String tenant = entry.optional("tenant").orElse(USUAL_TENANT);
            String environment = entry.optional("environment").orElse(USUAL_ENVIRONMENT);
            var scopes = new ArrayList<DoraScope>();
            for (DoraScope.Kind kind : List.of(DoraScope.Kind.SERVICE, DoraScope.Kind.TEAM, DoraScope.Kind.GROUP)) {
                entry.optional(kind.wireName())
                        .ifPresent(name -> scopes.add(new DoraScope(tenant, kind, name, environment)));
            }
            if (scopes.size() > 1) {
                entry.problem(scopes.get(1).kind().wireName(), "give only one of service, team and group");
            }
            return scopes.isEmpty() ? new DoraScope(tenant, DoraScope.Kind.ALL, "", environment) : scopes.get(0);
        }

        private Optional<Target> target(YamlMapping entry) {
            Optional<Path> directory = entry.optional("directory", this::path, "a path");
            Optional<String> url = entry.optional("webhook")
                    .or(() -> secret(entry, "webhook_env", false))
                    .or(() -> secret(entry, "webhook_file", true));
            Optional<Form> form = entry.optional("form", Reader::form, "report or chat");
            Optional<String> secret = secret(entry, "secret_env", false).or(() -> secret(entry, "secret_file", true));
            List<String> given = Stream.of("directory", "webhook", "webhook_env", "webhook_file")
                    .filter(entry::has)
                    .toList();
            if (given.size() != 1) {
                entry.problem(
                        given.isEmpty() ? "id" : given.get(1),
                        "a digest needs one of directory, webhook, webhook_env and webhook_file");
                return Optional.empty();
            }
            if (given.contains("directory")) {
                Stream.of("form", "secret_env", "secret_file")
                        .filter(entry::has)
                        .forEach(field -> entry.problem(field, field + " is for webhooks only"));
                return directory.map(DirectoryTarget::new);
            }
            Optional<URI> target = url.flatMap(Reader::url);
            if (url.isPresent() && target.isEmpty()) {
                entry.problem(given.get(0), given.get(0) + " must be an https URL, or an http URL of this machine");
            }
            if (secret.isPresent() && !isSecret(secret.get())) {
                entry.problem(
                        entry.has("secret_env") ? "secret_env" : "secret_file",
                        "the secret must be whsec_ and " + LEAST_SECRET_BYTES + " to " + MOST_SECRET_BYTES
                                + " bytes in base64, as Standard Webhooks spells it");
            }
            return target.map(where -> new WebhookTarget(where, form.orElse(Form.REPORT), secret.orElse(null)));
        }

        private Optional<String> secret(YamlMapping entry, String field, boolean isFile) {
            return entry.optional(field)
                    .flatMap(name ->
                            places.read(new SecretReference(isFile, name), reason -> entry.problem(field, reason)))
                    .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        }

        private Optional<Path> path(String text) {
            try {
                return Optional.of(file.resolveSibling(text).toAbsolutePath().normalize());
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }

        private static Optional<URI> url(String text) {
            try {
                var url = new URI(text);
                boolean fits = url.getHost() != null
                        && url.getUserInfo() == null
                        && ("https".equals(url.getScheme())
                                || ("http".equals(url.getScheme()) && isHere(url.getHost())));
                return fits ? Optional.of(url) : Optional.empty();
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }

        private static boolean isHere(String host) {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException e) {
                return false;
            }
        }

        private static boolean isSecret(String text) {
            try {
                int bytes =
                        Base64.getDecoder().decode(text.substring(Math.min(SIGNING.length(), text.length()))).length;
                return text.startsWith(SIGNING) && bytes >= LEAST_SECRET_BYTES && bytes <= MOST_SECRET_BYTES;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        private static Optional<String> matching(Pattern pattern, String text) {
            return Optional.of(text).filter(pattern.asMatchPredicate());
        }

        private static Optional<PeriodKind> kind(String text) {
            return Stream.of(PeriodKind.values())
                    .filter(kind -> kind.wireName().equals(text))
                    .findFirst();
        }

        private static Optional<Form> form(String text) {
            return Stream.of(Form.values())
                    .filter(form -> form.wireName().equals(text))
                    .findFirst();
        }

        private static Optional<LocalTime> time(String text) {
            try {
                return Optional.of(LocalTime.parse(text));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        private static Optional<ZoneId> zone(String text) {
            try {
                return Optional.of(ZoneId.of(text));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        private static Optional<Integer> days(String text) {
            return Optional.of(text)
                    .filter(number -> number.matches("[1-9]\\d{0,3}"))
                    .map(Integer::valueOf)
                    .filter(number -> number <= MOST_DAYS);
        }
    }
}
