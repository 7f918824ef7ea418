package org.collectionscheduler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.collectionscheduler.collector.Pseudonyms.NamespaceNames;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.collectionscheduler.settings.WrittenSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrivacyPropertiesTests {

    private static final String KEY = "scheduler.privacy.namespace-names";
    private static final List<Class<? extends SettingsGroup>> TYPES = List.of(PrivacyProperties.class);

    @Test
    void namesAreHashedUnlessTheOperatorSaysOtherwise() {
        assertThat(names(WrittenSettings.none())).isEqualTo(NamespaceNames.HASHED);
    }

    @ParameterizedTest
    @CsvSource({"hashed, HASHED", "sha256, SHA256", "SHA-256, SHA256", "plain, PLAIN"})
    void readsTheThreeValues(String written, NamespaceNames names) {
        assertThat(names(WrittenSettings.yaml(KEY + ": " + written))).isEqualTo(names);
    }

    @Test
    void anythingElseIsAProblemThatListsThem() {
        assertThat(WrittenSettings.yaml(KEY + ": md5").refusal(TYPES))
                .extracting(Problem::toString)
                .containsExactly(KEY + " = 'md5': is not one of hashed, sha256, plain. Choose one of these");
    }

    private static NamespaceNames names(WrittenSettings written) {
        assertThat(written.refusal(TYPES)).isEmpty();
        return written.bind(TYPES).get(PrivacyProperties.class).namespaceNames();
    }
}
