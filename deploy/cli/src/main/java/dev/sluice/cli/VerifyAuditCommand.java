package dev.sluice.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sluice.cli.audit.AuditVerifier;
import dev.sluice.cli.audit.AuditVerifier.Verified;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sluice verify-audit}: is the audit log what it was? */
@Command(
        name = "verify-audit",
        description = "Tells whether an audit log that was written to files is what it was.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nWithout --keys the keys are those of the Sluice that --url names.%n",
        footer = "Whether the end is missing is told by a head from elsewhere: --head, or the Sluice's own.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:it is what it was", "1:it cannot be told", "2:wrong usage", "10:it is not what it was"})
final class VerifyAuditCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int NOT_FOUND = 404;

    private final Console console;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files audit-*.jsonl of SLUICE_AUDIT_EXPORT.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--keys",
            paramLabel = "FILE",
            description = "The keys of Sluice (a JWK set), kept elsewhere; then none is asked.")
    private @Nullable Path keys;

    @Option(
            names = "--head",
            paramLabel = "FILE",
            description =
                    "A signed head that was kept elsewhere: the answer of /v1/audit/head, or its jws; may be repeated.")
    private List<Path> heads = new ArrayList<>();

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private ApiOptions api = new ApiOptions();

    VerifyAuditCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        boolean headed = !heads.isEmpty();
        AuditVerifier verifier;
        if (keys == null) {
            ApiClient client = api.client(console, null, PATIENCE);
            verifier = new AuditVerifier(keySet(client.get("/.well-known/jwks.json", Map.of())
                    .require("asking for the keys")
                    .toString()));
            headed |= newestHead(verifier, client);
        } else {
            verifier = new AuditVerifier(keySet(text(keys)));
        }
        for (Path file : heads) {
            takeHead(verifier, file);
        }
        List<Verified> verified;
        try {
            verified = verifier.verify(files);
        } catch (IOException e) {
            throw new CommandFailedException("the audit log cannot be read: " + e.getMessage(), e);
        }
        print(verified, headed);
        return verified.stream().allMatch(Verified::intact) ? ExitStatus.OK : ExitStatus.NO_GO;
    }

    /** Without the right to read it, or before the first, the file is verified all the same. */
    private static boolean newestHead(AuditVerifier verifier, ApiClient client) {
        Answer answer = client.get("/v1/audit/head", Map.of());
        if (answer.status() == NOT_FOUND) {
            return false;
        }
        JsonNode jws = answer.require("asking for the head").path("jws");
        return jws.isTextual() && verifier.head(jws.textValue());
    }

    private static void takeHead(AuditVerifier verifier, Path file) {
        String text = text(file).strip();
        String jws = text;
        if (text.startsWith("{")) {
            try {
                jws = Documents.mapper().readTree(text).path("jws").asText();
            } catch (IOException e) {
                throw new CommandFailedException(file + " is no head", e);
            }
        }
        if (!verifier.head(jws)) {
            throw new CommandFailedException(file + " is no head that one of the keys has signed");
        }
    }

    private static JsonWebKeySet keySet(String json) {
        try {
            return new JsonWebKeySet(json);
        } catch (JoseException e) {
            throw new CommandFailedException("the keys are no JWK set", e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailedException(file + " cannot be read", e);
        }
    }

    private void print(List<Verified> verified, boolean headed) {
        if (output == OutputFormat.JSON) {
            ArrayNode tenants = Documents.mapper().createArrayNode();
            verified.forEach(one -> tenants.addObject()
                    .put("tenant", one.tenant())
                    .put("intact", one.intact())
                    .put("first", one.first())
                    .put("last", one.last())
                    .put("hash", one.hash())
                    .put("heads", one.heads())
                    .put("bad_seq", one.badSeq())
                    .put("finding", one.finding()));
            console.out()
                    .println(Documents.pretty(Documents.mapper()
                            .createObjectNode()
                            .put("intact", verified.stream().allMatch(Verified::intact))
                            .set("tenants", tenants)));
            return;
        }
        for (Verified one : verified) {
            console.out()
                    .println(console.styled(
                                    one.intact() ? "bold,green" : "bold,red", one.intact() ? "INTACT" : "BROKEN")
                            + " " + Printable.of(one.tenant()) + ": records " + one.first() + " to " + one.last() + ", "
                            + one.heads() + " signed heads agree");
            if (!one.intact()) {
                console.out().println("  first bad record: " + one.badSeq() + "; " + Printable.of(one.finding()));
            }
        }
        if (!headed) {
            console.err().println("sluice: no head from elsewhere was there, so a missing end cannot be told");
        }
    }
}
