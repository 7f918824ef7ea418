package org.collectionscheduler.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who runs a node, by tables. */
class NodeProviderTests {

    @ParameterizedTest
    @CsvSource({
        "aws:///eu-central-1a/i-0abc, aws, aws",
        "gce://project/europe-west3-a/name, gcp, gcp",
        "azure:///subscriptions/x/resourceGroups/y, azure, azure",
        "digitalocean://123, other, digitalocean",
        "hcloud://123, other, hetzner",
        "hrobot://123, other, hetzner",
        "openstack:///1f0c, other, openstack",
        "vsphere://4230, on-premise, vsphere",
        "oci://ocid1.instance, other, oci",
        "ocid1.instance.oc1.phx.abc, other, oci",
        "ibm://account///cluster/worker, other, ibm",
        "linode://123, other, linode",
        "vultr://1f0c, other, vultr",
        "alicloud://cn-hangzhou.i-bp1, other, alicloud",
        "cn-hangzhou.i-bp1abc, other, alicloud",
        "scaleway://instance/fr-par-1/1f0c, other, scaleway",
        "exoscale://1f0c, other, exoscale",
        "equinixmetal://1f0c, other, equinix-metal",
        "packet://1f0c, other, equinix-metal",
        "nutanix://1f0c, on-premise, nutanix",
        "baremetalhost:///ns/name/uid, on-premise, metal3",
        "qcloud:///800002/ins-1, other, tencentcloud",
        "eks-hybrid:///eu-central-1/cluster/mi-1, on-premise, ",
        "k3s://name, other, ",
        "rke2://name, other, ",
        "kind://docker/kind/name, other, ",
        "docker:////name, other, ",
        "zqsecret://name, other, ",
        "aws, unknown, ",
        "://, unknown, ",
        "6f2d2f0c-1c1e-4a6b, unknown, ",
        ", unknown, "
    })
    void readsTheProviderId(@Nullable String providerId, String provider, @Nullable String vendor) {
        assertThatFound(found(providerId, "v1.30.2"), provider, vendor);
    }

    @ParameterizedTest
    @CsvSource({
        "eks.amazonaws.com/nodegroup, x, aws, aws",
        "eks.amazonaws.com/compute-type, fargate, aws, aws",
        "eks.amazonaws.com/compute-type, hybrid, on-premise, ",
        "topology.ebs.csi.aws.com/zone, x, aws, aws",
        "karpenter.k8s.aws/instance-family, x, aws, aws",
        "cloud.google.com/gke-nodepool, x, gcp, gcp",
        "topology.gke.io/zone, x, gcp, gcp",
        "kubernetes.azure.com/agentpool, x, azure, azure",
        "kubernetes.azure.com/managed, false, azure, azure",
        "doks.digitalocean.com/node-pool, x, other, digitalocean",
        "instance.hetzner.cloud/provided-by, cloud, other, hetzner",
        "lke.linode.com/pool-id, 1, other, linode",
        "vke.vultr.com/node-pool, x, other, vultr",
        "k8s.scaleway.com/pool-name, x, other, scaleway",
        "oci.oraclecloud.com/fault-domain, x, other, oci",
        "ibm-cloud.kubernetes.io/zone, x, other, ibm",
        "alibabacloud.com/nodepool-id, x, other, alicloud",
        "node.k8s.ovh/type, x, other, ovh",
        "topology.cinder.csi.openstack.org/zone, x, other, openstack",
        "topology.csi.vmware.com/k8s-zone, x, on-premise, vsphere",
        "node.cluster.x-k8s.io/esxi-host, zqsecret, on-premise, vsphere",
        "minikube.k8s.io/version, x, other, ",
        "node-role.kubernetes.io/control-plane, '', unknown, ",
        "node-role.kubernetes.io/master, '', unknown, ",
        "cloud.google.com/other, x, unknown, ",
        "noteks.amazonaws.com/nodegroup, x, unknown, ",
        "eks.amazonaws.com.example/x, x, unknown, ",
        "eks.amazonaws.com, x, unknown, ",
        "/x, x, unknown, "
    })
    void readsLabels(String key, String value, String provider, @Nullable String vendor) {
        assertThatFound(found(null, "v1.30.2", NodeLabel.of(key, value)), provider, vendor);
    }

