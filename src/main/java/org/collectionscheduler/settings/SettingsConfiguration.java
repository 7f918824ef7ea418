package org.collectionscheduler.settings;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {

    @Bean
    BoundSettings boundSettings(Environment environment, List<SettingsType> types) {
        return new BoundSettings(
                environment,
                types.stream()
                        .<Class<? extends SettingsGroup>>map(SettingsType::type)
                        .toList());
    }

    @Bean
    Settings settings(BoundSettings bound, ObjectProvider<SettingsCheck> checks) {
        return new Settings(bound, checks.orderedStream().toList());
    }
}
