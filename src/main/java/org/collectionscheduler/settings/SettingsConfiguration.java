package org.collectionscheduler.settings;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {

    @Bean
    BoundSettings boundSettings(Environment environment, List<SettingsType> types) {
        return new BoundSettings(environment, groups(types));
    }

    private static List<Class<? extends SettingsGroup>> groups(List<SettingsType> types) {
        return types.stream()
                .<Class<? extends SettingsGroup>>map(SettingsType::type)
                .toList();
    }

    @Bean
    Settings settings(BoundSettings bound, ObjectProvider<SettingsCheck> checks) {
        return new Settings(bound, checks.orderedStream().toList());
    }

    @Bean
    @ConditionalOnWebApplication
    ConfigurationReader configurationReader(
            ConfigurationFiles files, List<SettingsType> types, ObjectProvider<SettingsCheck> checks) {
        return new ConfigurationReader(
                files, groups(types), checks.orderedStream().toList());
    }
}
