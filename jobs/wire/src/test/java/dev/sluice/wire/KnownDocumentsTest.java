package dev.sluice.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownDocumentsTest {
    private final List<String> read = new ArrayList<>();
    private final KnownDocuments<byte[], Integer> documents = new KnownDocuments<>(document -> {
        read.add(new String(document, UTF_8));
        return document.length == 0 ? Optional.empty() : Optional.of(document.length);
    });

    @Test
    void whatIsTheSameIsReadOnce() {
        assertThat(documents.of("a", bytes("one"))).contains(3);
        assertThat(documents.of("a", bytes("one"))).contains(3);
        assertThat(documents.of("b", bytes(""))).isEmpty();
        assertThat(documents.of("b", bytes(""))).isEmpty();
        assertThat(read).containsExactly("one", "");
    }

    @Test
    void whatHasChangedIsReadAnew() {
        documents.of("a", bytes("one"));
        assertThat(documents.of("a", bytes("three"))).contains(5);
        assertThat(documents.of("b", bytes("one"))).contains(3);
        assertThat(read).containsExactly("one", "three", "one");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
