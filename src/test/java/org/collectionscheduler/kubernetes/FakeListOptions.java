package org.collectionscheduler.kubernetes;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a list.
 *
 * @param limit 0 for none
 * @param token null for the first page
 * @param version null for the newest state, 0 for any
 */
record FakeListOptions(
        int limit, @Nullable FakeToken token, @Nullable Long version, Match match, FakeSelector selector) {

    /** How the version that is asked for is meant. */
    enum Match {
        /** Not said: exact with a limit, otherwise not older. So it has been since before one could say it. */
        UNSET,
        EXACT,
        NOT_OLDER_THAN
    }

    static FakeListOptions parse(FakeKind kind, Map<String, String> query) throws FakeRefusal {
        String version = query.getOrDefault("resourceVersion", "");
        String token = query.getOrDefault("continue", "");
        Match match = match(query.getOrDefault("resourceVersionMatch", ""), version, token);
        if (!query.getOrDefault("labelSelector", "").isEmpty()) {
            throw FakeRefusal.badRequest("this server has no label selectors");
        }
        long number = version.isEmpty() ? 0 : number("resourceVersion", version);
        if (!token.isEmpty() && number > 0) {
            throw FakeRefusal.badRequest("specifying resource version is not allowed when using continue");
        }
        return new FakeListOptions(
                (int) Math.min(Integer.MAX_VALUE, number("limit", query.getOrDefault("limit", "0"))),
                token.isEmpty() ? null : FakeToken.decode(token),
                version.isEmpty() ? null : number,
                match,
                FakeSelector.parse(kind, query.get("fieldSelector")));
    }

    /** Whether the state of one version is wanted and no other. */
    boolean exact() {
        return version != null && version > 0 && (match == Match.EXACT || (match == Match.UNSET && limit > 0));
    }

    /** Any state will do, which the server takes from its memory, where it cannot cut pages. */
    boolean whole() {
        return limit == 0 || (token == null && version != null && version == 0);
    }

    private static Match match(String match, String version, String token) throws FakeRefusal {
        if (match.isEmpty()) {
            return Match.UNSET;
        }
        if (version.isEmpty()) {
            throw FakeRefusal.invalidOptions("resourceVersionMatch is forbidden unless resourceVersion is provided");
        }
        if (!token.isEmpty()) {
            throw FakeRefusal.invalidOptions("resourceVersionMatch is forbidden when continue is provided");
        }
        if (match.equals("NotOlderThan")) {
            return Match.NOT_OLDER_THAN;
        }
        if (!match.equals("Exact") || version.equals("0")) {
            throw FakeRefusal.invalidOptions(
                    "resourceVersionMatch \"" + match + "\" is forbidden for resourceVersion \"" + version + "\"");
        }
        return Match.EXACT;
    }

    private static long number(String name, String text) throws FakeRefusal {
        try {
            long number = Long.parseLong(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw FakeRefusal.badRequest("invalid " + name + ": " + text);
        }
        throw FakeRefusal.badRequest("negative " + name + ": " + text);
    }
}
