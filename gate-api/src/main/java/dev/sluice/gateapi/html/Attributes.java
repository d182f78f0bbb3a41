package dev.sluice.gateapi.html;

import java.util.ArrayList;
import java.util.List;

/**
 * The attributes of an element, in this order.
 *
 * @param all each one's name and value
 */
public record Attributes(List<Attribute> all) {
    /** No attributes. */
    public static final Attributes NONE = new Attributes(List.of());

    public Attributes {
        all = List.copyOf(all);
    }

    /** Returns one attribute. */
    public static Attributes of(String name, String value) {
        return NONE.and(name, value);
    }

    /** Returns these and one more. */
    public Attributes and(String name, String value) {
        var more = new ArrayList<>(all);
        more.add(new Attribute(name, value));
        return new Attributes(more);
    }

    /**
     * An attribute.
     *
     * @param name its name, which is markup and never input
     * @param value its value, any text
     */
    public record Attribute(String name, String value) {}
}
