package org.collectionscheduler.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.collectionscheduler.collector.Pseudonyms.NamespaceNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PseudonymsTests {

    /** As {@code printf %s "$name" | sha256sum} says. */
    @ParameterizedTest
    @CsvSource({
        "default, namespace-37a8eec1ce19",
        "kube-system, namespace-88007f70666d",
        "größe, namespace-d353a2671b67",
        "'', namespace-e3b0c44298fc"
    })
    void sha256IsThatOfTheNameAloneInEveryDeployment(String name, String key) {
        for (String salt : new String[] {"the salt of one deployment", "that of another deployment"}) {
            Pseudonyms pseudonyms = pseudonyms(salt, NamespaceNames.SHA256);
            assertThat(pseudonyms.namespaceKey(name)).isEqualTo(key);
            assertThat(pseudonyms.namespaceRule()).isEqualTo("namespace-names:sha256");
        }
    }

    @Test
    void hashedNamesDifferBetweenDeploymentsAndFromThoseWithoutSalt() {
        String one =
                pseudonyms("the salt of one deployment", NamespaceNames.HASHED).namespaceKey("default");
        String same =
                pseudonyms("the salt of one deployment", NamespaceNames.HASHED).namespaceKey("default");
        String other =
                pseudonyms("that of another deployment", NamespaceNames.HASHED).namespaceKey("default");

        assertThat(one).matches("namespace-[0-9a-f]{12}").isEqualTo(same).isNotEqualTo(other);
        assertThat(one).isNotEqualTo("namespace-37a8eec1ce19");
    }

    @Test
    void plainNamesAreTheNames() {
        Pseudonyms pseudonyms = pseudonyms("the salt of one deployment", NamespaceNames.PLAIN);

        assertThat(pseudonyms.namespaceKey("default")).isEqualTo("default");
        assertThat(pseudonyms.namespaceRule()).isEqualTo("namespace-names:plain");
    }

    @Test
    void identifiersAreSaltedWhateverIsAskedForNamespaces() {
        assertThat(pseudonyms("the salt of one deployment", NamespaceNames.SHA256)
                        .hash("machine-id", "default"))
                .isEqualTo(pseudonyms("the salt of one deployment", NamespaceNames.HASHED)
                        .hash("machine-id", "default"))
                .isNotEqualTo(pseudonyms("that of another deployment", NamespaceNames.SHA256)
                        .hash("machine-id", "default"));
    }

    private static Pseudonyms pseudonyms(String salt, NamespaceNames names) {
        return new Pseudonyms(salt.getBytes(StandardCharsets.UTF_8), names);
    }
}
