package dev.sluice.gateapi.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.html.Html;
import dev.sluice.gateapi.html.Page;
import dev.sluice.wire.Json;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** An OpenAPI document as one page of HTML: no scripts, one style sheet inside of it, nothing from elsewhere. */
final class ApiPage {
    private static final Page PAGE = Page.styledBy(ApiPage.class, "docs.css");

    private final JsonNode document;
    private final String html;

    private ApiPage(JsonNode document) {
        this.document = document;
        this.html = page();
    }

    /** Makes the page of a document. */
    static ApiPage of(JsonNode document) {
        return new ApiPage(document);
    }

    String html() {
        return html;
    }

    void answer(Context ctx) {
        PAGE.answer(ctx, html);
    }

    private String page() {
        JsonNode info = document.path("info");
        return PAGE.of(info.path("title").asText(), body -> body(body, info));
    }

    private void body(Html body, JsonNode info) {
        body.element(
                "header",
                header -> header.element("h1", info.path("title").asText())
                        .element("p", info.path("summary").asText())
                        .prose(info.path("description").asText())
                        .element(
                                "p",
                                p -> p.text("Version " + info.path("version").asText() + ", as ")
                                        .element("a", "href", "/openapi.json", a -> a.text("OpenAPI document"))));
        body.element("nav", this::contents);
        body.element("main", main -> {
            authentication(main);
            for (JsonNode tag : document.path("tags")) {
                main.element("h2", tag.path("name").asText())
                        .prose(tag.path("description").asText());
                operations(tag.path("name").asText()).forEach(operation -> operation(main, operation));
            }
            main.element("h2", "Schemas");
            document.path("components")
                    .path("schemas")
                    .properties()
                    .forEach(schema -> schema(main, schema.getKey(), schema.getValue()));
        });
    }

    private void contents(Html nav) {
        for (JsonNode tag : document.path("tags")) {
            nav.element("h2", tag.path("name").asText());
            nav.element(
                    "ul",
                    list -> operations(tag.path("name").asText())
                            .forEach(operation -> list.element(
                                    "li",
                                    item -> item.element(
                                                    "a",
                                                    "href",
                                                    "#" + operation.id(),
                                                    link -> link.element(
                                                            "code", operation.method() + " " + operation.path()))
                                            .text(operation.summary()))));
        }
    }

    private void authentication(Html main) {
        main.element("h2", "Authentication");
        for (Map.Entry<String, JsonNode> scheme :
                document.path("components").path("securitySchemes").properties()) {
            main.prose(scheme.getValue().path("description").asText());
        }
        main.prose(
                "In the examples `SLUICE_URL` is the address of the gate API, and `SLUICE_TOKEN` a token where one is"
                        + " needed. Begin with:");
        main.element("pre", "export SLUICE_URL=http://127.0.0.1:8080");
    }

