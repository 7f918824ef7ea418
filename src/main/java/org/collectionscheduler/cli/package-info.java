/** The one-shot commands of the same program: no web server, nothing stored, the result alone on standard output. */
@NullMarked
package org.collectionscheduler.cli;

import org.jspecify.annotations.NullMarked;
