package io.millrace.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * openapi.yaml as a tree that can be walked along its references, and whose schemas can be compiled: what the door checks
 * requests against, and the tests answers. Reading it takes tenths of a second; read it once. Thread-safe.
 */
public final class Openapi {
    private static final String ADDRESS = "urn:millrace:openapi";
    /** The document around the schemas is no schema: its words are no keywords, and nothing to warn of. */
    private static final Dialect DIALECT = Dialect.builder(Dialects.getOpenApi31())
            .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name))
            .build();

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    /**
     * A place in the document; never a reference, but what it leads to.
     *
     * @param pointer its JSON pointer
     * @param node what stands there
     */
    public record Place(String pointer, JsonNode node) {}

    /**
     * An operation.
     *
     * @param method GET, POST, …
     * @param path with parameters in braces
     */
    public record Operation(String method, String path, Place place) {}

    private final JsonNode document;
    /** Of the whole document: asked for by their addresses, each schema would keep a document of its own. */
    private final Schema whole;

    private Openapi(JsonNode document) {
        this.document = document;
        this.whole = SchemaRegistry.withDialect(DIALECT).getSchema(SchemaLocation.of(ADDRESS), document);
    }

    /** The contract this program is built with. */
    public static Openapi ofContract() {
        return read(Contract.openapi());
    }

    /** Any other, in one piece. */
    public static Openapi read(byte[] yaml) {
        try {
            return new Openapi(new YAMLMapper().readTree(yaml));
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.yaml is no YAML", e);
        }
    }

    /** Every operation by its operationId, in the document's order. */
    public Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    if (METHODS.contains(method.getKey())) {
                        Place place = at("/paths/" + escape(path.getKey()) + "/" + method.getKey());
                        operations.put(
                                place.node().path("operationId").asText(),
                                new Operation(method.getKey().toUpperCase(Locale.ROOT), path.getKey(), place));
                    }
                }));
        return operations;
    }

    /** What stands at a JSON pointer; a missing node where nothing does. */
    public Place at(String pointer) {
        return followed(pointer, document.at(pointer));
    }

    /** A field of a place. */
    public Place at(Place place, String field) {
        return followed(place.pointer() + "/" + escape(field), place.node().path(field));
    }

    /** An element of a place that is an array. */
    public Place at(Place place, int index) {
        return followed(place.pointer() + "/" + index, place.node().path(index));
    }

    /** Compiles the schema that stands at a place. */
    public SchemaRule schema(Place place) {
        // A pointer is part of an address here, where only some characters stand for themselves.
        String fragment =
                place.pointer().replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
        return new SchemaRule(
                this,
                whole.getRefSchema(SchemaLocation.of(ADDRESS + "#" + fragment).getFragment()));
    }

    private Place followed(String pointer, JsonNode node) {
        String target = pointer;
        JsonNode found = node;
        while (found.has("$ref")) {
            target = found.get("$ref").asText().substring(1);
            found = document.at(target);
        }
        return new Place(target, found);
    }

    private static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
