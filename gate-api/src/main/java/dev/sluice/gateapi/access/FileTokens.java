package dev.sluice.gateapi.access;

import dev.sluice.gateapi.config.Problems;
import java.util.List;

/** The tokens of the token file. */
public final class FileTokens {
    private final List<Token> tokens;

    private FileTokens(List<Token> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /** Returns those of no file. */
    public static FileTokens none() {
        return new FileTokens(List.of());
    }

    /**
     * Reads a token file.
     *
     * @param file its name, for messages
     * @param content its text: YAML or JSON
     * @param problems where to report what is wrong with it
     */
    public static FileTokens read(String file, String content, Problems problems) {
        return new FileTokens(Tokens.read(file, content, problems));
    }

    List<Token> all() {
        return tokens;
    }

    boolean has(String tenant, String id) {
        return tokens.stream()
                .map(Token::principal)
                .anyMatch(one -> one.tenant().equals(tenant) && one.id().equals(id));
    }
}
