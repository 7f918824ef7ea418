package org.collectionscheduler.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The company that owns a node's machine or the software that runs it, with the schemes by which its controllers begin
 * the {@code spec.providerID} of a node.
 */
enum Vendor {
    ALICLOUD("alicloud", Provider.OTHER, "alicloud"),
    AWS("aws", Provider.AWS, "aws"),
    AZURE("azure", Provider.AZURE, "azure"),
    BARE_METAL("bare-metal", Provider.ON_PREMISE, "baremetal"),
    BRIGHTBOX("brightbox", Provider.OTHER, "brightbox"),
    CIVO("civo", Provider.OTHER, "civo"),
    CLOUDSTACK("cloudstack", Provider.OTHER, "cloudstack", "external-cloudstack"),
    DIGITALOCEAN("digitalocean", Provider.OTHER, "digitalocean"),
    EQUINIX_METAL("equinix-metal", Provider.OTHER, "equinixmetal", "packet"),
    EXOSCALE("exoscale", Provider.OTHER, "exoscale"),
    GCP("gcp", Provider.GCP, "gce"),
    HARVESTER("harvester", Provider.ON_PREMISE, "harvester"),
    HETZNER("hetzner", Provider.OTHER, "hcloud", "hrobot"),
    HUAWEICLOUD("huaweicloud", Provider.OTHER, "huaweicloud"),
    IBM("ibm", Provider.OTHER, "ibm", "ibmvpc", "ibmpowervs"),
    IONOS("ionos", Provider.OTHER, "ionos"),
    KUBEVIRT("kubevirt", Provider.OTHER, "kubevirt"),
    LIBVIRT("libvirt", Provider.ON_PREMISE, "libvirt"),
    LINODE("linode", Provider.OTHER, "linode"),
    METAL3("metal3", Provider.ON_PREMISE, "metal3", "baremetalhost"),
    NUTANIX("nutanix", Provider.ON_PREMISE, "nutanix"),
    OCI("oci", Provider.OTHER, "oci"),
    OPENSTACK("openstack", Provider.OTHER, "openstack"),
    OVH("ovh", Provider.OTHER),
    OVIRT("ovirt", Provider.ON_PREMISE, "ovirt"),
    PROXMOX("proxmox", Provider.ON_PREMISE, "proxmox"),
    SCALEWAY("scaleway", Provider.OTHER, "scaleway"),
    TENCENTCLOUD("tencentcloud", Provider.OTHER, "qcloud"),
    UPCLOUD("upcloud", Provider.OTHER, "upcloud"),
    VSPHERE("vsphere", Provider.ON_PREMISE, "vsphere"),
    VULTR("vultr", Provider.OTHER, "vultr"),
    YANDEX("yandex", Provider.OTHER, "yandex");

    private final String text;
    private final Provider provider;
    private final List<String> schemes;

    Vendor(String text, Provider provider, String... schemes) {
        this.text = text;
        this.provider = provider;
        this.schemes = List.of(schemes);
    }

    /** @return null when no vendor that is known here uses it */
    static @Nullable Vendor ofScheme(String scheme) {
        for (Vendor vendor : values()) {
            if (vendor.schemes.contains(scheme)) {
                return vendor;
            }
        }
        return null;
    }

    Provider provider() {
        return provider;
    }

    @Override
    public String toString() {
        return text;
    }
}
