package org.collectionscheduler.kubernetes;

/** What differs from object to object at one place of a {@link FakeTemplate}. */
@FunctionalInterface
interface FakeSlot {
    void write(FakeBytes out, FakeObject object);
}
