package dev.sluice.gateapi.callers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of {@code deploy/controllers}. */
public final class ControllerFiles {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private ControllerFiles() {}

    /** Returns the text of a file. */
    public static String text(String file) {
        try {
            return Files.readString(Path.of(System.getProperty("sluice.root"), "deploy", "controllers", file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a file of YAML, or of JSON. */
    public static JsonNode read(String file) {
        return parsed(text(file));
    }

    /** Returns a text of YAML. */
    public static JsonNode parsed(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
