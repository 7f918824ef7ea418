package org.collectionscheduler.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.collectionscheduler.catalog.CatalogProperties.CollectionProperties;
import org.junit.jupiter.api.Test;

class CollectionNamesTests {

    private static final CollectionProperties WRITTEN = new CollectionProperties("probe", false);

    @Test
    void aCollectionOfSeveralRecordsIsOneUnderItsLongestSpelling() {
        assertThat(CollectionNames.union(
                        List.of(Map.of("clusterMetadata", 1, "b", 1), Map.of("cluster-metadata", 2), Map.of("A", 3))))
                .containsExactly("A", "b", "cluster-metadata");
    }

    @Test
    void aRecordIsCompletedByItsOwnDefaults() {
        Function<String, CollectionProperties> values =
                CollectionNames.orDefault(Map.of("clusterMetadata", WRITTEN), CollectionProperties.class);
        assertThat(values.apply("cluster-metadata")).isSameAs(WRITTEN);
        assertThat(values.apply("other")).isEqualTo(new CollectionProperties(null, true));
    }

    @Test
    void whereNothingIsWrittenThereAreNoCollections() {
        assertThat(CollectionNames.distinct(null)).isEmpty();
        assertThat(CollectionNames.union(List.of())).isEmpty();
    }
}
