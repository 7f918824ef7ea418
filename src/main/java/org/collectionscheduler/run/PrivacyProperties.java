package org.collectionscheduler.run;

import java.util.function.Consumer;
import org.collectionscheduler.collector.Pseudonyms.NamespaceNames;
import org.collectionscheduler.settings.Problem;
import org.collectionscheduler.settings.SettingsGroup;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** What may be read in payloads. */
@ConfigurationProperties("scheduler.privacy")
public record PrivacyProperties(@DefaultValue("hashed") NamespaceNames namespaceNames) implements SettingsGroup {

    @Override
    public void check(Consumer<Problem> problems) {
        // Every value that can be read is in bounds.
    }
}
