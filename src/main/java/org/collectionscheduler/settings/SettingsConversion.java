package org.collectionscheduler.settings;

import java.time.Duration;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionService;

/**
 * Boot's conversions, but a duration needs its unit, for what a bare number means is anybody's guess, and a fraction is
 * not cut to a whole number.
 */
final class SettingsConversion {

    private SettingsConversion() {}

    static ConversionService service() {
        ApplicationConversionService service = new ApplicationConversionService();
        service.addConverter(String.class, Duration.class, SettingsConversion::duration);
        service.addConverter(Number.class, Duration.class, number -> duration(number.toString()));
        service.addConverter(Double.class, Integer.class, number -> Integer.valueOf(number.toString()));
        return service;
    }

    private static Duration duration(String text) {
        return Durations.parse(text.trim())
                .orElseThrow(() -> new IllegalArgumentException("'" + text + "' is not a duration with a unit"));
    }
}
