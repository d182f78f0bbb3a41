package dev.sluice.sources;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;

/**
 * A pattern of file names: {@code *} is any characters of one segment, {@code **} any characters, {@code ?} one character of
 * a segment, {@code [a-c]} and {@code [!a-c]} one of a set, <code>{a,b}</code> one of several, {@code \} takes the special
 * meaning from the next character. It means what {@link java.nio.file.FileSystem#getPathMatcher} means by it, and asking it
 * takes time in proportion to the length of the name, whatever pattern and name are: all ways to read the name so far are
 * followed at once, each a bit (Baeza-Yates and Gonnet, <a href="https://doi.org/10.1145/135239.135243">A New Approach to
 * Text Searching</a>).
 */
public final class Glob implements Serializable {
    /** The longest: its length bounds the bits that each character of a name costs. */
    static final int LONGEST = 200;
    /** The most patterns without braces that one with braces may stand for. */
    static final int MOST_WAYS = 50;

    private final String text;
    private final Way[] ways;

    private Glob(String text, Way[] ways) {
        this.text = text;
        this.ways = ways;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is none, or longer or of more ways than is allowed
     */
    public static Glob of(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "paths must hold globs of at most " + LONGEST + " characters: one has " + text.length());
        }
        return new Glob(text, new Parser(text).parse());
    }

    /** Returns it as it was written. */
    public String text() {
        return text;
    }

    /** Returns how many patterns without braces it stands for. */
    int ways() {
        return ways.length;
    }

    boolean matches(String file) {
        for (Way way : ways) {
            if (way.matches(file)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /** A set of characters, by the first and last of each of its ranges, or all others. */
    private record Characters(boolean others, int[] ranges) {
        static final Characters OF_A_SEGMENT = new Characters(true, new int[] {'/', '/'});

        static Characters only(int character) {
            return new Characters(false, new int[] {character, character});
        }

        boolean hold(int character) {
            for (int i = 0; i < ranges.length; i += 2) {
                if (ranges[i] <= character && character <= ranges[i + 1]) {
                    return !others;
                }
            }
            return others;
        }
    }

    /** A pattern without braces while it is read: characters one after the other, and wildcards before each of them. */
    private record Draft(List<Characters> characters, BitSet inSegment, BitSet anywhere) {
        Draft() {
            this(new ArrayList<>(), new BitSet(), new BitSet());
        }

        Draft copy() {
            return new Draft(new ArrayList<>(characters), (BitSet) inSegment.clone(), (BitSet) anywhere.clone());
        }

        Way way() {
            var starts = new TreeSet<>(List.of(0, (int) '/', '/' + 1));
            for (Characters each : characters) {
                for (int i = 0; i < each.ranges().length; i += 2) {
                    starts.add(each.ranges()[i]);
                    starts.add(each.ranges()[i + 1] + 1);
                }
            }
            int[] kinds = starts.stream().mapToInt(Integer::intValue).toArray();
            long[][] steps = new long[kinds.length][];
            long[][] stays = new long[kinds.length][];
            for (int kind = 0; kind < kinds.length; kind++) {
                var step = new BitSet();
                for (int i = 0; i < characters.size(); i++) {
                    step.set(i + 1, characters.get(i).hold(kinds[kind]));
                }
                var stay = (BitSet) anywhere.clone();
                if (kinds[kind] != '/') {
                    stay.or(inSegment);
                }
                steps[kind] = words(step);
                stays[kind] = words(stay);
            }
            return new Way(characters.size(), kinds, steps, stays);
        }

        private long[] words(BitSet bits) {
            return Arrays.copyOf(bits.toLongArray(), characters.size() / Long.SIZE + 1);
        }
    }

    /**
     * A pattern without braces. Bit i of a state stands for: the name so far is what the first i characters match.
     *
     * @param end the bit of the whole pattern
     * @param kinds the first of each range of characters that the pattern does not tell apart, in order, from 0
     * @param steps by kind, the bits that such a character leads to from the bit before
     * @param stays by kind, the bits that such a character leaves as they are: it is taken by a wildcard
     */
    private record Way(int end, int[] kinds, long[][] steps, long[][] stays) implements Serializable {
        boolean matches(String file) {
            long[] state = new long[end / Long.SIZE + 1];
            state[0] = 1;
            int character;
            for (int i = 0; i < file.length(); i += Character.charCount(character)) {
                character = file.codePointAt(i);
                if (!advance(state, kind(character))) {
                    return false;
                }
            }
            return (state[end / Long.SIZE] & (1L << end)) != 0;
        }

        private int kind(int character) {
            int found = Arrays.binarySearch(kinds, character);
            return found < 0 ? -found - 2 : found;
        }

        /** Returns whether the name can still match. */
        private boolean advance(long[] state, int kind) {
            long carry = 0;
            long any = 0;
            for (int word = 0; word < state.length; word++) {
                long before = state[word];
                state[word] = (((before << 1) | carry) & steps[kind][word]) | (before & stays[kind][word]);
                carry = before >>> (Long.SIZE - 1);
                any |= state[word];
            }
            return any != 0;
        }
    }

    /** Reads a pattern once, from left to right. */
    private static final class Parser {
        private final String text;
        private int at;
        private List<Draft> drafts = List.of(new Draft());

        Parser(String text) {
            this.text = text;
        }

        Way[] parse() {
            while (at < text.length()) {
                if (text.charAt(at) == '{') {
                    at++;
                    group();
                } else {
                    element();
                }
            }
            return drafts.stream().map(Draft::way).toArray(Way[]::new);
        }

        private void group() {
            List<Draft> before = drafts;
            var done = new ArrayList<Draft>();
            drafts = copies(before);
            while (true) {
                switch (peek("has no } for its {")) {
                    case '{' -> throw wrong("has a { within {}");
                    case ',', '}' -> {
                        done.addAll(drafts);
                        if (done.size() > MOST_WAYS) {
                            throw wrong("stands for more than " + MOST_WAYS + " globs without {}");
                        }
                        drafts = copies(before);
                        if (text.charAt(at++) == '}') {
                            drafts = done;
                            return;
                        }
                    }
                    default -> element();
                }
            }
        }

        private static List<Draft> copies(List<Draft> drafts) {
            return drafts.stream().map(Draft::copy).toList();
        }

        private void element() {
            int character = next();
            switch (character) {
                case '*' -> wildcard();
                case '?' -> add(Characters.OF_A_SEGMENT);
                case '[' -> add(set());
                case '\\' -> {
                    peek("ends in \\");
                    add(Characters.only(next()));
                }
                default -> add(Characters.only(character));
            }
        }

        private void wildcard() {
            boolean anywhere = at < text.length() && text.charAt(at) == '*';
            at += anywhere ? 1 : 0;
            for (Draft draft : drafts) {
                (anywhere ? draft.anywhere() : draft.inSegment())
                        .set(draft.characters().size());
            }
        }

        private void add(Characters characters) {
            drafts.forEach(draft -> draft.characters().add(characters));
        }

        /** The characters of a set, of which no segment's end is one. */
        private Characters set() {
            boolean others = peek("has no ] for its [") == '!';
            at += others ? 1 : 0;
            var ranges = new ArrayList<Integer>();
            boolean begins = true;
            while (true) {
                int first = inSet();
                if (first == ']') {
                    break;
                }
                if (first == '-' && !begins) {
                    throw wrong("has a range without a beginning");
                }
                begins = false;
                int last = first;
                if (first != '-' && peek("has no ] for its [") == '-' && at + 1 < text.length()) {
                    at++;
                    if (text.charAt(at) == ']') {
                        ranges.addAll(List.of((int) '-', (int) '-'));
                    } else {
                        last = next();
                    }
                }
                if (last < first) {
                    throw wrong("has a range that ends before it begins");
                }
                ranges.addAll(List.of(first, last));
            }
            if (ranges.isEmpty()) {
                throw wrong("has an empty []");
            }
            return new Characters(others, withoutSlash(ranges, others));
        }

        private int inSet() {
            if (peek("has no ] for its [") == '/') {
                throw wrong("has a / within []");
            }
            return next();
        }

        private int next() {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            return character;
        }

        private static int[] withoutSlash(List<Integer> ranges, boolean others) {
            var without = new ArrayList<Integer>();
            for (int i = 0; i < ranges.size(); i += 2) {
                int first = ranges.get(i);
                int last = ranges.get(i + 1);
                if (first < '/' && '/' <= last) {
                    without.addAll(List.of(first, '/' - 1, '/' + 1, last)); // none after / where it is the last
                } else {
                    without.addAll(List.of(first, last));
                }
            }
            if (others) {
                without.addAll(List.of((int) '/', (int) '/'));
            }
            return without.stream().mapToInt(Integer::intValue).toArray();
        }

        private char peek(String otherwise) {
            if (at == text.length()) {
                throw wrong(otherwise);
            }
            return text.charAt(at);
        }

        private IllegalArgumentException wrong(String why) {
            return new IllegalArgumentException("paths must hold globs: \"" + text + "\" " + why);
        }
    }
}
