package org.collectionscheduler.kubernetes;

/**
 * On whose machines nodes run, in the few words by which clusters are compared; the {@link Vendor} says it exactly.
 *
 * <ul>
 *   <li>{@code on-premise} only where something says so that is installed on machines of one's own: vSphere, Nutanix,
 *       Proxmox, Harvester, oVirt, libvirt, Metal3 and other bare metal, and hybrid nodes of EKS.
 *   <li>{@code other} are all other clouds, and what is sold by clouds and run in one's own house alike without a node
 *       that says which: OpenStack (a private one too), CloudStack, KubeVirt. So are kind, minikube, Docker Desktop, and
 *       k3s and RKE2 with their own cloud controller: they say that no cloud looks after the node, but not whose laptop,
 *       build machine or rented server it is.
 *   <li>{@code unknown} where a node says nothing. A label that makes it a control plane says nothing either: only
 *       managed clouds hide those nodes, but not all who show them own the machines.
 * </ul>
 */
enum Provider {
    AWS("aws"),
    AZURE("azure"),
    GCP("gcp"),
    ON_PREMISE("on-premise"),
    OTHER("other"),
    /** The last, so that it loses every tie. */
    UNKNOWN("unknown");

    private final String text;

    Provider(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
