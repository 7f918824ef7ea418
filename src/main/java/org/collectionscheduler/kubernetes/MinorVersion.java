package org.collectionscheduler.kubernetes;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The part of a Kubernetes version by which components may differ, such as 1.29 of {@code v1.29.4-eks-036c24b}. */
record MinorVersion(int major, int minor) {

    private static final Pattern NUMBERS = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})(?:[^\\d].*)?", Pattern.DOTALL);

    /** @return null when the version does not begin with two numbers */
    static @Nullable MinorVersion of(@Nullable String version) {
        Matcher matcher = version == null ? null : NUMBERS.matcher(version);
        return matcher == null || !matcher.matches()
                ? null
                : new MinorVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /** The older of the two; null only when both are. */
    static @Nullable MinorVersion older(@Nullable MinorVersion one, @Nullable MinorVersion two) {
        if (one == null || two == null) {
            return one == null ? two : one;
        }
        boolean oneIsOlder = one.major < two.major || (one.major == two.major && one.minor <= two.minor);
        return oneIsOlder ? one : two;
    }

    /** By how many minor versions the other is older; negative when it is newer, null when the major versions differ. */
    @Nullable Integer ahead(MinorVersion other) {
        return major == other.major ? minor - other.minor : null;
    }
}
