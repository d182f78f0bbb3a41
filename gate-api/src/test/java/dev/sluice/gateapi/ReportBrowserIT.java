package dev.sluice.gateapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report in a real browser. */
class ReportBrowserIT {
    private static final int PHONE_WIDTH = 320;

    @TempDir
    static Path directory;

    private static ReportServer server;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = Browser.find(directory);
        server = ReportServer.start(directory);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static JsonNode look(String target, List<String> ways, boolean pictured) throws Exception {
        return browser.look(
                "http://127.0.0.1:" + server.api().port() + target,
                ways,
                pictured ? Optional.of("report") : Optional.empty());
    }

    @Test
    void isAccessibleAndFitsScreensAndPaper() throws Exception {
        JsonNode seen =
                look("/reports/dora?service=checkout", List.of("light", "dark", "phone", "scriptless", "paper"), true);

        for (String how : List.of("light", "dark", "phone", "scriptless")) {
            JsonNode page = seen.path(how);
            assertThat(page.path("status").intValue()).as(how).isEqualTo(200);
            assertThat(page.path("complaints")).as(how).isEmpty();
            assertThat(page.path("heading").asText()).isEqualTo("Delivery report: service checkout");
            assertThat(page.path("articles").intValue()).as(how).isEqualTo(8);
            assertThat(page.path("drawings").intValue()).as(how).isEqualTo(8);
        }
        for (String how : List.of("light", "dark", "phone")) {
            assertThat(seen.path(how).path("violations")).as(how).isEmpty();
        }
        assertThat(seen.at("/light/background").asText()).isEqualTo("rgb(255, 255, 255)");
        assertThat(seen.at("/dark/background").asText()).isEqualTo("rgb(20, 23, 26)");
        assertThat(seen.at("/phone/page_width").intValue()).isEqualTo(PHONE_WIDTH);
        assertThat(seen.at("/phone/page_width_open").intValue()).isEqualTo(PHONE_WIDTH);
        assertThat(seen.at("/paper/pages").intValue()).isBetween(2, 4);
        assertThat(seen.at("/paper/definitions").intValue()).isEqualTo(8);
    }

    @Test
    void aScriptInANameIsText_andATableOfServicesFitsAPhone() throws Exception {
        JsonNode team = look("/reports/dora?team=payments", List.of("dark", "phone"), false);

        for (String how : List.of("dark", "phone")) {
            assertThat(team.path(how).path("complaints")).as(how).isEmpty();
            assertThat(team.path(how).path("scripts").intValue()).as(how).isZero();
            assertThat(team.path(how).path("violations")).as(how).isEmpty();
        }
        assertThat(team.at("/dark/row_heads").toString()).contains(ReportedHistory.HOSTILE);
        assertThat(team.at("/phone/page_width_open").intValue()).isEqualTo(PHONE_WIDTH);
    }
}
