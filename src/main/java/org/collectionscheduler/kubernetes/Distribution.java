package org.collectionscheduler.kubernetes;

/** Whose build and installation of Kubernetes a cluster is. */
enum Distribution {
    AKS("AKS"),
    DOCKER_DESKTOP("Docker Desktop"),
    EKS("EKS"),
    GKE("GKE"),
    K0S("k0s"),
    K3S("k3s"),
    KIND("kind"),
    KUBEADM("kubeadm"),
    MICROK8S("MicroK8s"),
    MINIKUBE("minikube"),
    OPENSHIFT("OpenShift"),
    RKE2("RKE2"),
    /** The last, so that it loses every tie. */
    UNKNOWN("unknown");

    private final String text;

    Distribution(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
