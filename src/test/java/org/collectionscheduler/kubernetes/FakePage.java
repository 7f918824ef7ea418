package org.collectionscheduler.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * Which objects one page holds, and what it says about the rest.
 *
 * @param indexes places of its objects; not changed by anybody
 * @param token null on the last page
 * @param remaining a number as JSON; null when the page does not say it
 */
@SuppressWarnings("ArrayRecordComponent")
record FakePage(
        FakeKind kind,
        int[] indexes,
        long version,
        @Nullable String token,
        @Nullable String remaining) {

    /** The fields of a list's metadata. */
    String metadata() {
        return "\"metadata\":{\"resourceVersion\":\"" + version + "\""
                + (token == null ? "" : ",\"continue\":\"" + token + "\"")
                + (remaining == null ? "" : ",\"remainingItemCount\":" + remaining) + "}";
    }

    FakePage withRemaining(String json) {
        return new FakePage(kind, indexes, version, token, json);
    }
}
