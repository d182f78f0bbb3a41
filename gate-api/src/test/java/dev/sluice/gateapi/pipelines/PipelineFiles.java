package dev.sluice.gateapi.pipelines;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of {@code deploy/pipelines}. */
public final class PipelineFiles {
    /** The folder. */
    public static final Path FOLDER = Path.of(System.getProperty("sluice.root"), "deploy", "pipelines");

    /** The script that has the logic. */
    public static final Path SCRIPT = FOLDER.resolve("sh/sluice-gate.sh");

    private PipelineFiles() {}

    /** Returns the text of a file. */
    public static String text(String file) {
        return text(FOLDER.resolve(file));
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the documents of a file of YAML. */
    static List<JsonNode> documents(String file) {
        return parsed(text(file));
    }

    /** Returns the documents of a text of YAML in which no key is given twice. */
    static List<JsonNode> parsed(String yaml) {
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        var documents = new ArrayList<JsonNode>();
        new Yaml(new SafeConstructor(options))
                .loadAll(yaml)
                .forEach(document -> documents.add(Json.mapper().valueToTree(document)));
        return documents;
    }
}
