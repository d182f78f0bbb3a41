package dev.sluice.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportMeasurementIT {
    @TempDir
    Path directory;

    @Test
    @Tag("soak")
    void measuresPagesThatNameTheirServices() throws Exception {
        List<Figure> figures = new ReportMeasurement().measure(Scale.QUICK, directory);

        assertThat(figures)
                .extracting(Figure::name)
                .contains("page of a service, median", "page of all services, median");
    }
}
