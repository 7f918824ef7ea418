package org.collectionscheduler.kubernetes;

/** How the objects of a list were counted. */
enum CountMethod {
    /** One by one, all at one state of the cluster. */
    EXACT("exact"),
    /** The API server said how many there are besides those that it sent; an estimate by contract. */
    REMAINING_ITEM_COUNT("remaining-item-count"),
    /** At several states of the cluster: what changed meanwhile may be missing or counted twice. */
    INCONSISTENT("inconsistent");

    private final String shown;

    CountMethod(String shown) {
        this.shown = shown;
    }

    /** As it appears in data. */
    String shown() {
        return shown;
    }
}
