package org.collectionscheduler.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.collectionscheduler.run.PayloadSchemas;
import org.collectionscheduler.run.PublishedSchema;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The JSON Schemas that payloads are checked against. */
@RestController
@RequestMapping("/api/schemas")
class SchemasController {

    private static final MediaType JSON_SCHEMA = MediaType.parseMediaType("application/schema+json");

    private final PayloadSchemas schemas;

    SchemasController(PayloadSchemas schemas) {
        this.schemas = schemas;
    }

    record Schemas(List<PublishedSchema> schemas) {}

    @GetMapping
    Schemas schemas() {
        return new Schemas(schemas.published());
    }

    /** The schema itself, as bytes: JSON is UTF-8, and this type names no other encoding. */
    @GetMapping("/{name}")
    ResponseEntity<byte[]> schema(@PathVariable String name) {
        String text = schemas.text(name).orElseThrow(() -> unknownSchema(name));
        return ResponseEntity.ok().contentType(JSON_SCHEMA).body(text.getBytes(StandardCharsets.UTF_8));
    }

    private RuntimeException unknownSchema(String name) {
        String known = schemas.published().stream().map(PublishedSchema::name).collect(Collectors.joining(", "));
        return Problems.of(HttpStatus.NOT_FOUND, "there is no schema '" + name + "'; there are: " + known);
    }
}
