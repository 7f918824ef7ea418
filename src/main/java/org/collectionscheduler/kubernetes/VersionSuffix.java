package org.collectionscheduler.kubernetes;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What builders of Kubernetes add to its versions. AKS, kubeadm, kind and many others add nothing. */
enum VersionSuffix {
    EKS("-eks-", ".*-eks-.*", Vendor.AWS, Distribution.EKS),
    GKE("-gke.", ".*-gke\\..*", Vendor.GCP, Distribution.GKE),
    K3S("+k3s", ".*\\+k3s.*", null, Distribution.K3S),
    RKE2("+rke2", ".*\\+rke2.*", null, Distribution.RKE2),
    K0S("+k0s", ".*\\+k0s.*", null, Distribution.K0S),
    IKS("+IKS", ".*\\+IKS.*", Vendor.IBM, null),
    ALIYUN("-aliyun.", ".*-aliyun\\..*", Vendor.ALICLOUD, null),
    TKE("-tke.", ".*-tke\\..*", Vendor.TENCENTCLOUD, null),
    /** As in {@code v1.20.7-34+df7df22a741dbc}; newer ones add nothing. */
    MICROK8S("-<build>+<hash>", "-\\d{1,6}\\+[0-9a-f]{12,16}", null, Distribution.MICROK8S),
    /** As in {@code v1.26.5+03a907c}; anybody who builds Kubernetes may make such a version. */
    OPENSHIFT("+<hash>", "\\+[0-9a-f]{7}(-\\d{1,6})?", null, Distribution.OPENSHIFT);

    private static final int MAX_LENGTH = 100;

    private final String text;
    private final Pattern version;
    private final @Nullable Vendor vendor;
    private final @Nullable Distribution distribution;

    VersionSuffix(String text, String suffix, @Nullable Vendor vendor, @Nullable Distribution distribution) {
        this.text = text;
        this.version = Pattern.compile("v?\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}" + suffix);
        this.vendor = vendor;
        this.distribution = distribution;
    }

    /** @return null when there is none that says who built it */
    static @Nullable VersionSuffix of(@Nullable String version) {
        if (version == null || version.length() > MAX_LENGTH) {
            return null;
        }
        for (VersionSuffix suffix : values()) {
            if (suffix.version.matcher(version).matches()) {
                return suffix;
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

    /** False when others may have made the same suffix, so that nodes know better. */
    boolean certain() {
        return this != OPENSHIFT;
    }

    /** How it is called in evidence; never the version itself. */
    @Override
    public String toString() {
        return text;
    }
}
