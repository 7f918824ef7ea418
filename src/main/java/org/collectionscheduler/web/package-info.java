/** What changes state or shows payloads over HTTP: everything under {@code /api}, behind a token. */
@NullMarked
package org.collectionscheduler.web;

import org.jspecify.annotations.NullMarked;
