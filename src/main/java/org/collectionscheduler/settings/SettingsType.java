package org.collectionscheduler.settings;

/** Declares a group of settings: each package's configuration has a bean of this type for each of its records. */
public record SettingsType(Class<? extends SettingsGroup> type) {}
