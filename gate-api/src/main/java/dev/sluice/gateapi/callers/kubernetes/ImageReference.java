package dev.sluice.gateapi.callers.kubernetes;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the name of an image says. */
final class ImageReference {
    private static final Pattern DIGEST = Pattern.compile(".+@(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})");

    private ImageReference() {}

    /** Returns the digest; nothing if the name has none, and so may be another image tomorrow. */
    static Optional<String> digest(String image) {
        Matcher matcher = DIGEST.matcher(image);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Returns the repository: the name without tag and digest. */
    static String repository(String image) {
        int at = image.indexOf('@');
        String name = at < 0 ? image : image.substring(0, at);
        int tag = name.indexOf(':', name.lastIndexOf('/') + 1);
        return tag < 0 ? name : name.substring(0, tag);
    }
}
