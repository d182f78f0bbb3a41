package dev.sluice.cli.judge;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A CSV file (RFC 4180, UTF-8) of samples: its first line says what they are. It is read row by row. */
final class SampleFile {
    private static final CsvMapper MAPPER = CsvMapper.builder()
            .enable(CsvParser.Feature.FAIL_ON_MISSING_COLUMNS)
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private static final String HEADERS =
            Arrays.stream(SampleKind.values()).map(SampleKind::header).collect(Collectors.joining(" or "));

    private SampleFile() {}

    /**
     * Reads a file.
     *
     * @param each takes every row
     * @throws JudgeException if it cannot be read or a row is wrong
     */
    static void read(Path file, BiConsumer<SampleKind, Sample> each) {
        try (var text = withoutMark(Files.newBufferedReader(file));
                MappingIterator<Map<String, String>> rows = MAPPER.readerForMapOf(String.class)
                        .with(CsvSchema.emptySchema().withHeader())
                        .readValues(text)) {
            boolean hasRows = rows.hasNext();
            SampleKind kind = kind(file, (CsvSchema) rows.getParserSchema());
            while (hasRows) {
                Map<String, String> fields = rows.next();
                int line = rows.getParser().currentTokenLocation().getLineNr();
                each.accept(kind, new Sample(file + ", line " + line, fields));
                hasRows = rows.hasNext();
            }
        } catch (CharacterCodingException e) {
            throw new JudgeException("cannot read " + file + ": it is no text in UTF-8", e);
        } catch (NoSuchFileException e) {
            throw new JudgeException("cannot read " + file + ": there is no such file", e);
        } catch (JacksonException e) {
            throw unreadable(file, e);
        } catch (RuntimeJsonMappingException e) {
            throw unreadable(file, e.getCause() instanceof JacksonException cause ? cause : null);
        } catch (IOException e) {
            throw new JudgeException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Spreadsheets write a byte order mark before the header. */
    private static Reader withoutMark(BufferedReader text) throws IOException {
        text.mark(1);
        if (text.read() != '\uFEFF') {
            text.reset();
        }
        return text;
    }

    private static JudgeException unreadable(Path file, @Nullable JacksonException e) {
        if (e == null || e.getLocation() == null) {
            return new JudgeException("cannot read " + file, e);
        }
        if (e.getLocation().getLineNr() < 1) {
            return new JudgeException(file + " is empty; its first line must be " + HEADERS, e);
        }
        return new JudgeException(file + ", line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
    }

    private static SampleKind kind(Path file, CsvSchema header) {
        var columns = new ArrayList<String>();
        header.forEach(column -> columns.add(column.getName()));
        return SampleKind.of(columns)
                .orElseThrow(() -> new JudgeException(
                        file + ": the first line must be " + HEADERS + ", is " + String.join(",", columns)));
    }
}
