package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ListQueryTests {

    private static final ListQuery PODS = ListQuery.of(ResourceKind.PODS, ListForm.METADATA);

    @Test
    void asksForPagesOfTheNewestState() {
        assertThat(PODS.page(500, null).path()).isEqualTo("api/v1/pods?limit=500");
        assertThat(PODS.page(500, "a+b/c=").path()).isEqualTo("api/v1/pods?limit=500&continue=a%2Bb%2Fc%3D");
        assertThat(PODS.page(500, null).accept())
                .isEqualTo("application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,"
                        + "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json");
    }

    @Test
    void asksForOneNamespaceAtOneStateWhichTheTokenKeeps() {
        ListQuery query = PODS.in("team-a").at("77");

        assertThat(query.page(1, null).path())
                .isEqualTo("api/v1/namespaces/team-a/pods?limit=1&resourceVersion=77&resourceVersionMatch=Exact");
        assertThat(query.page(1, "x").path()).isEqualTo("api/v1/namespaces/team-a/pods?limit=1&continue=x");
    }

    @Test
    void asksForTablesWithoutObjects() {
        ApiRequest request = ListQuery.of(ResourceKind.SERVICES, ListForm.TABLE).page(500, null);

        assertThat(request.path()).isEqualTo("api/v1/services?limit=500&includeObject=None");
        assertThat(request.accept()).isEqualTo("application/json;as=Table;g=meta.k8s.io;v=v1,application/json");
    }

    /** A server at resource version 0 ignores the limit and sends everything. */
    @ParameterizedTest
    @EnumSource
    void neverAsksForAnyState(ResourceKind kind) {
        assertThat(ListQuery.of(kind, ListForm.WHOLE).page(500, null).path()).doesNotContain("resourceVersion");
    }
}
