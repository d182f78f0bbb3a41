package dev.sluice.cli.judge;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** A document in a file, in YAML or in JSON, which is YAML too. A name that stands twice is an error. */
public final class YamlFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private YamlFile() {}

    /**
     * Reads a file; an empty one is an empty object.
     *
     * @throws JudgeException if there is none, or it is not YAML
     */
    public static JsonNode read(Path file) {
        try {
            JsonNode document = YAML.readTree(Files.readString(file));
            return document.isMissingNode() || document.isNull() ? JsonNodeFactory.instance.objectNode() : document;
        } catch (NoSuchFileException e) {
            throw new JudgeException("cannot read " + file + ": there is no such file", e);
        } catch (JacksonException e) {
            throw new JudgeException(
                    file + ":" + e.getLocation().getLineNr() + ":"
                            + e.getLocation().getColumnNr() + ": not YAML: " + sentence(e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new JudgeException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** The parser quotes the document, line by line and indented, below each of its words. */
    private static String sentence(String message) {
        return message.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(", "));
    }
}
