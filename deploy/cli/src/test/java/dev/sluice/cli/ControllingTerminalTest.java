package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControllingTerminalTest {
    @Test
    void rowsComeFirst() {
        assertThat(ControllingTerminal.parse("24 80\n")).contains(new Terminal.Size(80, 24));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0 0\n", "24 0", "stty: standard input: Inappropriate ioctl for device", "1 2 3", "123456 1"
            })
    void whatIsNoSize_isNone(String answer) {
        assertThat(ControllingTerminal.parse(answer)).isEmpty();
    }

    @Test
    void thereIsAlwaysASize() {
        assertThat(new ControllingTerminal().size().columns()).isPositive();
    }
}
