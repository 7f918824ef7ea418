package org.collectionscheduler.catalog;

import java.time.Instant;

/**
 * What is wrong.
 *
 * @param rule that says so; those with a threshold are called as their setting is
 * @param problem what is wrong, in a few words
 * @param since when
 */
public record Trouble(String rule, String problem, Instant since) {}
