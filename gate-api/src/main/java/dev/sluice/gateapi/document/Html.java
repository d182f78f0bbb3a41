package dev.sluice.gateapi.document;

import java.util.function.Consumer;

/** Builds HTML of which every text is escaped: the only markup is that of the calls. */
final class Html {
    private final StringBuilder out = new StringBuilder(64 << 10);

    /** Adds a text. */
    Html text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return this;
    }

    /** Adds a text in which what stands between backquotes is code and an empty line begins a paragraph. */
    Html prose(String text) {
        for (String paragraph : text.split("\n\n", -1)) {
            element("p", p -> p.inline(paragraph));
        }
        return this;
    }

    /** Adds a text in which what stands between backquotes is code. */
    Html inline(String text) {
        String[] parts = text.split("`", -1);
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (i % 2 == 1) {
                element("code", part);
            } else {
                text(part);
            }
        }
        return this;
    }

    /** Adds an element that holds a text. */
    Html element(String name, String text) {
        return element(name, element -> element.text(text));
    }

    /** Adds an element. */
    Html element(String name, Consumer<Html> content) {
        out.append('<').append(name).append('>');
        content.accept(this);
        out.append("</").append(name).append(">\n");
        return this;
    }

    /** Adds an element with one attribute. */
    Html element(String name, String attribute, String value, Consumer<Html> content) {
        out.append('<').append(name).append(' ').append(attribute).append("=\"");
        text(value);
        out.append("\">");
        content.accept(this);
        out.append("</").append(name).append(">\n");
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
