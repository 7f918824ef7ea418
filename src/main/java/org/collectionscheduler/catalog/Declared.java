package org.collectionscheduler.catalog;

import java.util.List;

/** The collections that the configuration declares, in the order of their names. */
public record Declared(List<Definition> definitions) {}
