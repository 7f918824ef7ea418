/**
 * The one-shot commands of the same program: no web server, no run stored, the result alone on standard output. Those
 * that copy a whole store hold it meanwhile, or read it beside its service.
 */
@NullMarked
package org.collectionscheduler.cli;

import org.jspecify.annotations.NullMarked;