    @ParameterizedTest
    @CsvSource({
        "v1.29.4-eks-036c24b, aws, aws",
        "v1.27.3-gke.100, gcp, gcp",
        "v1.26.3-aliyun.1, other, alicloud",
        "v1.29.4+IKS, other, ibm",
        "v1.20.6-tke.16, other, tencentcloud",
        "v1.30.1+k3s1, unknown, ",
        "v1.28.9+rke2r1, unknown, ",
        "v1.26.5+03a907c, unknown, ",
        "v1.30.0-rc.1, unknown, ",
        "v1.31.2+k0s.0, unknown, ",
        "v1.30.2, unknown, ",
        "-eks-, unknown, ",
        ", unknown, "
    })
    void readsTheVersionsSuffix(@Nullable String version, String provider, @Nullable String vendor) {
        assertThatFound(found(null, version), provider, vendor);
    }

    @Test
    void theProviderIdIsStrongerThanLabelsAndLabelsThanTheSuffix() {
        assertThat(found("vsphere://x", "v1.29.4-eks-036c24b", NodeLabel.EKS).evidence())
                .isEqualTo("providerID:vsphere");
        assertThat(found(null, "v1.29.4-eks-036c24b", NodeLabel.HETZNER).evidence())
                .isEqualTo("label:hetzner.cloud");
        assertThat(found(null, "v1.29.4-eks-036c24b").evidence()).isEqualTo("version:-eks-");
        assertThat(found("k3s://x", "v1.30.1+k3s1", NodeLabel.HETZNER).vendor()).isEqualTo(Vendor.HETZNER);
        assertThat(found("k3s://x", "v1.30.1+k3s1").evidence()).isEqualTo("providerID:k3s");
        assertThat(found("zqsecret://x", null).evidence()).isEqualTo("providerID:unrecognized");
        assertThat(found(null, null, NodeLabel.CINDER, NodeLabel.OVH).vendor()).isEqualTo(Vendor.OVH);
        assertThat(found(null, null, NodeLabel.EKS, NodeLabel.EKS_HYBRID).provider())
                .isEqualTo(Provider.ON_PREMISE);
    }

    @ParameterizedTest
    @CsvSource({
        "aws:// aws:// gce://, aws, aws, true",
        "gce:// aws://, aws, aws, true",
        "aws:// - -, unknown, , false",
        "aws:// -, aws, aws, false",
        "hcloud:// digitalocean:// digitalocean://, other, digitalocean, true",
        "k3s:// k3s:// hcloud://, other, , true",
        "k3s:// hcloud://, other, hetzner, true",
        "vsphere:// eks-hybrid://, on-premise, vsphere, true",
        "k3s:// kind://, other, , false",
        "- -, unknown, , false",
        "'', unknown, , false"
    })
    void everyNodeHasOneVote(String providerIds, String provider, @Nullable String vendor, boolean mixed) {
        ProviderTally tally = new ProviderTally();
        for (String id : providerIds.split(" ")) {
            if (!id.isEmpty()) {
                ProviderTally page = new ProviderTally();
                page.add(found(id.equals("-") ? null : id, null));
                tally.add(page);
            }
        }

        assertThat(tally.provider()).hasToString(provider);
        assertThat(text(tally.vendor())).isEqualTo(vendor);
        assertThat(tally.mixed()).isEqualTo(mixed);
    }

    private static NodeProvider found(
            @Nullable String providerId, @Nullable String version, @Nullable NodeLabel... labels) {
        Set<NodeLabel> set = EnumSet.noneOf(NodeLabel.class);
        Arrays.stream(labels).filter(Objects::nonNull).forEach(set::add);
        return NodeProvider.of(new NodeSigns(providerId, set, version, null, false));
    }

    private static void assertThatFound(NodeProvider found, String provider, @Nullable String vendor) {
        assertThat(found.provider()).hasToString(provider);
        assertThat(text(found.vendor())).isEqualTo(vendor);
        assertThat(found.evidence()).doesNotContain("zqsecret").hasSizeLessThan(60);
        assertThat(found.evidence().equals("none")).isEqualTo(provider.equals("unknown"));
    }

    private static @Nullable String text(@Nullable Vendor vendor) {
        return vendor == null ? null : vendor.toString();
    }
}