    private List<Operation> operations(String tag) {
        var operations = new ArrayList<Operation>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> tag.equals(
                                method.getValue().path("tags").path(0).asText()))
                        .forEach(method -> operations.add(new Operation(
                                method.getKey().toUpperCase(Locale.ROOT), path.getKey(), method.getValue()))));
        return operations;
    }

    private void operation(Html main, Operation operation) {
        JsonNode node = operation.node();
        main.element("section", "id", operation.id(), section -> {
            section.element(
                    "h3",
                    title -> title.element("code", operation.method() + " " + operation.path())
                            .text(operation.summary()));
            section.prose(node.path("description").asText());
            section.element("p", scope(node));
            parameters(section, node);
            requestBody(section, node.path("requestBody"));
            for (JsonNode request : node.path("x-sluice-requests")) {
                CurlLine line = CurlLine.of(operation.method(), node, request);
                section.element("p", line.summary() + ":");
                section.element("pre", line.text());
            }
            responses(section, node.path("responses"));
        });
    }

    private static String scope(JsonNode operation) {
        JsonNode scopes = operation.path("security").path(0).path("token");
        return scopes.isEmpty()
                ? "Open to all."
                : "Scope: "
                        + StreamSupport.stream(scopes.spliterator(), false)
                                .map(JsonNode::asText)
                                .collect(Collectors.joining(", "));
    }

    private void parameters(Html section, JsonNode operation) {
        if (operation.path("parameters").isEmpty()) {
            return;
        }
        section.element("h4", "Parameters");
        section.element("dl", list -> {
            for (JsonNode given : operation.path("parameters")) {
                JsonNode parameter = resolved(given);
                list.element(
                        "dt",
                        term -> term.element("code", parameter.path("name").asText())
                                .text(parameter.path("in").asText()
                                        + (parameter.path("required").asBoolean() ? ", required" : "")
                                        + ": "
                                        + type(parameter.path("schema"))));
                list.element(
                        "dd",
                        value -> value.inline(parameter.path("description").asText())
                                .text(" Example: ")
                                .element("code", parameter.path("example").asText()));
            }
        });
    }

    private void requestBody(Html section, JsonNode body) {
        if (body.isMissingNode()) {
            return;
        }
        section.element("h4", "Body");
        section.prose(body.path("description").asText());
        section.element("dl", list -> content(list, body.path("content")));
    }

    private void responses(Html section, JsonNode responses) {
        section.element("h4", "Answers");
        section.element(
                "dl",
                list -> responses.properties().forEach(entry -> {
                    JsonNode response = resolved(entry.getValue());
                    list.element(
                            "dt",
                            term -> term.element("code", entry.getKey())
                                    .inline(response.path("description").asText()));
                    response.path("headers")
                            .properties()
                            .forEach(header -> list.element(
                                    "dd",
                                    value -> value.text("Header ")
                                            .element("code", header.getKey())
                                            .inline(header.getValue()
                                                    .path("description")
                                                    .asText())));
                    content(list, response.path("content"));
                }));
    }

    private void content(Html list, JsonNode content) {
        content.properties()
                .forEach(media -> list.element("dd", value -> {
                    value.element("code", media.getKey()).text(": ");
                    reference(value, media.getValue().path("schema"));
                    example(value, "Example", media.getValue().path("example"));
                    media.getValue()
                            .path("examples")
                            .properties()
                            .forEach(example -> example(
                                    value,
                                    example.getValue().path("summary").asText(),
                                    example.getValue().path("value")));
                }));
    }

    private static void example(Html html, String summary, JsonNode example) {
        if (!example.isMissingNode()) {
            html.element(
                    "details", details -> details.element("summary", summary).element("pre", indented(example)));
        }
    }

    private static String indented(JsonNode example) {
        try {
            return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(example);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the example cannot be written", e);
        }
    }

    private void schema(Html main, String name, JsonNode schema) {
        main.element("section", "id", "schema-" + name, section -> {
            section.element("h3", name).prose(schema.path("description").asText());
            members(section, schema);
        });
    }

    private void members(Html html, JsonNode schema) {
        html.element(
                "dl",
                list -> schema.path("properties").properties().forEach(property -> {
                    list.element("dt", term -> {
                        term.element("code", property.getKey());
                        reference(term, property.getValue());
                        term.text(isRequired(schema, property.getKey()) ? "" : ", optional");
                    });
                    list.element("dd", value -> {
                        value.inline(property.getValue().path("description").asText());
                        if (property.getValue().has("properties")) {
                            members(value, property.getValue());
                        }
                    });
                }));
    }

    private static boolean isRequired(JsonNode schema, String property) {
        return StreamSupport.stream(schema.path("required").spliterator(), false)
                .anyMatch(name -> name.asText().equals(property));
    }

    /** Adds a link to the schema that is referred to, or the type of one that stands here itself. */
    private void reference(Html html, JsonNode schema) {
        if (schema.has("$ref")) {
            String name = name(schema.path("$ref").asText());
            html.element("a", "href", "#schema-" + name, link -> link.text(name));
        } else if (schema.has("oneOf")) {
            for (JsonNode alternative : schema.path("oneOf")) {
                reference(html, alternative);
                html.text(" ");
            }
        } else if (schema.has("items")) {
            html.text("list of ");
            reference(html, schema.path("items"));
        } else {
            html.text(type(schema));
        }
    }

    private static String type(JsonNode schema) {
        if (schema.has("enum")) {
            return StreamSupport.stream(schema.path("enum").spliterator(), false)
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(" | "));
        }
        JsonNode type = schema.path("type");
        String name = type.isArray()
                ? StreamSupport.stream(type.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining(" or "))
                : type.asText("any JSON");
        return schema.has("format")
                ? name + " (" + schema.path("format").asText() + ")"
                : name.isEmpty() ? "any JSON" : name;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }

    private static String name(String reference) {
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /** One method of one path. */
    private record Operation(String method, String path, JsonNode node) {
        String id() {
            return node.path("operationId").asText();
        }

        String summary() {
            return node.path("summary").asText();
        }
    }
}
