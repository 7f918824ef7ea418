package org.collectionscheduler.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where the next page begins, as only the server can read it.
 *
 * @param version of the state that the list shows; -1 for whatever is newest
 * @param start not before which the next page begins, in the order of keys
 */
record FakeToken(long version, String start) {

    private static final String WHOLE = "meta.k8s.io/v1";

    /** @param key of the last object of the page before */
    static FakeToken after(String key, long version) {
        return new FakeToken(version, key + "\0");
    }

    static FakeToken decode(String text) throws FakeRefusal {
        if (Misbehaviour.isToken(text)) {
            return new FakeToken(-1, "");
        }
        try {
            byte[] json = Base64.getUrlDecoder().decode(text);
            JsonNode token = JsonMapper.shared().readTree(new String(json, StandardCharsets.UTF_8));
            if (!token.path("v").asString("").equals(WHOLE) || token.path("rv").asLong(0) == 0) {
                throw FakeRefusal.badRequest("continue key is not valid: incorrect encoded start resourceVersion");
            }
            return new FakeToken(token.path("rv").asLong(), token.path("start").asString(""));
        } catch (IllegalArgumentException | tools.jackson.core.JacksonException e) {
            throw FakeRefusal.badRequest("continue key is not valid: " + e.getMessage());
        }
    }

    /** For the same place in the newest state. */
    FakeToken newest() {
        return new FakeToken(-1, start);
    }

    String encode() {
        String json = "{\"v\":\"" + WHOLE + "\",\"rv\":" + version + ",\"start\":"
                + JsonMapper.shared().writeValueAsString(start) + "}";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
