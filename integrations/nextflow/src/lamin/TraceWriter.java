package lamin;

import groovy.json.JsonOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A trace, an object a line, written when something happens: what is there when Nextflow is killed can be imported. */
class TraceWriter {
    final Path file;

    TraceWriter(Path file) throws IOException {
        this.file = file;
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
    }

    synchronized void write(Map<String, ?> line) {
        try {
            Files.writeString(file, JsonOutput.toJson(plain(line)) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            Lamin.warn("an event was not recorded: " + failure);
        }
    }

    /** Maps, lists, numbers and texts of any value. */
    static Object plain(Object value) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long || value instanceof String) return value;
        if (value instanceof Double || value instanceof Float || value instanceof java.math.BigDecimal) return ((Number) value).doubleValue();
        if (value instanceof Map) {
            Map<String, Object> all = new LinkedHashMap<>();
            ((Map<?, ?>) value).forEach((name, item) -> all.put(String.valueOf(name), plain(item)));
            return all;
        }
        if (value instanceof Collection && !(value instanceof Path)) {
            List<Object> all = new ArrayList<>();
            ((Collection<?>) value).forEach(item -> all.add(plain(item)));
            return all;
        }
        return value instanceof Path ? place((Path) value) : value.toString();
    }

    /** A local path, or the address of a file elsewhere. */
    static String place(Path path) {
        return "file".equals(path.toUri().getScheme()) ? path.toAbsolutePath().toString() : path.toUri().toString();
    }
}
