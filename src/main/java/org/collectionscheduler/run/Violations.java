package org.collectionscheduler.run;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The list into which a check writes what it finds: it keeps the first few places and forgets the rest, for data can be
 * wrong in a million places.
 *
 * <p>A place is a JSON Pointer and a keyword, such as {@code /namespaces/count: type}. Of the document it shows nothing
 * but indices and the names of properties that the schema itself declares; every other key may be the name of something,
 * and is shown as {@code *}. Values are not shown at all.
 */
final class Violations extends ArrayList<Error> {

    private static final long serialVersionUID = 1L;
    private static final int MOST_PLACES = 3;
    private static final String HIDDEN = "*";
    private static final String PROPERTIES = "properties";

    /** Keywords behind which a way shows a name or a number that is no keyword. */
    private static final Set<String> NAMED =
            Set.of(PROPERTIES, "patternProperties", "dependentSchemas", "prefixItems", "allOf", "anyOf", "oneOf");

    /** Keywords that lead one step down into the document, to a part that the schema does not name. */
    private static final Set<String> DESCENDING = Set.of(
            "patternProperties",
            "additionalProperties",
            "unevaluatedProperties",
            "prefixItems",
            "items",
            "unevaluatedItems",
            "contains");

    private final LinkedHashSet<String> places = new LinkedHashSet<>();

    @Override
    public boolean add(Error error) {
        return places.size() < MOST_PLACES && places.add(place(error)) && super.add(error);
    }

    @Override
    public boolean addAll(Collection<? extends Error> errors) {
        boolean changed = false;
        for (Error error : errors) {
            changed |= add(error);
        }
        return changed;
    }

    /** In the order in which they were found. */
    Set<String> places() {
        return Collections.unmodifiableSet(places);
    }

    /** The way that the check took through the schema tells which parts of the location the schema declares. */
    private static String place(Error error) {
        NodePath location = error.getInstanceLocation();
        NodePath way = error.getEvaluationPath();
        StringBuilder pointer = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < way.getNameCount() && depth < location.getNameCount(); i++) {
            String keyword = way.getName(i);
            boolean named = NAMED.contains(keyword) && i + 1 < way.getNameCount();
            if (keyword.equals(PROPERTIES) && named) {
                pointer.append('/').append(escaped(way.getName(i + 1)));
                depth++;
            } else if (DESCENDING.contains(keyword)) {
                pointer.append('/').append(hidden(location.getElement(depth)));
                depth++;
            }
            i += named ? 1 : 0;
        }
        for (; depth < location.getNameCount(); depth++) {
            pointer.append('/').append(hidden(location.getElement(depth)));
        }
        return pointer + property(error) + ": " + error.getKeyword();
    }

    /** Of what is missing, the schema knows the name; of what is too much, only the document does. */
    private static String property(Error error) {
        if (error.getProperty() == null) {
            return "";
        }
        return "/" + (error.getKeyword().equals("required") ? escaped(error.getProperty()) : HIDDEN);
    }

    private static Object hidden(Object element) {
        return element instanceof Integer ? element : HIDDEN;
    }

    /** As RFC 6901 has it. */
    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
