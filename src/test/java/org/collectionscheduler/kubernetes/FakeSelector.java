package org.collectionscheduler.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which objects a field selector selects; all of its terms must hold. */
record FakeSelector(List<Term> terms) {

    private static final Set<String> COMMON = Set.of("metadata.name", "metadata.namespace");

    enum Operator {
        IS,
        IS_NOT
    }

    record Term(String field, Operator operator, String value) {

        boolean selects(FakeObject object) {
            return valueOf(object, field).equals(value) == (operator == Operator.IS);
        }
    }

    FakeSelector {
        terms = List.copyOf(terms);
    }

    /** @param text null or empty selects everything */
    static FakeSelector parse(FakeKind kind, @Nullable String text) throws FakeRefusal {
        List<Term> terms = new ArrayList<>();
        if (text != null && !text.isEmpty()) {
            for (String term : text.split(",", -1)) {
                terms.add(term(kind, term));
            }
        }
        return new FakeSelector(terms);
    }

    boolean selectsAll() {
        return terms.isEmpty();
    }

    boolean selects(FakeObject object) {
        for (Term term : terms) {
            if (!term.selects(object)) {
                return false;
            }
        }
        return true;
    }

    private static Term term(FakeKind kind, String text) throws FakeRefusal {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw FakeRefusal.badRequest("invalid selector: '" + text + "'; can't understand '" + text + "'");
        }
        boolean not = text.charAt(equals - 1) == '!';
        String field = text.substring(0, not ? equals - 1 : equals);
        String value = text.substring(text.startsWith("==", equals) ? equals + 2 : equals + 1);
        if (!supported(kind, field)) {
            throw FakeRefusal.badRequest("field label not supported: " + field);
        }
        return new Term(field, not ? Operator.IS_NOT : Operator.IS, value);
    }

    private static boolean supported(FakeKind kind, String field) {
        return switch (kind) {
            case PODS -> COMMON.contains(field) || field.equals("spec.nodeName");
            case SERVICES -> COMMON.contains(field) || field.equals("spec.type") || field.equals("spec.clusterIP");
            default -> COMMON.contains(field);
        };
    }

    private static String valueOf(FakeObject object, String field) {
        return switch (field) {
            case "metadata.name" -> object.name();
            case "metadata.namespace" -> object.namespace();
            case "spec.nodeName" -> object.node().name();
            case "spec.type" -> FakeFacts.serviceType(object.index());
            case "spec.clusterIP" -> FakeFacts.clusterIp(object);
            default -> throw new IllegalArgumentException("no object has the field " + field);
        };
    }
}
