package dev.sluice.gateapi.callers.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * The arguments that Argo writes into a metric when it is measured, in the place of <code>{{args.name}}</code>. It does so in the text of the whole
 * metric, so that one that begins in one value and ends in another would take out what is between them.
 */
final class Arguments {
    private static final String BEGIN = "{{";
    private static final Pattern WHOLE = Pattern.compile("\\{\\{[^{}\"\\\\]*}}");

    private Arguments() {}

    /** Returns whether a text may be another one when it is used. */
    static boolean areIn(String text) {
        return text.contains(BEGIN);
    }

    /** Returns whether each argument ends in the name or value in which it begins. */
    static boolean stayInTheirTexts(JsonNode part) {
        if (part.isTextual()) {
            return areWhole(part.textValue());
        }
        for (var member : part.properties()) {
            if (!areWhole(member.getKey())) {
                return false;
            }
        }
        for (JsonNode inner : part) {
            if (!stayInTheirTexts(inner)) {
                return false;
            }
        }
        return true;
    }

    private static boolean areWhole(String text) {
        return !areIn(WHOLE.matcher(text).replaceAll("-"));
    }
}
