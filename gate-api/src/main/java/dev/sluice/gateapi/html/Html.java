package dev.sluice.gateapi.html;

import java.util.function.Consumer;

/** Builds HTML (or SVG inside of it) of which every text is escaped: the only markup is that of the calls. */
public final class Html {
    private final StringBuilder out = new StringBuilder(64 << 10);

    /** Adds a text. */
    public Html text(String text) {
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
    public Html prose(String text) {
        for (String paragraph : text.split("\n\n", -1)) {
            element("p", p -> p.inline(paragraph));
        }
        return this;
    }

    /** Adds a text in which what stands between backquotes is code. */
    public Html inline(String text) {
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
    public Html element(String name, String text) {
        return element(name, element -> element.text(text));
    }

    /** Adds an element. */
    public Html element(String name, Consumer<Html> content) {
        return element(name, Attributes.NONE, content);
    }

    /** Adds an element with one attribute. */
    public Html element(String name, String attribute, String value, Consumer<Html> content) {
        return element(name, Attributes.of(attribute, value), content);
    }

    /** Adds an element with attributes. */
    public Html element(String name, Attributes attributes, Consumer<Html> content) {
        open(name, attributes);
        content.accept(this);
        out.append("</").append(name).append(">\n");
        return this;
    }

    /** Adds an element that holds nothing, and has no end. */
    public Html empty(String name, Attributes attributes) {
        open(name, attributes);
        out.append('\n');
        return this;
    }

    private void open(String name, Attributes attributes) {
        out.append('<').append(name);
        for (Attributes.Attribute attribute : attributes.all()) {
            out.append(' ').append(attribute.name()).append("=\"");
            text(attribute.value());
            out.append('"');
        }
        out.append('>');
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
