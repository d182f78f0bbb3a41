package dev.sluice.gateapi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks for secrets in what others can see: as they are, and as they are written in Base64, hexadecimal digits, URLs and JSON. */
final class Leaks {
    /** Names of secrets by what would give them away. */
    private final Map<String, String> traces = new TreeMap<>();

    private final List<String> found = new ArrayList<>();

    /** Looks for this one from now on. */
    void secret(String name, String secret) {
        if (secret.length() < 12) {
            throw new IllegalArgumentException(name + " is so short that it may stand anywhere");
        }
        forms(secret).forEach(form -> traces.put(form, name));
    }

    private static Set<String> forms(String secret) {
        byte[] bytes = secret.getBytes(UTF_8);
        Set<String> forms = new TreeSet<>(List.of(secret, HexFormat.of().formatHex(bytes)));
        forms.add(HexFormat.of().withUpperCase().formatHex(bytes));
        forms.add(URLEncoder.encode(secret, UTF_8));
        forms.add(URLEncoder.encode(secret, UTF_8).toLowerCase(Locale.ROOT));
        forms.add(secret.replace("\n", "\\n"));
        // three, by what stands before it; the digits at both ends are of its neighbours, too
        for (int before = 0; before < 3; before++) {
            byte[] shifted = Arrays.copyOf(new byte[before], before + bytes.length);
            System.arraycopy(bytes, 0, shifted, before, bytes.length);
            for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
                String digits = encoder.withoutPadding().encodeToString(shifted);
                forms.add(digits.substring(before == 0 ? 0 : before + 1, digits.length() - 1));
            }
        }
        return forms;
    }

    /** Looks at what can be seen somewhere. */
    void look(String where, String text) {
        traces.forEach((trace, name) -> {
            int at = text.indexOf(trace);
            if (at >= 0) {
                found.add(name + " in " + where + ": "
                        + text.substring(Math.max(0, at - 80), Math.min(text.length(), at + trace.length() + 20)));
            }
        });
    }

    /** Returns what was found. */
    List<String> found() {
        return List.copyOf(found);
    }
}
