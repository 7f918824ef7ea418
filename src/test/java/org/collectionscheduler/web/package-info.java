@NullMarked
package org.collectionscheduler.web;

import org.jspecify.annotations.NullMarked;
