package org.collectionscheduler.web;

import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.collectionscheduler.run.RowPosition;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.ErrorResponseException;

/**
 * The query parameters of a list. A wrong value, an unknown parameter and one that is given twice are answered by 400
 * with the parameter, its value and what to write instead: a filter that is silently ignored would show a wrong list.
 */
final class ListRequest {

    static final String LIMIT = "limit";
    static final String CURSOR = "cursor";
    private static final int LARGEST_LIMIT = 1000;

    private final String list;
    private final Map<String, List<String>> values = new TreeMap<>();

    /**
     * @param list what is listed
     * @param known names of the parameters that there are
     */
    ListRequest(String list, HttpServletRequest request, Set<String> known) {
        this.list = list;
        request.getParameterMap().forEach((name, given) -> {
            if (!known.contains(name)) {
                throw Problems.of(
                        HttpStatus.BAD_REQUEST,
                        "there is no parameter '" + name + "'; there are: " + String.join(", ", new TreeSet<>(known)));
            }
            values.put(name, List.of(given));
        });
    }

    /** Null when it is not given. */
    @Nullable String text(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        if (given.isEmpty()) {
            return null;
        }
        if (given.size() > 1) {
            throw wrong(name, String.join("' and '", given), "it may be given once");
        }
        if (given.get(0).isBlank()) {
            throw wrong(name, given.get(0), "give it a value, or leave it out");
        }
        return given.get(0);
    }

    /** Every value of a parameter that may be given several times. */
    List<String> texts(String name) {
        List<String> given = values.getOrDefault(name, List.of());
        given.stream().filter(String::isBlank).findFirst().ifPresent(blank -> {
            throw wrong(name, blank, "give it a value, or leave it out");
        });
        return given;
    }

    /** One of the constants, in any case, with dashes or underscores; null when it is not given. */
    <E extends Enum<E>> @Nullable E constant(String name, Class<E> type) {
        return constant(name, EnumSet.allOf(type));
    }

    /** As {@link #constant(String, Class)}, of those that may be asked for. */
    <E extends Enum<E>> @Nullable E constant(String name, Set<E> known) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        String wanted = text.toUpperCase(Locale.ROOT).replace('-', '_');
        return known.stream()
                .filter(constant -> constant.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> wrong(
                        name,
                        text,
                        "write one of " + known.stream().map(Enum::name).collect(Collectors.joining(", "))));
    }

    /** Null when it is not given. */
    @Nullable Instant instant(String name) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        try {
            // As it can be compared with what is stored.
            return Instant.ofEpochMilli(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw wrong(
                    name,
                    text,
                    "write an instant with its offset, such as 2026-03-01T12:00:00Z or"
                            + " 2026-03-01T13:00:00%2B01:00, where %2B is a plus sign");
        }
    }

    /** How many rows are wanted, from 1 to 1000. */
    int limit(int otherwise) {
        String text = text(LIMIT);
        if (text == null) {
            return otherwise;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LARGEST_LIMIT) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // Answered below.
        }
        throw wrong(LIMIT, text, "it must be a whole number between 1 and " + LARGEST_LIMIT);
    }

    /** The position that the cursor stands for; empty when it is not given. */
    Optional<List<@Nullable String>> position(int values) {
        String text = text(CURSOR);
        if (text == null) {
            return Optional.empty();
        }
        Optional<List<@Nullable String>> position =
                Cursor.position(identity(), text).filter(found -> found.size() == values);
        if (position.isEmpty()) {
            throw foreign(text);
        }
        return position;
    }

    /** As {@link #position}, for lists by time; null when it is not given. */
    @Nullable RowPosition rowPosition() {
        List<@Nullable String> position = position(2).orElse(null);
        if (position == null) {
            return null;
        }
        try {
            Instant at = Instant.ofEpochMilli(Long.parseLong(String.valueOf(position.get(0))));
            return new RowPosition(at, String.valueOf(position.get(1)));
        } catch (NumberFormatException e) {
            throw foreign(String.valueOf(text(CURSOR)));
        }
    }

    /** For the part behind that position; null when nothing follows. */
    @Nullable String cursor(@Nullable RowPosition last) {
        return last == null ? null : cursor(List.of(String.valueOf(last.at().toEpochMilli()), last.id()));
    }

    /** For the part behind that position. */
    String cursor(List<@Nullable String> last) {
        return Cursor.of(identity(), last);
    }

    static ErrorResponseException wrong(String name, String value, String remedy) {
        return Problems.of(HttpStatus.BAD_REQUEST, name + " is '" + value + "'; " + remedy);
    }

    private static ErrorResponseException foreign(String cursor) {
        return wrong(
                CURSOR,
                cursor,
                "it is damaged, or comes from a list with other filters or another order; begin without it");
    }

    /** Whatever decides which rows there are and in which order. */
    private String identity() {
        Map<String, List<String>> deciding = new TreeMap<>(values);
        deciding.keySet().removeAll(Set.of(LIMIT, CURSOR));
        return list + " " + deciding;
    }
}
