package org.collectionscheduler.kubernetes;

import java.util.List;

/** A kubeconfig with one cluster, one user and one context. */
final class FakeKubeconfig {

    private static final String INDENT = "\n    ";

    private FakeKubeconfig() {}

    /** @param clusterLines further lines of the cluster entry in YAML */
    static String text(String server, List<String> clusterLines, List<String> userLines) {
        return "apiVersion: v1\nkind: Config\ncurrent-context: fake\n"
                + "contexts:\n- name: fake\n  context:" + INDENT + "cluster: fake" + INDENT + "user: fake\n"
                + "clusters:\n- name: fake\n  cluster:" + INDENT + "server: " + server + indented(clusterLines) + "\n"
                + "users:\n- name: fake\n  user:" + (userLines.isEmpty() ? " {}" : indented(userLines)) + "\n";
    }

    private static String indented(List<String> lines) {
        StringBuilder indented = new StringBuilder();
        lines.forEach(line -> indented.append(INDENT).append(line));
        return indented.toString();
    }
}
