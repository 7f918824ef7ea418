/**
 * The one place where the service keeps what must outlive it: opening, locking and writing a database, and the
 * deployment's own secrets. Knows no table of the packages that use it.
 *
 * <p>The embedded database is SQLite with {@code synchronous=FULL}: under {@code kill -9} it loses no acknowledged
 * commit, it needs nothing installed, and operators can read it with {@code sqlite3} while the service runs. SQLite has
 * one writer, so all writes go through one connection in short transactions, which writes that meet share.
 *
 * <p>A store is moved table by table as the database describes them, so that a table that is added is moved, too; each
 * package says which of its own describe live processes ({@link LiveTables}) and stay.
 */
@NullMarked
package org.collectionscheduler.store;

import org.jspecify.annotations.NullMarked;
