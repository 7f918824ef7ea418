package org.collectionscheduler.kubernetes;

import org.jspecify.annotations.Nullable;

/**
 * The labels that vendors and distributions put on nodes, by the domain before the slash and the beginning of the name
 * after it. Of a label that matches, only the entry here is kept, never what the cluster wrote. Of several on one node
 * the first counts, so that the more exact one stands first.
 */
enum NodeLabel {
    /** A machine of one's own in a cluster of EKS. It has the labels of EKS too. */
    EKS_HYBRID("eks.amazonaws.com", "compute-type", null, Distribution.EKS),
    EKS("eks.amazonaws.com", "", Vendor.AWS, Distribution.EKS),
    EKSCTL("alpha.eksctl.io", "", Vendor.AWS, Distribution.EKS),
    KARPENTER_AWS("karpenter.k8s.aws", "", Vendor.AWS, null),
    TOPOLOGY_AWS("topology.k8s.aws", "", Vendor.AWS, null),
    EBS("ebs.csi.aws.com", "", Vendor.AWS, null),
    GKE("cloud.google.com", "gke-", Vendor.GCP, Distribution.GKE),
    GKE_METADATA("iam.gke.io", "", Vendor.GCP, Distribution.GKE),
    GOOGLE_DISKS("topology.gke.io", "", Vendor.GCP, null),
    AKS("kubernetes.azure.com", "cluster", Vendor.AZURE, Distribution.AKS),
    AKS_POOL("kubernetes.azure.com", "agentpool", Vendor.AZURE, Distribution.AKS),
    AKS_MODE("kubernetes.azure.com", "mode", Vendor.AZURE, Distribution.AKS),
    AKS_ROLE("kubernetes.azure.com", "role", Vendor.AZURE, Distribution.AKS),
    AKS_IMAGE("kubernetes.azure.com", "node-image-version", Vendor.AZURE, Distribution.AKS),
    /** Also on clusters that somebody installed on Azure without AKS. */
    AZURE("kubernetes.azure.com", "", Vendor.AZURE, null),
    AZURE_DISKS("disk.csi.azure.com", "", Vendor.AZURE, null),
    ALIBABA("alibabacloud.com", "", Vendor.ALICLOUD, null),
    ALIYUN("aliyun.com", "", Vendor.ALICLOUD, null),
    CIVO("kubernetes.civo.com", "", Vendor.CIVO, null),
    DIGITALOCEAN("digitalocean.com", "", Vendor.DIGITALOCEAN, null),
    EXOSCALE("exoscale.com", "", Vendor.EXOSCALE, null),
    EXOSCALE_NET("exoscale.net", "", Vendor.EXOSCALE, null),
    HETZNER("hetzner.cloud", "", Vendor.HETZNER, null),
    HUAWEI("cce.cloud.com", "", Vendor.HUAWEICLOUD, null),
    IBM("ibm-cloud.kubernetes.io", "", Vendor.IBM, null),
    IONOS("cloud.ionos.com", "", Vendor.IONOS, null),
    LINODE("linode.com", "", Vendor.LINODE, null),
    ORACLE("oraclecloud.com", "", Vendor.OCI, null),
    SCALEWAY("scaleway.com", "", Vendor.SCALEWAY, null),
    TENCENT("cloud.tencent.com", "", Vendor.TENCENTCLOUD, null),
    VULTR("vultr.com", "", Vendor.VULTR, null),
    YANDEX("yandex.cloud", "", Vendor.YANDEX, null),
    OVH("k8s.ovh", "", Vendor.OVH, null),
    CINDER("cinder.csi.openstack.org", "", Vendor.OPENSTACK, null),
    VSPHERE_DISKS("csi.vmware.com", "", Vendor.VSPHERE, null),
    VSPHERE_HOST("node.cluster.x-k8s.io", "esxi-host", Vendor.VSPHERE, null),
    MINIKUBE("minikube.k8s.io", "", null, Distribution.MINIKUBE),
    MICROK8S("microk8s.io", "", null, Distribution.MICROK8S),
    OPENSHIFT("node.openshift.io", "", null, Distribution.OPENSHIFT),
    K0S("node.k0sproject.io", "", null, Distribution.K0S);

    private final String domain;
    private final String name;
    private final @Nullable Vendor vendor;
    private final @Nullable Distribution distribution;

    NodeLabel(String domain, String name, @Nullable Vendor vendor, @Nullable Distribution distribution) {
        this.domain = domain;
        this.name = name;
        this.vendor = vendor;
        this.distribution = distribution;
    }

    /** @return null when the label says nothing about vendor or distribution, as most labels do */
    static @Nullable NodeLabel of(String key, @Nullable String value) {
        int slash = key.indexOf('/');
        if (slash < 1) {
            return null;
        }
        for (NodeLabel label : values()) {
            if (label.matches(key, slash) && (label != EKS_HYBRID || "hybrid".equals(value))) {
                return label;
            }
        }
        return null;
    }

    /** @return null when it says nothing about the vendor */
    @Nullable Vendor vendor() {
        return vendor;
    }

    /** @return null when it says nothing about the distribution */
    @Nullable Distribution distribution() {
        return distribution;
    }

    /** How it is called in evidence. */
    String evidence() {
        return "label:" + domain + (name.isEmpty() ? "" : "/" + name);
    }

    private boolean matches(String key, int slash) {
        int start = slash - domain.length();
        return start >= 0
                && key.startsWith(domain, start)
                && (start == 0 || key.charAt(start - 1) == '.')
                && key.startsWith(name, slash + 1);
    }
}
